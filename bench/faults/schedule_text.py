"""What the texts of all schedules of faults have in common: design, cell, kind of operation, agents, and what happens. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bench.crash.points import LENGTH_MAX
from bench.errors import UserError
from bench.faults.cells import NAMES
from bench.suggesting import nearest
from workloads.agent_rule import AGENTS_MAX

EXAMPLE = "dual/per_side/send/k=1/request-lost@1.12"

_DESIGN = re.compile(r"[a-z][a-z0-9_]{0,30}", re.ASCII)
_AGENTS = re.compile(r"k=(0|[1-9][0-9]{0,2})(,peer_delivery=no)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Parts:
    """A schedule's parts between slashes; `happens` is read by whoever knows its faults."""

    design: str
    cell: str
    kind: str
    k: int
    peer_delivery: bool
    happens: str


def is_schedule(text: str) -> bool:
    """Whether a text means a schedule of these forms, and not the death of a client at a named point."""
    return "@" in text


def parts_of(text: str, kinds: Sequence[str]) -> Parts:
    """The parts of a schedule whose operation is one of these kinds; `UserError` with what is wrong where."""
    if len(text) > LENGTH_MAX:
        raise malformed(f"{text[:40]}…", f"it has {len(text):,} characters, no schedule has more than {LENGTH_MAX}")
    parts = text.split("/")
    if len(parts) != 5:
        raise malformed(text, f"it has {len(parts)} parts between slashes, not 5")
    design, cell, kind, agents, happens = parts
    if not _DESIGN.fullmatch(design):
        raise malformed(text, f"{design!r} is no design's name")
    if cell not in NAMES:
        raise malformed(text, f"{cell!r} is no cell, use one of {', '.join(NAMES)}{nearest(cell, NAMES)}")
    if kind not in kinds:
        raise malformed(text, f"{kind!r} is no kind of write, use one of {', '.join(kinds)}{nearest(kind, kinds)}")
    k = _AGENTS.fullmatch(agents)
    if k is None:
        raise malformed(text, f"{agents!r} is no number of agents, write it like k=1")
    if int(k[1]) > AGENTS_MAX:
        raise malformed(text, f"{agents} is more than {AGENTS_MAX} agents")
    return Parts(design, cell, kind, int(k[1]), k[2] is None, happens)


def agents_told(k: int, *, peer_delivery: bool) -> str:
    """The part of a text that says how many agents there are, and whether they are told of each other's replies."""
    return f"k={k}" if peer_delivery else f"k={k},peer_delivery=no"


def malformed(text: str, problem: str) -> UserError:
    """What is wrong with a text, in one line."""
    return UserError(f"schedule {text!r}: {problem}; a schedule looks like {EXAMPLE}")

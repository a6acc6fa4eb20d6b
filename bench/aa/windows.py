"""Many short windows, each a few paired sessions of one design against copies of itself: plain, and with planted costs.

A backend that was started anew, on a database that was copied anew, is faster or slower than its twin by some tenths of a percent
as long as it lives. So the sessions of a window, as those of a run, have databases and connections of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files

import pyarrow as pa

from bench import registry, workload_registry
from bench.drive.link import Patience
from bench.errors import InvalidMeasurement
from bench.latency.placement import Placement, placed
from bench.latency.planting import Planted
from bench.latency.session import Limits, SessionResult, Variant, play
from bench.latency.variants import entries
from bench.progress import Advance
from bench.progress.parts import part
from bench.server.server import Server
from bench.stores import install
from bench.streams import Stream, generator, session_seed
from variants.contract import Options

COSTS = (Planted(share=0.01), Planted(share=0.02), Planted(share=0.05), Planted(statement=True))
MESSAGES_PER_S = 2_000
"""More messages of users than any machine performs in a second with all copies: a window ends by its time."""

WARMUP_MESSAGES = 20

WINDOW = "window.toml"
"""The workload of a window, beside this module; a file of that name elsewhere can be given as ./window.toml."""


@dataclass(frozen=True, slots=True)
class Windows:
    """So many windows of so many seconds each, divided among its sessions.

    `agents` are those of a channel, None: as many as the workload says, which is given by name.
    """

    design: str
    workload: str
    agents: int | None
    pairs: int
    seconds: float
    sessions: int
    seed: int

    def variants(self) -> Sequence[str]:
        """The names of what takes part: the design, its copy, and copies with planted costs."""
        return [entry.name for entry in entries([self.design], joined=False, again=True, planted=COSTS)]


@contextmanager
def measured(windows: Windows, server: Server, advance: Advance) -> Iterator[tuple[str, Iterator[pa.Table]]]:
    """Where client and server run, in words, and the raw rows of each window as it ends.

    Raises `InvalidMeasurement` when a copy did not do the work of the reference model.
    """
    builds = registry.load([windows.design])
    (design,) = registry.build(builds, Options()).values()
    template = install(design, server.endpoint, "template_aa")
    chosen = entries([windows.design], joined=False, again=True, planted=COSTS)
    variants = [Variant(entry.name, template, entry.levels, entry.planted) for entry in chosen]
    with placed(server.pid, Placement.APART) as place:
        yield (
            place.waiting,
            (
                _window(windows, variants, number, place.patience, part(advance, number, windows.pairs))
                for number in range(windows.pairs)
            ),
        )


def _window(windows: Windows, variants: Sequence[Variant], number: int, patience: Patience, advance: Advance) -> pa.Table:
    first, count = number * windows.sessions, windows.sessions
    tables = [_session(windows, variants, first + place, patience, part(advance, place, count)) for place in range(count)]
    return pa.concat_tables([table.unify_dictionaries() for table in tables]).unify_dictionaries()


def _session(windows: Windows, variants: Sequence[Variant], number: int, patience: Patience, advance: Advance) -> pa.Table:
    seconds = windows.seconds / windows.sessions
    messages = max(50, round(seconds * MESSAGES_PER_S / len(variants)))
    text = (files("bench.aa") / WINDOW).read_text(encoding="utf-8") if windows.workload == WINDOW else None
    asked = workload_registry.Asked(windows.workload, text, messages, windows.agents)
    (workload,) = workload_registry.workloads(asked, [session_seed(windows.seed, number)])
    limits = Limits(seconds, WARMUP_MESSAGES, patience)
    result = play(variants, workload, limits, generator(windows.seed, Stream.AA, number), number, advance)
    _check(number, result)
    return result.recorder.table(number)


def _check(number: int, result: SessionResult) -> None:
    failed = [proof for proof in result.proofs if not proof.holds]
    if failed:
        lines = [f"{proof.design}: {line}" for proof in failed for line in proof.differences]
        raise InvalidMeasurement(f"session {number}: {failed[0].design} did not do the work of the reference model", lines)

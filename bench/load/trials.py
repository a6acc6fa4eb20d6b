"""Which trials load has, and what each variant of it is called in their names. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bench.factors import parse
from bench.latency.variants import Entry
from bench.streams import Stream, generator

PREFIX = "load-"
CAPACITY, LEVELS, SERIES = "load-capacity-", "load-levels-", "load-series-"
"""What the names of trials begin with: the search for a capacity, points at shares and equal rates, series over checkpoints."""


def variants(designs: Sequence[str], more: Sequence[str]) -> list[Entry]:
    """Every design as it is, and the variants that are asked for."""
    return list(dict.fromkeys([*(Entry(design) for design in designs), *(Entry(*parse(text)) for text in more)]))


def trial(prefix: str, entry: Entry, repeat: int) -> str:
    """The name of a trial: letters, digits and signs that a file may have."""
    return f"{prefix}{re.sub('[^a-z0-9_]+', '-', entry.name).strip('-')}-{repeat}"


def rounds(entries: Sequence[Entry], repeats: int, seed: int, stream: int) -> list[tuple[int, Entry]]:
    """All variants once in a round, each round in another order: what drifts over a run meets all of them."""
    rng = generator(seed, Stream.LOAD_ORDER, stream)
    return [(repeat, entries[int(place)]) for repeat in range(repeats) for place in rng.permutation(len(entries))]


def planned(designs: Sequence[str], more: Sequence[str], *, repeats: int, levels: bool, series: bool, seed: int) -> list[str]:
    """The trials in the order in which they are measured; points come after all searches, whose answers they need."""
    entries = variants(designs, more)
    found = [trial(CAPACITY, entry, repeat) for repeat, entry in rounds(entries, repeats, seed, 1)]
    if levels:
        found += [trial(LEVELS, entry, repeat) for repeat, entry in rounds(entries, repeats, seed, 2)]
    if series:
        found += [trial(SERIES, entry, 0) for entry in entries]
    return found

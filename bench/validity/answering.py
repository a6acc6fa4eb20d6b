"""The answers of a stored run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from textwrap import wrap

from pyarrow import compute as pc

from bench.errors import UserError
from bench.latency import samples
from bench.results.folder import LATENCY, RunFolder
from bench.summarise import LATENCY_TRIALS, derive, paired
from bench.validity.point import AbsentError, Evidence, Point
from bench.validity.points import POINTS

WIDTH = 130


def evidence_of(folders: Sequence[RunFolder]) -> Evidence:
    """What is stored of a run; instruments that it did without are taken from the next that has them.

    Raises what `bench.summarise.derive` raises.
    """
    first, *others = map(_evidence, folders)
    for other in others:
        first = first.filled(other)
    return first


def _evidence(folder: RunFolder) -> Evidence:
    return Evidence(
        folder.read_run(),
        derive(folder),
        folder.trial_records(),
        paired(folder),
        folder.path.resolve().name,
        first_measured=_first_measured(folder),
    )


def _first_measured(folder: RunFolder) -> Counter[str]:
    """By kind, the sessions whose warm-up was without it."""
    found: Counter[str] = Counter()
    for trial in folder.trials(LATENCY_TRIALS):
        table = samples.read(trial / LATENCY)
        met, measured = (set(table.filter(which)["kind"].to_pylist()) for which in (pc.invert(table["warm"]), table["warm"]))
        found.update(measured - met)
    return found


def point_of(number: int) -> Point:
    """A point by its number."""
    if not 1 <= number <= len(POINTS):
        raise UserError(f"--point {number}: give a number from 1 to {len(POINTS)}")
    return POINTS[number - 1]


def told(point: Point, evidence: Evidence) -> list[str]:
    """The lines of a point, with what the run has, and what would have to be measured for the rest."""
    lines = _headed(point)
    try:
        for line in point.answer(evidence):
            lines += _fitted(line)
    except AbsentError as error:
        lines += _fitted(str(error))
    for part in point.instruments:
        if part in evidence.borrowed:
            lines += _fitted(f"{part}: {evidence.borrowed[part]}")
    return [*lines, *_missing(point)]


def _headed(point: Point) -> list[str]:
    return [f"{point.number}. {point.question}"]


def _missing(point: Point) -> Iterator[str]:
    for part in point.missing:
        yield from _fitted(f"not measured yet by anything: {part}")


def _fitted(line: str) -> list[str]:
    """A line indented; one that is too long is folded, and columns of a table are never that long."""
    return wrap(line, WIDTH, initial_indent="  ", subsequent_indent="    ") if len(line) > WIDTH - 2 else [f"  {line}"]

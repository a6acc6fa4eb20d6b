"""What the faults answer of each design, in a sentence for each question, made of the figures alone. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from bench.claims.verdict import counted, listed
from bench.faults.cells import CELLS
from bench.faults.figures.directions import Direction, direction
from bench.faults.figures.strips import LETTERS
from bench.results.faults_schema import ConstraintRecord, SweepRecord, SweepRow
from bench.results.faults_summary_schema import Answer, SiteStrip

SPLIT, RETRY, FOREIGN_KEY = "split", "retry", "foreign key"
TOPICS = {
    SPLIT: "Where can a crash split the sides?",
    RETRY: "Does a retry heal or duplicate?",
    FOREIGN_KEY: "What does a foreign key prevent, and what not?",
}

_APART = {"per_side": "per side", "joined": "joined", "outbox": "with an outbox"}
_FRESH, _DERIVED, _JOINED_DERIVED = "per_side_fresh", "per_side_derived", "joined_derived"
_RETRIED = {
    _FRESH: "per side with a fresh id",
    _DERIVED: "per side with the same id and ON CONFLICT",
    _JOINED_DERIVED: "joined with the same id and ON CONFLICT",
}
_KEYS_SHOWN = 4


def answers(
    designs: Sequence[str],
    strips: Sequence[SiteStrip],
    sweeps: Sequence[SweepRecord],
    rows: Sequence[SweepRow],
    keys: Sequence[ConstraintRecord],
) -> list[Answer]:
    """Three sentences a design; a question that the run has no figures for is answered by saying so."""
    judged = one_each(row for row in rows if row.happened)
    return [
        Answer(design=design, topic=topic, sentence=f"{design}: {sentence}")
        for design in designs
        for topic, sentence in (
            (SPLIT, _split(design, strips, sweeps)),
            (RETRY, _retry([row for row in judged if row.design == design], _absent(design, sweeps))),
            (FOREIGN_KEY, _foreign_key([row for row in judged if row.design == design], [k for k in keys if k.design == design])),
        )
    ]


def one_each(rows: Iterable[SweepRow]) -> list[SweepRow]:
    """Each schedule once, whatever lanes it ran in."""
    found: dict[str, SweepRow] = {}
    for row in rows:
        found.setdefault(row.schedule, row)
    return list(found.values())


def _absent(design: str, sweeps: Iterable[SweepRecord]) -> Mapping[str, str]:
    """Why the design has no such cell, by cell."""
    return {sweep.cell: sweep.absent for sweep in sweeps if sweep.design == design and sweep.absent is not None}


def _split(design: str, strips: Sequence[SiteStrip], sweeps: Sequence[SweepRecord]) -> str:
    absent = _absent(design, sweeps)
    told = []
    for cell, spoken in _APART.items():
        own = [strip for strip in strips if (strip.design, strip.cell) == (design, cell)]
        if own:
            told.append(f"{spoken}, {_where(own)}")
        elif cell in absent:
            told.append(f"{spoken}, it cannot be asked ({absent[cell]})")
    return f"{'; '.join(told)}." if told else "where a cut splits the sides was not asked in this run."


def _where(strips: Sequence[SiteStrip]) -> str:
    tried = sum(sum(letter in "".join(LETTERS.values()) for letter in side) for strip in strips for side in strip.sides.values())
    split = sum(side.count("p") for strip in strips for side in strip.sides.values())
    if not split:
        return f"a cut splits the sides nowhere (0 of {counted(tried, 'schedule')})"
    places = [f"{_kind(strip)} at {_places(strip)}" for strip in strips if any("p" in side for side in strip.sides.values())]
    return f"a cut splits the sides in {split} of {counted(tried, 'schedule')}: {listed(places)}"


def _kind(strip: SiteStrip) -> str:
    return strip.kind if strip.k <= 1 else f"{strip.kind} to {strip.k} agents"


def _places(strip: SiteStrip) -> str:
    """The messages at which some side of the cut splits, as ranges of their numbers, of how many there are."""
    split = [place for place in range(1, len(strip.labels) + 1) if any(side[place - 1] == "p" for side in strip.sides.values())]
    return f"{'message' if len(split) == 1 else 'messages'} {_ranges(split)} of {len(strip.labels)}"


def _ranges(numbers: Sequence[int]) -> str:
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return listed(str(run[0]) if len(run) == 1 else f"{run[0]} to {run[-1]}" for run in runs)


def _retry(rows: Sequence[SweepRow], absent: Mapping[str, str]) -> str:
    without = [row for row in rows if (row.cell, row.faults) == ("per_side", 1)]
    parts = []
    if without:
        split = Counter(row.left for row in without)["partial"]
        parts.append(f"without a retry {split} of {counted(len(without), 'schedule')} with one fault end split")
    for cell, spoken in _RETRIED.items():
        own = [row for row in rows if row.cell == cell]
        if own:
            parts.append(f"{spoken}, {_ends(own)}")
        elif cell in absent:
            parts.append(f"{spoken}, there is none ({absent[cell]})")
    return f"{'; '.join(parts)}." if parts else "what a retry does was not asked in this run."


def _ends(rows: Sequence[SweepRow]) -> str:
    told = []
    for faults, does in ((1, "one fault leaves"), (2, "two leave")):
        own = [row for row in rows if row.faults == faults]
        if own:
            left = Counter(row.left for row in own)
            bad = [f"{left[name]} {spoken}" for name, spoken in _BAD.items() if left[name]]
            told.append(f"{does} {listed(bad) if bad else 'neither a split nor a duplicate'} in {counted(len(own), 'schedule')}")
    return " and ".join(told)


_BAD = {"partial": "split", "duplicated": "duplicated"}


def _foreign_key(rows: Sequence[SweepRow], keys: Sequence[ConstraintRecord]) -> str:
    across = [key for key in keys if key.across]
    counts = Counter(direction(row.parts) for row in rows if row.left == "partial")
    left = f"{counts[Direction.AGENT_ONLY]} schedules left agents alone with something, {counts[Direction.CENTRAL_ONLY]} the centre"
    found = f" (of {len(rows)}, {left})" if rows else ""
    if not across:
        inner = f"no foreign key ties the sides ({len(keys)} within one)"
        return f"{inner}: neither an agent's row without its central one is refused, nor the reverse{found}."
    ties = [f"{key.table}({', '.join(key.columns)}) to {key.refers_to}" for key in across]
    shown = listed(ties[:_KEYS_SHOWN]) + (f" and {len(ties) - _KEYS_SHOWN} more" if len(ties) > _KEYS_SHOWN else "")
    return f"{counted(len(across), 'foreign key')} across the sides ({shown}) {_prevents(across)}{found}."


def _prevents(across: Sequence[ConstraintRecord]) -> str:
    prevented = list(_one_way(across))
    return f"{listed(prevented)}, and a key goes one way: the reverse is not refused"


def _one_way(across: Sequence[ConstraintRecord]) -> Iterator[str]:
    for side in dict.fromkeys(key.side for key in across):
        own = [key for key in across if key.side == side]
        tables, parents = (sorted({getattr(key, name) for key in own}) for name in ("table", "refers_to"))
        verb = "refuse" if len(own) > 1 else "refuses"
        yield f"{verb} {side} rows of {listed(tables)} without their {own[0].refers_side} rows of {listed(parents)}"


def cell_order(name: str) -> int:
    """The place of a cell in tables."""
    names = [cell.name for cell in CELLS]
    return names.index(name) if name in names else len(names)

"""What the faults answer of each design, in a sentence for each question, made of the figures alone. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bench.claims.verdict import counted, listed
from bench.faults.figures.directions import Direction, direction
from bench.faults.figures.labels import command_of
from bench.faults.figures.orders import kind_order
from bench.faults.figures.spoken import plain
from bench.faults.figures.strips import LETTERS, UNTRIED
from bench.results.faults_schema import ConstraintRecord, SweepRecord, SweepRow, TableRecord
from bench.results.faults_summary_schema import Answer, SiteStrip
from bench.scenes import HEADLINE

SPLIT, RETRY, FOREIGN_KEY = "split", "retry", "foreign key"
TOPICS = {
    SPLIT: "Where can a crash split the sides?",
    RETRY: "Does a retry heal or duplicate?",
    FOREIGN_KEY: "What does a foreign key prevent, and what not?",
}

PER_SIDE = "per_side"
_CUT = LETTERS["partial"]
_APART = {PER_SIDE: "per side", "joined": "joined", "outbox": "with an outbox"}
_WHERE_NONE = {"outbox": "nowhere once its relay has run"}
_RETRIED = {
    "per_side_fresh": "per side, a retry under a new id",
    "per_side_derived": "per side, one under the same id with ON CONFLICT",
    "joined_derived": "joined, the same",
}
_BAD = {"duplicated": "doubled", "partial": "split", "lost": "lost though told ok"}
_NO_FIGURES = "no figures in this run"
_ZOMBIE = "zombie"
_KEYS_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Asked:
    """What the answers are made of; `rows` have each schedule once."""

    strips: Sequence[SiteStrip]
    sweeps: Sequence[SweepRecord]
    rows: Sequence[SweepRow]
    keys: Sequence[ConstraintRecord]
    tables: Sequence[TableRecord]

    def of(self, design: str) -> Asked:
        """What is of one design; of its rows those whose faults happened."""
        return Asked(
            [strip for strip in self.strips if strip.design == design],
            [sweep for sweep in self.sweeps if sweep.design == design],
            [row for row in self.rows if row.design == design and row.happened],
            [key for key in self.keys if key.design == design],
            [table for table in self.tables if table.design == design],
        )

    def absent(self, cell: str) -> str | None:
        """Why the design has no such cell; None when it has it, or when it was not asked for."""
        reasons = Counter(sweep.absent for sweep in self.sweeps if sweep.cell == cell and sweep.absent is not None)
        return reasons.most_common(1)[0][0] if reasons else None


def answers(designs: Sequence[str], asked: Asked) -> list[Answer]:
    """Three sentences a design; a question that the run has no figures for is answered by saying so."""
    return [
        Answer(design=design, topic=topic, sentence=f"{design}: {sentence}")
        for design in designs
        for own in (asked.of(design),)
        for topic, sentence in ((SPLIT, _split(own)), (RETRY, _retry(own)), (FOREIGN_KEY, _foreign_key(own)))
    ]


def said(answer: Answer) -> str:
    """An answer without the name of its design, where that stands beside it."""
    return answer.sentence.removeprefix(f"{answer.design}: ")


def _split(asked: Asked) -> str:
    told = {spoken: _of_cell(asked, cell) for cell, spoken in _APART.items()}
    if set(told.values()) == {_NO_FIGURES}:
        return f"where a cut splits the sides: {_NO_FIGURES}."
    return f"{'; '.join(f'{spoken}, {where}' for spoken, where in told.items())}."


def _of_cell(asked: Asked, cell: str) -> str:
    strips = [strip for strip in asked.strips if strip.cell == cell]
    if not strips:
        absent = asked.absent(cell)
        return _NO_FIGURES if absent is None else f"there is none ({absent})"
    letters = Counter("".join(side for strip in strips for side in strip.sides.values()))
    judged, split = sum(letters[letter] for letter in LETTERS.values()), letters[_CUT]
    if not judged:
        return "every cut was void, so nothing is known"
    cuts = f"{split:,} of {judged:,} cuts" + (" tried" if letters[UNTRIED] else "")
    if not split:
        return f"{_WHERE_NONE.get(cell, 'nowhere')} ({cuts})"
    return f"in {cuts}: {_places(strips)}"


def _places(strips: Sequence[SiteStrip]) -> str:
    """Where the headline kind splits, or the first that does, message by message; the other kinds that do by name."""
    split = [strip for strip in strips if any(_CUT in side for side in strip.sides.values())]
    split.sort(key=lambda strip: (strip.kind != HEADLINE, kind_order(strip.kind), strip.k))
    shown = split[0]
    others = [kind for kind in dict.fromkeys(strip.kind for strip in split) if kind != shown.kind]
    also = f", and also {listed(map(plain, others))}" if others else ""
    return f"{_operation(shown)} {listed(_stretches(shown))} of {len(shown.labels)}{also}"


def _operation(strip: SiteStrip) -> str:
    spoken = f"{'an' if strip.kind[:1] in 'aeiou' else 'a'} {plain(strip.kind)}"
    return spoken if strip.k <= 1 else f"{spoken} to {strip.k} agents"


def _stretches(strip: SiteStrip) -> Iterator[str]:
    """The stretches of messages in which some side of the cut splits; what was not tried does not end one."""
    columns = ["".join(side[place] for side in strip.sides.values()) for place in range(len(strip.labels))]
    run: list[int] = []
    for place, letters in enumerate(columns, start=1):
        if _CUT in letters:
            run.append(place)
        elif set(letters) != {UNTRIED} and run:
            yield _stretch(strip, run[0], run[-1])
            run = []
    if run:
        yield _stretch(strip, run[0], run[-1])


def _stretch(strip: SiteStrip, first: int, last: int) -> str:
    ends = [f"{place} ({command_of(strip.labels[place - 1])})" for place in dict.fromkeys((first, last))]
    return f"at message {ends[0]}" if len(ends) == 1 else f"from message {ends[0]} to {ends[1]}"


def _retry(asked: Asked) -> str:
    without = [row for row in asked.rows if (row.cell, row.faults) == (PER_SIDE, 1)]
    parts = []
    if without:
        split = Counter(row.left for row in without)["partial"]
        parts.append(f"without a retry {split:,} of {counted(len(without), 'cut')} {'ends' if split == 1 else 'end'} split")
    known = {spoken: _does(asked, cell) for cell, spoken in _RETRIED.items()}
    if not any(known.values()):
        return f"{'; '.join([*parts, f'what a retry does: {_NO_FIGURES}'])}."
    parts += [f"{spoken}: {_NO_FIGURES}" if does is None else f"{spoken} {does}" for spoken, does in known.items()]
    return f"{'; '.join(parts)}."


def _does(asked: Asked, cell: str) -> str | None:
    """What the retry of a cell does; None when the run does not say."""
    rows = [row for row in asked.rows if row.cell == cell]
    if not rows:
        absent = asked.absent(cell)
        return None if absent is None else f"does not exist ({absent})"
    once, twice = ([row for row in rows if row.faults == faults] for faults in (1, 2))
    return ", ".join([*([_of_one(once)] if once else []), *([_of_two(twice)] if twice else [])])


def _of_one(rows: Sequence[SweepRow]) -> str:
    """What a retry that is not hit makes of one cut."""
    n, bad = counted(len(rows), "cut"), _bad(rows)
    if all(row.left == "whole" for row in rows):
        return f"heals every cut ({len(rows):,} of {len(rows):,} end whole)"
    if not bad:
        return f"leaves none of {n} split or doubled"
    if any(row.left == "duplicated" for row in bad):
        return f"duplicates ({_told(bad)} of {n})"
    behind = ", all behind a zombie that still holds its locks" if all(row.side == _ZOMBIE for row in bad) else ""
    return f"heals all but {len(bad):,} of {n} ({_told(bad)}{behind})"


def _of_two(rows: Sequence[SweepRow]) -> str:
    """What is left when the retry is cut too."""
    bad = _bad(rows)
    if not bad:
        return f"and cut again in the retry none of {len(rows):,} ends split or doubled"
    return f"but cut again in the retry {_told(bad)} of {len(rows):,}"


def _bad(rows: Iterable[SweepRow]) -> list[SweepRow]:
    """Those that ended split or doubled, or are not there though the caller heard ok."""
    return [row for row in rows if row.left in _BAD and (row.left != "lost" or row.told == "ok")]


def _told(bad: Iterable[SweepRow]) -> str:
    left = Counter(row.left for row in bad)
    return listed(f"{left[name]:,} {spoken}" for name, spoken in _BAD.items() if left[name])


def _foreign_key(asked: Asked) -> str:
    if not asked.tables:
        return f"which foreign keys it has: {_NO_FIGURES}."
    across = [key for key in asked.keys if key.across]
    if not across:
        return f"no foreign key crosses the sides, so no row is refused for what the other side lacks{_alone(asked)}."
    ties = [f"{key.table}({', '.join(key.columns)}) to {key.refers_to}" for key in across]
    shown = listed(ties[:_KEYS_SHOWN]) + (f" and {len(ties) - _KEYS_SHOWN} more" if len(ties) > _KEYS_SHOWN else "")
    crossing = f"{counted(len(across), 'foreign key')} {'crosses' if len(across) == 1 else 'cross'} the sides ({shown})"
    return f"{crossing}: {_refused(across)}; {listed(_free(asked.tables))} are not{_alone(asked)}."


def _refused(across: Iterable[ConstraintRecord]) -> str:
    """Rows that a key refuses, by the side that refers and the one that must be there."""
    tied: dict[tuple[str, str], list[str]] = {}
    for key in across:
        tied.setdefault((key.side, key.refers_side), []).append(key.table)
    refused = (
        f"rows of {listed(sorted(set(tables)))} ({side}) are refused without their {other} row"
        for (side, other), tables in tied.items()
    )
    return " and ".join(refused)


def _free(tables: Sequence[TableRecord]) -> Iterator[str]:
    """Rows that no key across the sides refuses, by side."""
    for side in dict.fromkeys(table.side for table in tables):
        free = [table.table for table in tables if table.side == side and not table.crosses]
        tied = any(table.crosses for table in tables if table.side == side)
        if free:
            yield f"rows of {listed(free)} ({side})" if tied else f"all {side} rows"


def _alone(asked: Asked) -> str:
    """How often one side was left alone with something, where nobody tried again."""
    rows = [row for row in asked.rows if (row.cell, row.faults) == (PER_SIDE, 1)]
    if not rows:
        return ""
    alone = Counter(direction(row.parts) for row in rows if row.left == "partial")
    centre, agents = alone[Direction.CENTRAL_ONLY], alone[Direction.AGENT_ONLY]
    cuts = counted(len(rows), "cut")
    return f"; per side, {centre:,} of {cuts} left the centre ahead of an agent, and {agents:,} an agent ahead of the centre"

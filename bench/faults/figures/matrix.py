"""Every fault against every design: what was judged, what was left, and the bounds of a share where there was a sample. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bench.bus.transit import BusFault
from bench.results.faults_schema import BusRow, InterruptionRow, KillRow, PauseRow, SweepRow
from bench.results.faults_summary_schema import MatrixCell
from bench.stats.proportion import wilson

SCHEDULE, KILL, OPERATION, MESSAGE = "schedule", "kill", "operation", "message"
TWICE, RANDOM_KILL, PAUSED = "two faults", "SIGKILL at random", "paused past a takeover"
UNDISTURBED = str(BusFault.NONE)
"""A stream that meets no fault: the control beside the others, which is judged as a whole."""

NOT_CLEAN = ("partial", "lost", "duplicated")


@dataclass(frozen=True, slots=True)
class Met:
    """One exposure, whatever it was: `silent` when the caller had heard `ok` of what is not whole."""

    design: str
    cell: str
    fault: str
    happened: bool
    left: str
    told: str

    @property
    def silent(self) -> bool:
        """Whether the caller was told that all is well, and it is not."""
        return self.told == "ok" and self.left != "whole"


def matrix(
    rows: Iterable[SweepRow],
    kills: Sequence[KillRow],
    pauses: Iterable[PauseRow],
    interruptions: Iterable[InterruptionRow],
    streams: Iterable[BusRow],
) -> list[MatrixCell]:
    """A cell for each design, cell of the factors and fault; `rows` have each schedule once. A census has no bounds.

    A lost operation counts as such only when its caller heard `ok`: one that fails and leaves nothing did what it said.
    """
    counted = [_cell(SCHEDULE, met) for met in _grouped(_met(rows, pauses, interruptions))]
    return [*counted, *_kills(kills), *_streams(streams)]


def _met(rows: Iterable[SweepRow], pauses: Iterable[PauseRow], interruptions: Iterable[InterruptionRow]) -> Iterator[Met]:
    for row in rows:
        yield Met(row.design, row.cell, row.side if row.faults == 1 else TWICE, row.happened, row.left, row.told)
    for paused in pauses:
        told = "ok" if acknowledged(paused) else paused.told
        yield Met(paused.design, paused.cell, PAUSED, paused.happened, paused.left, told)
    for one in interruptions:
        yield Met(one.design, one.cell, one.fault, one.happened, one.left, one.told)


def acknowledged(paused: PauseRow) -> bool:
    """Whether one of the two clients that ran the operation heard ok."""
    return "ok" in {paused.told, paused.told_taker}


def _grouped(met: Iterable[Met]) -> Iterator[list[Met]]:
    groups: dict[tuple[str, str, str], list[Met]] = {}
    for one in met:
        groups.setdefault((one.design, one.cell, one.fault), []).append(one)
    yield from groups.values()


def _cell(denominator: str, met: Sequence[Met]) -> MatrixCell:
    judged = [one for one in met if one.happened]
    left = Counter(one.left for one in judged if one.left != "lost" or one.silent)
    return MatrixCell(
        design=met[0].design,
        cell=met[0].cell,
        fault=met[0].fault,
        denominator=denominator,
        n=len(judged),
        void=len(met) - len(judged),
        partial=left["partial"],
        lost=left["lost"],
        duplicated=left["duplicated"],
        silent=sum(one.silent for one in judged),
        low=None,
        high=None,
    )


def _kills(kills: Sequence[KillRow]) -> Iterator[MatrixCell]:
    """By kill, and by operation that the killed clients began: the same counts over two denominators.

    An operation that a kill hit and that left nothing is as its client left it: nobody was told anything. One that was over when
    the kill came was told ok, so it counts when it is not whole.
    """
    for design, cell in dict.fromkeys((row.design, row.cell) for row in kills):
        own = [row for row in kills if (row.design, row.cell) == (design, cell)]
        judged = [row for row in own if row.happened]
        left = Counter(row.left for row in judged if row.left in NOT_CLEAN and not (row.in_flight and row.left == "lost"))
        silent = sum(not row.in_flight and row.left != "whole" for row in judged)
        operations = sum(row.operations + row.in_flight for row in judged)
        for denominator, n in ((KILL, len(judged)), (OPERATION, operations)):
            low, high = wilson(left.total(), n) if n else (None, None)
            yield MatrixCell(
                design=design,
                cell=cell,
                fault=RANDOM_KILL,
                denominator=denominator,
                n=n,
                void=len(own) - len(judged),
                partial=left["partial"],
                lost=left["lost"],
                duplicated=left["duplicated"],
                silent=silent,
                low=low,
                high=high,
            )


def _streams(streams: Iterable[BusRow]) -> Iterator[MatrixCell]:
    """By message of all streams that met the fault; a stream that did not meet it is void as a whole."""
    groups: dict[tuple[str, str, str], list[BusRow]] = {}
    for row in streams:
        groups.setdefault((row.design, row.cell, row.fault), []).append(row)
    for (design, cell, fault), own in groups.items():
        judged = [row for row in own if row.exposures or fault == UNDISTURBED]
        left = Counter[str]()
        for row in judged:
            left.update(row.left)
        yield MatrixCell(
            design=design,
            cell=cell,
            fault=f"bus: {fault}",
            denominator=MESSAGE,
            n=sum(row.messages for row in judged),
            void=sum(row.messages for row in own) - sum(row.messages for row in judged),
            partial=left["partial"],
            lost=left["lost"],
            duplicated=left["duplicated"],
            silent=sum(left[name] for name in NOT_CLEAN),
            low=None,
            high=None,
        )

"""Keeps the figures of docs/consistency.md equal to those of a run: `python -m bench.faults_page results/RUN` renews them.

What stands between two marks is written here from the run's summary; the rest of the page is by hand.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from bench.charts.palette import in_order
from bench.claims.verdict import counted
from bench.errors import UserError
from bench.faults.figures.answers import TOPICS, said
from bench.faults.figures.matrix import RANDOM_KILL
from bench.faults.figures.orders import cell_order
from bench.faults.figures.telling import bounds_told, failures, proof_told
from bench.pages import DOCS, renew, table, with_blocks
from bench.report.faults import fault_grids
from bench.report.grid import Grid, figure, grid
from bench.report.markdown import as_code, as_markdown
from bench.results.faults_schema import SweepRecord
from bench.results.faults_summary_schema import FaultsSummary, MatrixCell
from bench.results.files import read_record
from bench.results.folder import SUMMARY, RunFolder
from bench.results.run_record import RunRecord
from bench.results.schema import Summary

PAGE = DOCS / "consistency.md"

_WHOLE = {
    "What each invariant says": "invariants",
    "Cells, and the question of the note that each answers": "cells",
    "How fast schedules run: send, k = 1, set-up and check included": "rates",
    "Controls": "controls",
    "Checkers on a large store": "checkers",
    "Faults that were not injected, and why": "unavailable",
    "Where random kills found their clients": "spreads",
    "What one transaction makes of random kills": "contrasts",
    "How long violations lasted": "windows",
}
"""Tables of the report that stand in the page as they are, by the names of their blocks."""


def renewed(page: str, faults: FaultsSummary, run: RunRecord) -> str:
    """The page with the blocks of this run. Pure."""
    return with_blocks(page, blocks(faults, run))


def blocks(faults: FaultsSummary, run: RunRecord) -> Mapping[str, Iterable[str]]:
    """Every block of the page, by its name."""
    whole = {grid.title: grid for grid in fault_grids(faults)}
    found: dict[str, Iterable[str]] = {name: table(whole[title]) if title in whole else [] for title, name in _WHOLE.items()}
    return found | {
        "size": _size(faults, run),
        "answers": _answers(faults),
        "outcomes": table(_outcomes(faults.matrix)),
        "kills": table(_kills(faults.matrix)),
        "verdicts": table(_verdicts(faults)),
        "labels": table(_labels(faults)),
        "mutants": table(_mutants(faults)),
    }


def _size(faults: FaultsSummary, run: RunRecord) -> Iterator[str]:
    """What was run, on what, and how long it took: sentences."""
    took_s = sum(phase.took_s for phase in run.phases)
    machine, server = run.machine, run.server
    yield (
        f"One run of {counted(len(run.designs), 'design')} on PostgreSQL {server.get('server_version', 'unknown')},"
        f" {machine.get('processor', 'unknown')}, {machine.get('cpus_usable', 'unknown')} CPUs, in {took_s / 60:.0f} minutes."
    )
    for number, spoken in ((1, "one fault"), (2, "two faults")):
        told = _schedules([sweep for sweep in faults.sweeps if sweep.faults == number])
        if told:
            yield f"With {spoken}: {told}."
    yield from proof_told(faults)
    yield from (f"**{as_markdown(line)}.**" for line in failures(faults))
    if faults.left_out:
        yield f"Left out: {'; '.join(faults.left_out)}."


def _schedules(sweeps: Sequence[SweepRecord]) -> str:
    by_lane = Counter[str]()
    for sweep in sweeps:
        by_lane[sweep.lane] += sweep.schedules
    kinds = {(sweep.kind, sweep.k) for sweep in sweeps}
    told = " and ".join(f"{n:,} schedules through the {lane} lane" for lane, n in by_lane.items() if n)
    return f"{told}, of {counted(len(kinds), 'operation')} by kind and k" if told else ""


def _answers(faults: FaultsSummary) -> Iterator[str]:
    for topic, question in TOPICS.items():
        yield f"**{question}**"
        yield ""
        for answer in faults.answers:
            if answer.topic == topic:
                yield f"- {as_code(answer.design)}: {as_markdown(said(answer))}"
        yield ""


def _outcomes(matrix: Sequence[MatrixCell]) -> Grid:
    """What is not clean, of how many, by cell, fault and design; a census, so counts alone."""
    own = [one for one in matrix if one.fault != RANDOM_KILL]
    designs = in_order(one.design for one in own)
    found = {(one.cell, one.fault, one.design): one for one in own}
    keys = list(dict.fromkeys((one.cell, one.fault) for one in sorted(own, key=lambda one: cell_order(one.cell))))
    rows = [(cell, fault, *(_counts(found.get((cell, fault, design))) for design in designs)) for cell, fault in keys]
    return grid("outcomes", ("cell", "fault", *designs), rows, numbers=range(2, 2 + len(designs)))


def _counts(one: MatrixCell | None) -> str:
    if one is None:
        return "–"
    void = f" ({one.void} void)" if one.void else ""
    return f"{one.partial + one.lost + one.duplicated:,}/{one.n:,}{void}"


def _kills(matrix: Sequence[MatrixCell]) -> Grid:
    own = [one for one in matrix if one.fault == RANDOM_KILL]
    order = in_order(one.design for one in own)
    own.sort(key=lambda one: (cell_order(one.cell), order.index(one.design), one.denominator))
    rows = [(one.cell, one.design, one.denominator, figure(one.void), bounds_told(one)) for one in own]
    return grid("kills", ("cell", "design", "per", "void", "not clean [Wilson, 95 %]"), rows, numbers=(3,))


def _verdicts(faults: FaultsSummary) -> Grid:
    """How many invariants have which verdict, by cell and design."""
    words = list(dict.fromkeys(verdict.verdict for verdict in faults.verdicts))
    counts = Counter((one.cell, one.design, one.verdict) for one in faults.verdicts)
    broken: dict[tuple[str, str], list[str]] = {}
    for one in faults.verdicts:
        if one.verdict == "violated":
            broken.setdefault((one.cell, one.design), []).append(one.invariant)
    keys = dict.fromkeys((one.cell, one.design) for one in faults.verdicts)
    rows = [
        (cell, design, *(figure(counts[cell, design, word]) for word in words), ", ".join(broken.get((cell, design), [])) or "none")
        for cell, design in keys
    ]
    return grid("verdicts", ("cell", "design", *words, "which are violated"), rows, numbers=range(2, 2 + len(words)))


def _labels(faults: FaultsSummary) -> Grid:
    """All designs together: a label by the last error alone, against what had happened."""
    counts = Counter[tuple[str, str, str]]()
    for one in faults.labels:
        counts[one.cell, one.naive, one.resolved] += one.n
    resolved = list(dict.fromkeys(one.resolved for one in faults.labels))
    keys = sorted({(cell, naive) for cell, naive, _ in counts}, key=lambda key: (cell_order(key[0]), key[1]))
    rows = [(cell, naive, *(figure(counts[cell, naive, truth]) for truth in resolved)) for cell, naive in keys]
    return grid("labels", ("cell", "by the last error alone", *resolved), rows, numbers=range(2, 2 + len(resolved)))


def _mutants(faults: FaultsSummary) -> Grid:
    rows = [
        (
            one.name.replace("_", " "),
            one.what,
            one.source,
            ", ".join(one.must) or "void",
            "found" if one.killed else "**not found**",
        )
        for one in faults.mutants
    ]
    return grid("mutants", ("mutant", "what is wrong", "seen in", "must fire", ""), rows)


def main(folders: Sequence[str]) -> None:
    """Renew the page from a run. Raises `UserError` for a run without faults, and for no run or several."""
    if len(folders) != 1:
        raise UserError("give one run of storebench faults: python -m bench.faults_page results/RUN")
    folder = RunFolder.open(Path(folders[0]))
    faults = read_record(folder.path / SUMMARY, Summary).faults
    if faults is None:
        raise UserError(f"{folder.path}: it has no faults: give a run of storebench faults")
    renew(PAGE, lambda page: renewed(page, faults, folder.read_run()))


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except UserError as refused:
        sys.exit(str(refused))

"""Figures of faults in words: shares with their bounds, and whether the instrument may be believed. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from bench.claims.verdict import counted
from bench.results.faults_schema import ControlRecord, RateRecord
from bench.results.faults_summary_schema import FaultsSummary, MatrixCell
from bench.stats.proportion import told


def bounds_told(cell: MatrixCell) -> str:
    """A share of a sample with its interval, a zero as what it excludes; a census by its counts alone."""
    bad = cell.partial + cell.lost + cell.duplicated
    if not cell.n:
        return "–"
    if cell.low is None or cell.high is None:
        return f"{bad:,} of {cell.n:,}, a census"
    return told(bad, cell.n)


def rate_told(rate: RateRecord) -> str:
    """Schedules per second."""
    return "–" if not rate.took_s else f"{rate.schedules / rate.took_s:,.0f}"


def rate_limit_told(rate: RateRecord) -> str:
    """What a schedule costs the CPUs, and how much of their time was taken: close to all of it, and they are the limit."""
    if rate.client_cpu_s is None or rate.other_cpu_s is None or not rate.cpus or not rate.schedules or not rate.took_s:
        return "–"
    client_ms, other_ms = (1e3 * cpu_s / rate.schedules for cpu_s in (rate.client_cpu_s, rate.other_cpu_s))
    taken = (rate.client_cpu_s + rate.other_cpu_s) / (rate.cpus * rate.took_s)
    return f"client {client_ms:.2f} ms, server {other_ms:.2f} ms; {100 * taken:.0f} % of {counted(rate.cpus, 'CPU')}"


def control_told(control: ControlRecord) -> str:
    """What a control says of the checkers."""
    if control.disagreements:
        return f"the checkers DISAGREE in {counted(control.disagreements, 'case')}"
    if control.positive:
        return "found" if control.passed else "NOT FOUND"
    alarms = sum(control.fired.values())
    return f"no false alarm: {told(0, control.exposures)}" if control.passed else f"{alarms} FALSE ALARMS"


def proof_told(faults: FaultsSummary) -> Iterator[str]:
    """Whether mutants were found, negative controls stayed clean, checkers and lanes agreed: a sentence each, of what was tried."""
    if faults.mutants:
        found = sum(mutant.killed for mutant in faults.mutants)
        yield f"The checker found {found} of {counted(len(faults.mutants), 'mutant')}, each by its invariants and no others."
    negative = [control for control in faults.controls if not control.positive and control.unavailable is None]
    if negative:
        exposures, alarms = sum(one.exposures for one in negative), sum(sum(one.fired.values()) for one in negative)
        yield f"Where nothing is wrong it raised {counted(alarms, 'false alarm')} in {counted(exposures, 'exposure')}."
    compared = [sweep for sweep in faults.sweeps if sweep.differences is not None]
    if compared:
        schedules, apart = sum(sweep.schedules for sweep in compared), sum(sweep.differences or 0 for sweep in compared)
        yield f"Both lanes ran {counted(schedules, 'schedule')} and told {apart} of them otherwise."
    twice = sum(sweep.looked_at_twice for sweep in faults.sweeps) + sum(look.outcomes for look in faults.looks)
    if twice:
        apart = sum(sweep.disagreements for sweep in faults.sweeps) + sum(look.disagreements for look in faults.looks)
        yield f"The checkers in Python and in SQL looked at {counted(twice, 'distinct outcome')} and disagreed on {apart}."
    void = sum(sweep.void for sweep in faults.sweeps)
    yield f"{counted(void, 'exposure')} of the sweeps were void."


def _disagreements(faults: FaultsSummary) -> Iterator[str]:
    for sweep in faults.sweeps:
        if sweep.disagreements:
            where = f"{sweep.design}, {sweep.cell}, {sweep.kind}, k = {sweep.k}"
            yield f"{where}: the checkers disagree on {sweep.disagreements} of {counted(sweep.looked_at_twice, 'outcome')}"
    for look in faults.looks:
        if look.disagreements:
            where = f"{look.design}, {look.cell}, {look.what}"
            yield f"{where}: the checkers disagree on {look.disagreements} of {look.outcomes:,}"


def failures(faults: FaultsSummary) -> Iterator[str]:
    """What of the instrument failed, a line each; nothing when it may be believed."""
    yield from _disagreements(faults)
    yield from (f"mutant {one.name} was not found" for one in faults.mutants if not one.killed)
    yield from (f"control {one.name} failed: {control_told(one)}" for one in faults.controls if _failed(one))
    for one in faults.resolutions:
        yield from (f"{one.design}, {one.cell}: the server's word and the store differ: {line}" for line in one.contradictions)
    for sweep in faults.sweeps:
        if sweep.differences:
            where = f"{sweep.design}, {sweep.cell}, {sweep.kind}, k = {sweep.k}"
            yield f"{where}: {sweep.differences} of {counted(sweep.schedules, 'schedule')} end otherwise in the other lane"


def _failed(control: ControlRecord) -> bool:
    return not control.passed and control.unavailable is None

"""From a configuration to a measured run: a new one, or one that is gone on with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench import estimate, registry, workload_registry
from bench.campaign.begin import record_of
from bench.campaign.resuming import check_circumstances, check_work, newest
from bench.campaign.run import measure, measuring, take_up
from bench.campaign.work import Work, work_of
from bench.configuration import Configuration, Resolved, TraceConfiguration, from_record
from bench.progress import CommandTeller
from bench.publish import publish
from bench.results.folder import RunFolder
from bench.room import RESULTS, check_room, is_local
from bench.runs.findings import findings
from bench.server.abandoned import clear_everywhere


@dataclass(frozen=True, slots=True)
class Wanted:
    """Where a run is measured and stored: `server` as `--server` says it, `out` the folder of runs, `arguments` to store."""

    server: str | None
    out: Path
    arguments: Sequence[str]


REPORT_PHASE = "report"


def new_run(configuration: Configuration | TraceConfiguration, wanted: Wanted, teller: CommandTeller) -> RunFolder:
    """A run from its beginning to its end."""
    with registry.watched(also=workload_registry.WATCHED):
        work = told_work(configuration, teller)
        folder = _new(work, wanted, teller)
    return reported(folder, work, teller)


def resumed_run(resolved: Resolved, named: Path | None, wanted: Wanted, teller: CommandTeller) -> RunFolder:
    """The run that is named, or the newest of the configuration, with what it lacked; a new one when there is none to go on with.

    Of a run that is named, all that the command does not say is what the run has stored.
    """
    with registry.watched(also=workload_registry.WATCHED):
        if named is None:
            work = told_work(resolved.configuration, teller)
            found = newest(wanted.out, work)
            if found is None:
                teller.line(f"no run of this configuration below {wanted.out}: a new one begins", "no run to go on with")
                return reported(_new(work, wanted, teller), work, teller)
        else:
            found = RunFolder.open(named)
            stored = from_record(found.read_run().configuration, f"{named}/run.json")
            work = told_work(_with_given(stored, resolved), teller)
        check_work(found, work)
        found.trial_records()
        teller.run = str(found.path)
        missing = found.missing()
        if not missing:
            teller.line(f"{found.path} is complete: there is nothing to measure", "the run is complete")
            # The one that was killed may have left its server's folder, which otherwise the next server clears.
            clear_everywhere()
            return reported(found, work, teller)
        teller.line(f"going on with {found.path}: {len(missing)} of {len(work.trials)} trials are missing", "going on")
        size = size_told(work, wanted, teller)
        with measuring(wanted.server, teller) as server:
            teller.line(size, size)
            check_circumstances(found, record_of(work, server, wanted.arguments))
            take_up(work, server, found, teller)
    return reported(found, work, teller)


def reported(folder: RunFolder, work: Work, teller: CommandTeller) -> RunFolder:
    """The run with its summary, charts and reports made."""
    with teller.phase(REPORT_PHASE, estimate.budgets(work)[REPORT_PHASE]):
        summary = publish(folder)
    for line in findings(summary):
        teller.line(line, "a finding")
    teller.report = str(folder.path / "report.html")
    return folder


def _new(work: Work, wanted: Wanted, teller: CommandTeller) -> RunFolder:
    size = size_told(work, wanted, teller)
    with measuring(wanted.server, teller) as server:
        teller.line(size, size)
        return measure(work, server, record_of(work, server, wanted.arguments), wanted.out, teller)


def told_work(configuration: Configuration | TraceConfiguration, teller: CommandTeller) -> Work:
    """The work of a configuration; of a trace, how long it is, is told."""
    work = work_of(configuration)
    # Told after it: what is refused is told in one line.
    if isinstance(configuration, TraceConfiguration):
        teller.line(f"read {configuration.trace.name}: {work.operations} operations", f"a trace of {work.operations} operations")
    return work


def _with_given(stored: Configuration | TraceConfiguration, resolved: Resolved) -> Configuration | TraceConfiguration:
    """The stored configuration with what the command itself says in its place."""
    given = {key: getattr(resolved.configuration, key) for key, origin in resolved.origins.items() if origin.startswith("--")}
    return stored.model_copy(update=given)


def size_told(work: Work, wanted: Wanted, teller: CommandTeller) -> str:
    """Before anything is started: how long, how large, and whether there is room. The line is for when the server is there."""
    bounds = estimate.bounds(work)
    free = check_room(bounds, wanted.out, local=is_local(wanted.server))
    teller.plan(estimate.budgets(work), bounds.result_bytes, bounds.database_bytes, free[RESULTS])
    return estimate.told_line(bounds, free)

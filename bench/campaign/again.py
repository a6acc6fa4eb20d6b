"""A run made once more: the same work, on the machine, the server and with the code of today."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bench import registry, workload_registry
from bench.campaign.begin import record_of
from bench.campaign.measuring import Wanted, reported, size_told, told_work
from bench.campaign.run import measure, measuring
from bench.campaign.work import Work
from bench.compare.likeness import circumstances, unlike
from bench.compare.side import Difference
from bench.configuration import Configuration, TraceConfiguration, from_record
from bench.errors import UserError
from bench.progress import CommandTeller
from bench.results.folder import RUN, RunFolder
from bench.results.run_record import RunRecord

_DIGEST_SHOWN = 12


def rerun(folder: RunFolder, trace: Path | None, wanted: Wanted, teller: CommandTeller) -> RunFolder:
    """A new run of the stored configuration, with its report. What differs from the stored run is told before anything is measured.

    `trace` is where the trace of a replay lies now; a run keeps its name and digest only. Raises `UserError` for designs that are
    not installed here, and for another trace.
    """
    stored = folder.read_run()
    configuration = _configuration(folder, stored, trace)
    with registry.watched(also=workload_registry.WATCHED):
        _check_installed(folder, stored)
        work = told_work(configuration, teller)
        if trace is not None:
            _check_trace(trace, stored, work)
        size = size_told(work, wanted, teller)
        with measuring(wanted.server, teller) as server:
            teller.line(size, size)
            record = record_of(work, server, wanted.arguments)
            for line in differences(folder.path.name, stored, record):
                teller.line(line, "what differs from the stored run")
            made = measure(work, server, record, wanted.out, teller)
    return reported(made, work, teller)


def differences(name: str, stored: RunRecord, record: RunRecord) -> Iterator[str]:
    """What differs between a stored run and one that is about to begin, a line each."""
    work, around = unlike(stored, record), circumstances(stored, record)
    yield f"again {name}: {_count(len(around))} differ in machine, server or code" + (":" if around else "")
    yield from (f"  {_told(one)}" for one in around)
    if work:
        yield "its work cannot be done again as it was, so the two runs cannot be compared:"
        yield from (f"  {_told(one)}" for one in work)


def _configuration(folder: RunFolder, stored: RunRecord, trace: Path | None) -> Configuration | TraceConfiguration:
    configuration = from_record(stored.configuration, str(folder.path / RUN))
    if isinstance(configuration, Configuration):
        if trace is not None:
            raise UserError(f"--trace {trace}: {folder.path} is no replay of a trace; leave --trace out")
        return configuration
    if trace is None:
        raise UserError(f"{folder.path} is a replay of {configuration.trace}: say with --trace FILE where that lies now")
    if trace.name != configuration.trace.name:
        raise UserError(
            f"--trace {trace}: {folder.path} replayed {configuration.trace.name}, whose name is stored too; give it that name"
        )
    return configuration.model_copy(update={"trace": trace})


def _check_installed(folder: RunFolder, stored: RunRecord) -> None:
    known = registry.known()
    absent = [f"{name} ({design.origin or 'origin unknown'})" for name, design in stored.designs.items() if name not in known]
    if absent:
        raise UserError(f"{folder.path} has designs that are not installed here: {', '.join(absent)}; install them")


def _check_trace(trace: Path, stored: RunRecord, work: Work) -> None:
    was, now = list(stored.workloads.values()), list(work.digests().values())
    if was != now:
        raise UserError(
            f"{trace} is not what was replayed: the digest of its messages is {now[0][:_DIGEST_SHOWN]} and was"
            f" {was[0][:_DIGEST_SHOWN] if was else 'not stored'}; give that very trace"
        )


def _told(difference: Difference) -> str:
    return f"{difference.what}: {difference.a} then, {difference.b} now"


def _count(circumstances_: int) -> str:
    return "1 fact" if circumstances_ == 1 else f"{circumstances_ or 'no'} facts"

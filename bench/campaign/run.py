"""A run is measured, or what is missing of one: templates, phases, and how it ended."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal

from bench.campaign.begin import now
from bench.campaign.phases import default_phases, trace_phase
from bench.campaign.stage import Stage
from bench.campaign.work import Work
from bench.configuration import Configuration, as_toml, from_record
from bench.drive.errors import ContractError
from bench.errors import InvalidMeasurement, Terminated, UserError
from bench.estimate import budgets
from bench.progress import CommandTeller
from bench.progress.log import RunLog
from bench.results.folder import RunFolder
from bench.results.run_record import Attempt, RunRecord
from bench.server.failing import told
from bench.server.phases import ServerPhase
from bench.server.provided import provided
from bench.server.server import Server
from bench.stores import install

EXTENSIONS = ("pg_walinspect", "pg_stat_statements")
SERVER_PHASE = "templates"

Ended = Literal["finished", "interrupted", "failed"]


@contextmanager
def measuring(specification: str | None, teller: CommandTeller) -> Iterator[Server]:
    """A server that does nothing beside what it is asked for; what of that it does not allow is told."""
    with provided(specification) as server:
        server.settings(ServerPhase.MEASURE)
        for remark in server.remarks:
            teller.line(remark)
        yield server


def measure(work: Work, server: Server, record: RunRecord, root: Path, teller: CommandTeller) -> RunFolder:
    """A new run below `root`. Raises `InvalidMeasurement` when a proof fails; then the folder says so and has no results."""
    name = f"{record.started_at.translate(str.maketrans('', '', '-:Z')).replace('T', '-')}-seed{record.seed}"
    folder = RunFolder.create(root, name, record, as_toml(from_record(record.configuration)))
    teller.run = str(folder.path)
    with folder.locked():
        _attempt(work, server, folder, record, teller)
    return folder


def take_up(work: Work, server: Server, folder: RunFolder, teller: CommandTeller) -> None:
    """Measure what is missing of a run, as one more attempt. The caller has checked that work and circumstances are the run's."""
    with folder.locked():
        folder.clear_partial()
        stored = folder.read_run()
        folder.trial_records()
        record = stored.model_copy(update={"attempts": [*stored.attempts, Attempt(started_at=now())]})
        folder.write_run(record)
        _attempt(work, server, folder, record, teller)


def _attempt(work: Work, server: Server, folder: RunFolder, record: RunRecord, teller: CommandTeller) -> None:
    with _accounted(folder, record, teller), told(server):
        # Closed by the teller when the command ends, so that the report and how the command ended stand in it, too.
        teller.listen(RunLog.opened(folder.path))
        teller.describe(record)
        missing = folder.missing()
        for name in record.trials:
            if name not in missing:
                teller.kept(name)
        given_s = budgets(work)
        with teller.phase(SERVER_PHASE, given_s[SERVER_PHASE]):
            templates = {
                name: install(design, server.endpoint, f"template_{name}", EXTENSIONS) for name, design in work.designs.items()
            }
            others = {
                (entry.design, entry.levels.indexes): install(form, server.endpoint, f"template_{number}", EXTENSIONS)
                for number, (entry, form) in enumerate(work.forms.items())
                if entry.levels.indexes is not None
            }
        stage = Stage(work, folder, len(record.attempts) - 1, server, templates, others, teller, frozenset(missing), given_s)
        if isinstance(work.configuration, Configuration):
            default_phases(stage, work.configuration)
        else:
            trace_phase(stage, work.configuration)


@contextmanager
def _accounted(folder: RunFolder, record: RunRecord, teller: CommandTeller) -> Iterator[None]:
    """However the attempt ends, its folder says so; one that ends before anything was measured leaves none.

    A folder that cannot be written any more must not hide why.
    """
    try:
        yield
    except InvalidMeasurement as error:
        folder.withhold(error.reason, list(error.lines))
        _end(folder, record, teller, "failed", error.reason)
        raise
    except ContractError as error:
        folder.withhold("a design breaks its contract", [str(error)])
        _end(folder, record, teller, "failed", str(error))
        raise
    except (Terminated, UserError) as error:
        _end(folder, record, teller, "interrupted" if isinstance(error, Terminated) else "failed", _told(error))
        # A folder that is gone, or damaged by now, must not hide why.
        with suppress(UserError, OSError):
            folder.remove_if_empty()
        raise
    except BaseException as error:
        _end(folder, record, teller, "failed", _told(error))
        raise
    _end(folder, record, teller, "finished", None)


def _end(folder: RunFolder, record: RunRecord, teller: CommandTeller, ended: Ended, error: str | None) -> None:
    last = record.attempts[-1].model_copy(
        update={"ended_at": now(), "ended": ended, "error": error, "trial": teller.current, "phases": list(teller.took)}
    )
    # What ended the attempt is told by whoever raised it; a disk without room for this is the same trouble once more.
    with suppress(UserError, OSError):
        folder.write_run(record.model_copy(update={"attempts": [*record.attempts[:-1], last]}))


def _told(error: BaseException) -> str:
    if isinstance(error, Terminated):
        return f"signal {signal.Signals(int(str(error.code)) - 128).name}"
    return str(error) if isinstance(error, UserError) else f"{type(error).__name__}: {error}"

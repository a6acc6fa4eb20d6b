"""The page of `storebench show RUN`: what a run is, how it came about, and what is missing of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from rich.text import Text

from bench.report.validity import flattened
from bench.results.files import read_record
from bench.results.folder import SUMMARY, RunFolder
from bench.results.run_record import Attempt, RunRecord, TrialRecord
from bench.results.schema import Summary
from bench.runs.findings import findings
from bench.runs.listed import size
from bench.runs.state import Word, state
from bench.visible import visible


def shown(path: Path) -> Iterator[Text]:
    """The lines of the page. A folder that holds no run, or one that is damaged, is refused in one line before the first."""
    folder = RunFolder.open(path)
    record, trials, found = folder.read_run(), folder.trial_records(), state(folder, thorough=True)
    yield Text.assemble((visible(path.resolve().name), "bold"), f"  {visible(str(found))}")
    if found.word is not Word.WITHHELD:
        yield _fact("report", _report(folder))
    yield from _findings(folder)
    yield from _attempts(record)
    yield from _facts("configuration", record.configuration)
    told = {
        "version": record.storebench_version,
        "commit": record.commit,
        "files differ from it": record.dirty,
        "code": record.code,
    }
    yield from _facts("storebench", told)
    yield from _facts("machine", record.machine)
    yield from _facts("server", record.server)
    yield from _facts("workloads", record.workloads)
    yield _heading("designs")
    for name, design in record.designs.items():
        tables = sum(map(len, design.tables.values()))
        yield _fact(
            name, f"{tables} tables, {len(design.gaps)} gaps, {len(design.defects)} defects; {design.origin or 'origin unknown'}"
        )
    yield _heading("trials")
    for trial in trials:
        yield _fact(trial.name, _trial(trial))
    missing = folder.missing()
    if missing:
        yield _heading("missing")
        for name in missing:
            yield _fact(name, _reason(name, record))


def _report(folder: RunFolder) -> str:
    report = folder.path / "report.html"
    return str(report) if report.is_file() else f"not made: storebench report {folder.path}"


def _findings(folder: RunFolder) -> Iterator[Text]:
    """What the run found of its own measuring, once its summary is made."""
    path = folder.path / SUMMARY
    told = findings(read_record(path, Summary)) if path.is_file() else []
    if told:
        yield _heading("of its measuring")
        yield from (Text(f"  {visible(line)}") for line in told)


def _attempts(record: RunRecord) -> Iterator[Text]:
    yield _heading("how it came about")
    yield _fact("command", "storebench " + " ".join(record.arguments))
    for number, attempt in enumerate(record.attempts):
        yield _fact(f"attempt {number}", _attempt(attempt))


def _attempt(attempt: Attempt) -> str:
    ended = attempt.ended or "killed, or going on"
    at = f" {attempt.ended_at}" if attempt.ended_at else ""
    measuring = f", measuring {attempt.trial}" if attempt.trial else ""
    error = f": {attempt.error}" if attempt.error else ""
    return f"started {attempt.started_at}, {ended}{at}{measuring}{error}"


def _reason(name: str, record: RunRecord) -> str:
    """Why a trial is missing: it was being measured when the last attempt ended, or that ended before it."""
    last = record.attempts[-1] if record.attempts else None
    if last is None:
        return "no attempt was made"
    ended = last.ended or "killed"
    why = f"{ended} ({last.error})" if last.error else ended
    return f"being measured when the last attempt was {why}" if last.trial == name else f"not begun when the last attempt was {why}"


def _trial(trial: TrialRecord) -> str:
    bytes_ = sum(file.bytes for file in trial.files.values())
    took = "time unknown" if trial.took_s is None else f"{trial.took_s:.1f} s"
    facts = [trial.phase, took, size(bytes_) if trial.files else "size unknown", f"attempt {trial.attempt}"]
    facts += [trial.placement] if trial.placement else []
    return ", ".join([*facts, *(f"stopped early: {limit}" for limit in trial.stopped_early)])


def _facts(title: str, values: Mapping[str, object]) -> Iterator[Text]:
    yield _heading(title)
    for name, value in flattened(values):
        yield _fact(name, value)


def _heading(title: str) -> Text:
    return Text(f"\n{title}", style="bold")


def _fact(name: str, value: str) -> Text:
    return Text(f"  {visible(name):<28} {visible(value)}")

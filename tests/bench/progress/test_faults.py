from __future__ import annotations

import re
from pathlib import Path

import pytest

from bench import registry
from bench.drive.errors import ContractError
from bench.errors import ContractBroken, InvalidMeasurement, Terminated, UserError
from bench.progress import CommandTeller, teller
from bench.progress.ending import INTERNAL, ending, remember_log
from bench.progress.events import Fault, Outcome
from bench.progress.faults import fault_of, trace_of
from bench.progress.log import RunLog
from bench.reads.world import Scale
from bench.results.files import write_file
from bench.stats.ratio import Interval
from workloads.errors import InputError


def _caught(kind: type[BaseException], act: object) -> BaseException:
    with pytest.raises(kind) as caught:
        act()  # type: ignore[operator]
    return caught.value


def test_a_reason_is_the_message_as_it_stands_in_the_source_with_places_for_values() -> None:
    fault = fault_of(_caught(UserError, lambda: Scale(3)))
    assert fault.kind == "UserError"
    assert fault.reason == "rows {self.rows}: give a number from {ROWS_MIN} to {ROWS_MAX}"
    assert re.fullmatch(r"bench/reads/world\.py:\d+ in __post_init__", fault.where or "")


def test_an_error_of_the_system_is_told_by_its_name_and_stands_behind_what_was_made_of_it(tmp_path: Path) -> None:
    fault = fault_of(_caught(UserError, lambda: write_file(tmp_path / "absent" / "alice", b"")))
    assert fault.reason == "unwritable(path, error)"
    assert fault.caused_by is not None
    assert (fault.caused_by.kind, fault.caused_by.code) == ("FileNotFoundError", "ENOENT")


def test_what_the_interpreter_says_of_our_own_code_is_kept() -> None:
    fault = fault_of(_caught(AttributeError, lambda: registry.origin(None)))  # type: ignore[arg-type]
    assert fault.reason == "'NoneType' object has no attribute 'dist'"


def test_a_trace_names_places_below_the_packages_and_shows_our_source_alone() -> None:
    error = _caught(AttributeError, lambda: registry.origin(None))  # type: ignore[arg-type]
    *others, last = trace_of(error)
    assert re.fullmatch(r"bench/registry\.py:\d+ in origin: return entry\.value if entry\.dist is None .*", last)
    assert not [place for place in others if place.startswith("/") or "home" in place]


@pytest.mark.parametrize(
    ("error", "outcome", "status", "told"),
    [
        (None, Outcome.FINISHED, 0, None),
        (UserError("no"), Outcome.FAILED, 2, "no"),
        (InputError("line 3"), Outcome.FAILED, 2, "line 3"),
        (OSError(28, "No space left on device", "x/y"), Outcome.FAILED, 2, "x/y: No space left on device: make room there"),
        (MemoryError(), Outcome.FAILED, 2, "out of memory"),
        (RecursionError(), Outcome.FAILED, 2, "nested too deeply"),
        (BrokenPipeError(), Outcome.FAILED, 141, None),
        (ContractError("x yields 3"), Outcome.WITHHELD, 3, "results withheld: a design breaks its contract: x yields 3"),
        (InvalidMeasurement("differs", ["a"]), Outcome.WITHHELD, 3, "results withheld: differs"),
        (ContractBroken("x"), Outcome.FAILED, 3, "x"),
        (Terminated(143), Outcome.INTERRUPTED, 143, "interrupted"),
        (KeyboardInterrupt(), Outcome.INTERRUPTED, 130, "interrupted"),
        (SystemExit(0), Outcome.FINISHED, 0, None),
        (KeyError("x"), Outcome.FAILED, INTERNAL, "internal error: KeyError at a library: please report it with the traceback"),
    ],
)
def test_every_way_to_end_has_its_outcome_status_and_line(
    error: BaseException | None, outcome: Outcome, status: int, told: str | None
) -> None:
    end = ending(error)
    assert (end.outcome, end.exit_code) == (outcome, status)
    assert (end.error is None) is (told is None)
    assert (told or "") in (end.error or "")


def test_an_internal_error_says_which_log_has_its_traceback() -> None:
    error = KeyError("x")
    remember_log(error, "results/r/log.jsonl")
    end = ending(error)
    assert end.logged
    assert (end.error or "").endswith("please report it with results/r/log.jsonl, which holds the traceback")


def test_a_command_that_fails_inside_tells_the_log_and_the_last_line(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    def fail() -> None:
        with teller(as_json=True) as telling:
            assert isinstance(telling, CommandTeller)
            telling.listen(RunLog.opened(tmp_path))
            telling.run = str(tmp_path)
            Interval()  # type: ignore[call-arg]

    error = _caught(TypeError, fail)
    assert ending(error).logged
    last = capfd.readouterr().out.splitlines()[-1]
    assert '"exit_code": 70' in last
    log = (tmp_path / "log.jsonl").read_text().splitlines()[-1]
    assert '"kind": "TypeError"' in log
    assert str(tmp_path) not in log


def test_a_chain_of_causes_has_an_end() -> None:
    first = ValueError()
    second = ValueError()
    first.__cause__, second.__cause__ = second, first
    depth, fault = 0, fault_of(first)
    while isinstance(fault.caused_by, Fault):
        depth, fault = depth + 1, fault.caused_by
    assert depth < 20

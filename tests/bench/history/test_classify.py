"""The table of outcomes, line by line, and that the driver tells its callers the same."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.drive.drivers import Completion, Progress, Told
from bench.drive.errors import ConnectionLost, ServerError
from bench.drive.flights import Command, Flight
from bench.history.classify import (
    Failure,
    Word,
    naive,
    phase_of,
    told,
    told_of_attempts,
    told_of_transactions,
    truth,
    truth_of_attempts,
)
from bench.history.entry import Attempt, Phase, Transaction, Truth
from bench.retrying.policy import told_of
from tests.bench.history.flights import BEGIN, COMMIT, READ_ALONE, WRITE, WRITE_ALONE

LOST = Failure()
REFUSED = Failure("23503", "ERROR")
TERMINATED = Failure("57P01", "FATAL")
PANICKED = Failure("58030", "PANIC")


@pytest.mark.parametrize("failure", [LOST, REFUSED, TERMINATED, PANICKED])
@pytest.mark.parametrize("phase", [Phase.CONNECT, Phase.OPEN])
def test_what_ends_before_its_commit_is_sent_fails(phase: Phase, failure: Failure) -> None:
    assert told(phase, failure) is Told.FAIL
    assert truth(phase, failure) is Truth.ABORTED


@pytest.mark.parametrize("phase", [Phase.ALONE, Phase.COMMIT])
def test_a_server_that_refuses_and_lives_proves_that_nothing_happened(phase: Phase) -> None:
    for sqlstate in ("23503", "40001", "57014"):
        failure = Failure(sqlstate, "ERROR")
        assert (told(phase, failure), truth(phase, failure)) == (Told.FAIL, Truth.ABORTED)


@pytest.mark.parametrize("sqlstate", ["40003", "08007"])
def test_a_server_that_lives_and_does_not_know_itself_proves_nothing(sqlstate: str) -> None:
    failure = Failure(sqlstate, "ERROR")
    assert (told(Phase.COMMIT, failure), truth(Phase.COMMIT, failure)) == (Told.INFO, Truth.UNKNOWN)
    assert told(Phase.OPEN, failure) is Told.FAIL


@pytest.mark.parametrize("severity", ["", "WARNING", "FEHLER", None])
def test_a_severity_that_nobody_knows_proves_nothing(severity: str | None) -> None:
    assert told(Phase.COMMIT, Failure("23503", severity)) is Told.INFO


@pytest.mark.parametrize("failure", [LOST, TERMINATED, PANICKED, Failure("53100", "PANIC")])
@pytest.mark.parametrize("phase", [Phase.ALONE, Phase.COMMIT, Phase.SEVERAL])
def test_no_answer_and_a_dying_server_prove_nothing_once_a_commit_was_sent(phase: Phase, failure: Failure) -> None:
    assert (told(phase, failure), truth(phase, failure)) == (Told.INFO, Truth.UNKNOWN)


def test_the_error_of_one_of_several_says_nothing_of_the_others() -> None:
    assert told(Phase.SEVERAL, REFUSED) is Told.INFO


def test_a_commit_answered_by_rollback_is_a_false_acknowledgement_where_nobody_raised() -> None:
    assert told(Phase.COMMIT, None) is Told.OK
    assert truth(Phase.COMMIT, None, "COMMIT") is Truth.COMMITTED
    assert truth(Phase.COMMIT, None, "ROLLBACK") is Truth.ABORTED


def test_a_tag_of_rollback_decides_what_an_error_leaves_open() -> None:
    assert truth(Phase.COMMIT, LOST, "ROLLBACK") is Truth.ABORTED


@pytest.mark.parametrize(
    ("parts", "word"),
    [
        ([], Word(Told.OK)),
        ([Told.OK, Told.OK], Word(Told.OK)),
        ([Told.FAIL], Word(Told.FAIL)),
        ([Told.INFO], Word(Told.INFO)),
        ([Told.OK, Told.FAIL], Word(Told.INFO, partial=True)),
        ([Told.INFO, Told.FAIL], Word(Told.INFO, partial=True)),
        ([Told.OK, Told.INFO], Word(Told.INFO, partial=True)),
    ],
)
def test_an_operation_of_several_transactions_never_fails_once_one_may_have_committed(parts: list[Told], word: Word) -> None:
    assert told_of_transactions(parts) == word


def test_an_operation_is_not_labelled_by_its_last_error() -> None:
    attempts = [Word(Told.INFO, partial=True), Word(Told.FAIL)]
    assert told_of_attempts(attempts) == Word(Told.INFO, partial=True)
    assert naive([Attempt(1, told=Told.INFO), Attempt(2, told=Told.FAIL)]) is Told.FAIL


@given(st.lists(st.sampled_from(Told), min_size=1, max_size=5))
def test_the_join_over_attempts_is_ok_if_any_was_else_info_if_any_was(words: list[Told]) -> None:
    expected = Told.OK if Told.OK in words else Told.INFO if Told.INFO in words else Told.FAIL
    assert told_of_attempts([Word(word) for word in words]).told is expected


@given(st.lists(st.sampled_from([Told.INFO, Told.FAIL]), max_size=4), st.sampled_from(Told))
def test_a_client_that_tries_again_tells_its_caller_the_same(before: list[Told], last: Told) -> None:
    completions = [Completion(word) for word in (*before, last)]
    assert told_of(completions).told is told_of_attempts([Word(item.told) for item in completions]).told


FLIGHTS: dict[str, Sequence[Command]] = {
    "a beginning": (BEGIN,),
    "a statement of a transaction": (WRITE,),
    "a commit": (COMMIT,),
    "a whole transaction": (BEGIN, WRITE, COMMIT),
    "the end of a transaction": (WRITE, COMMIT),
    "a write of its own": (WRITE_ALONE,),
    "a read of its own": (READ_ALONE,),
    "writes of their own": (WRITE_ALONE, WRITE_ALONE),
    "reads of their own": (READ_ALONE, READ_ALONE),
}
PHASES = [
    Phase.OPEN,
    Phase.OPEN,
    Phase.COMMIT,
    Phase.COMMIT,
    Phase.COMMIT,
    Phase.ALONE,
    Phase.OPEN,
    Phase.SEVERAL,
    Phase.OPEN,
]


@pytest.mark.parametrize(("name", "phase"), list(zip(FLIGHTS, PHASES, strict=True)))
def test_the_phase_of_a_flight(name: str, phase: Phase) -> None:
    assert phase_of(tuple(FLIGHTS[name])) is phase


@pytest.mark.parametrize(("name", "failure"), list(product(FLIGHTS, [LOST, REFUSED, TERMINATED, PANICKED])))
@pytest.mark.parametrize("after_commit", [False, True])
def test_the_driver_tells_its_caller_what_the_table_says(name: str, failure: Failure, after_commit: bool) -> None:
    flight: Flight = tuple(FLIGHTS[name])
    progress = Progress()
    if after_commit:
        progress.sending((COMMIT,))
        progress.answered()
    progress.sending(flight)
    error: ServerError | ConnectionLost = ConnectionLost("cut")
    if failure.sqlstate is not None and failure.severity is not None:
        error = ServerError(failure.sqlstate, failure.severity, "no")
    parts = [Told.OK] * after_commit + [told(phase_of(flight), failure)]
    assert progress.completion(error).told is told_of_transactions(parts).told


def attempt(number: int, message: str, *truths: Truth, ended: bool = True, identified: bool = False) -> Attempt:
    transactions = tuple(Transaction(place, end) for place, end in enumerate(truths, start=1))
    return Attempt(number, message, Told.INFO if ended else None, transactions=transactions, identified=identified)


C, A, U = Truth.COMMITTED, Truth.ABORTED, Truth.UNKNOWN


@pytest.mark.parametrize(
    ("attempts", "end"),
    [
        ([attempt(1, "m", C, A), attempt(2, "m", A, C)], Truth.COMMITTED),
        ([attempt(1, "m1", C, A), attempt(2, "m2", A, C)], Truth.PARTIAL),
        ([attempt(1, "m1", C, A), attempt(2, "m2", C, C)], Truth.COMMITTED),
        ([attempt(1, "m", C, U), attempt(2, "m", A)], Truth.UNKNOWN),
        ([attempt(1, "m", C, U), attempt(2, "m", C, C)], Truth.COMMITTED),
        ([attempt(1, "m", A), attempt(2, "m", A, A)], Truth.ABORTED),
        ([attempt(1, "m", C)], Truth.PARTIAL),
        ([attempt(1, "m", C, ended=False)], Truth.UNKNOWN),
        ([attempt(1, "m", ended=False)], Truth.UNKNOWN),
        ([attempt(1, "m", C, ended=False, identified=True)], Truth.PARTIAL),
        ([attempt(1, "m", C, C, ended=False)], Truth.COMMITTED),
    ],
)
def test_attempts_under_one_id_add_up_and_others_do_not(attempts: list[Attempt], end: Truth) -> None:
    assert truth_of_attempts(attempts, 2) is end


def test_a_retry_that_finds_rows_and_so_has_less_to_do_is_the_whole_once_it_is_through() -> None:
    through = Attempt(2, "m", Told.OK, Phase.ENDED, transactions=(Transaction(1, C),))
    assert truth_of_attempts([attempt(1, "m", C, U), through], 3) is Truth.COMMITTED
    false = Attempt(2, "m", Told.OK, Phase.ENDED, transactions=(Transaction(1, A),))
    assert truth_of_attempts([attempt(1, "m", A, A), false], 3) is Truth.ABORTED


def test_where_more_transactions_were_seen_than_planned_nobody_can_say_which_are_the_whole() -> None:
    assert truth_of_attempts([attempt(1, "m", C, C, A)], 2) is Truth.UNKNOWN

"""The outcome of each message of a channel, by what everybody has of it."""

from __future__ import annotations

from dataclasses import replace

from bench.bus.messages import outcomes
from bench.crash.judge import Outcome
from bench.scenes import WARM, scene
from workloads.model import Model
from workloads.operations import Send
from workloads.projection import Projection


def correct() -> tuple[Projection, int]:
    """A store after a message to two agents, and the message's time."""
    made, model = scene("send", 2, WARM, "messages"), Model()
    for operation in (*made.setup, *made.target):
        model.apply(operation, model.context(operation))
    (send,) = made.target
    assert isinstance(send, Send)
    return model.projection(), send.at_ms


FACTS, AT_MS = correct()


def outcome(observed: Projection) -> Outcome:
    return outcomes(FACTS, observed, [AT_MS])[AT_MS]


def without(observed: Projection, copies: int, *, central: bool = True) -> Projection:
    own = [row for row in observed.a_message if row.created_at_ms == AT_MS][:copies]
    gone = [row for row in observed.c_message if row.created_at_ms == AT_MS and not central]
    return replace(
        observed,
        a_message=tuple(row for row in observed.a_message if row not in own),
        c_message=tuple(row for row in observed.c_message if row not in gone),
    )


def test_what_everybody_has_once_is_whole() -> None:
    assert outcome(FACTS) is Outcome.WHOLE


def test_a_missing_copy_or_a_missing_central_row_is_partial_and_nothing_at_all_is_lost() -> None:
    assert outcome(without(FACTS, 1)) is Outcome.PARTIAL
    assert outcome(without(FACTS, 0, central=False)) is Outcome.PARTIAL
    assert outcome(without(FACTS, 2, central=False)) is Outcome.LOST


def test_a_second_copy_is_a_duplicate_even_where_it_does_not_name_its_message() -> None:
    copy = next(row for row in FACTS.a_message if row.created_at_ms == AT_MS)
    assert outcome(replace(FACTS, a_message=(*FACTS.a_message, copy))) is Outcome.DUPLICATED
    assert outcome(replace(FACTS, a_message=(*FACTS.a_message, copy._replace(message=None)))) is Outcome.DUPLICATED


def test_a_stale_copy_is_partial_and_one_that_should_be_gone_is_too() -> None:
    copy = next(row for row in FACTS.a_message if row.created_at_ms == AT_MS)
    rest = tuple(row for row in FACTS.a_message if row is not copy)
    assert outcome(replace(FACTS, a_message=(*rest, copy._replace(text="otherwise")))) is Outcome.PARTIAL
    deleted = without(FACTS, 2, central=False)
    assert outcomes(deleted, without(FACTS, 1, central=False), [AT_MS])[AT_MS] is Outcome.PARTIAL


def test_a_deleted_message_is_whole_whether_or_not_the_copies_are_there_that_a_design_leaves_behind() -> None:
    left_behind = without(FACTS, 0, central=False)
    for copies in (0, 1, 2):
        assert outcomes(left_behind, without(left_behind, copies), [AT_MS])[AT_MS] is Outcome.WHOLE
    assert outcomes(left_behind, FACTS, [AT_MS])[AT_MS] is Outcome.PARTIAL

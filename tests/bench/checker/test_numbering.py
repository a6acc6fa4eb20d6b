from __future__ import annotations

from bench.checker.numbering import by_number, numbered
from bench.checker.rows import Copy, Operated, Rows, Subscribed
from bench.checker.violation import Violation

COPY = Copy("agent", "m", "channel", "ann", "hello", None, 0, 5, 1)


def test_ids_are_marked_and_words_and_figures_are_not() -> None:
    sent = Operated("op", "send", "client", "channel", author="ann", at_ms=5, invoke_ns=1, done_ns=2)
    marked = numbered(Rows(a_message=[COPY], subscription=[Subscribed("agent", "channel", 0)], history=[sent]), 7)
    assert marked.a_message == [Copy("7~agent", "7~m", "7~channel", "7~ann", "7~hello", None, 0, 5, 1)]
    assert marked.history[0].f == "send"
    assert marked.history[0].op == "7~op"
    assert marked.subscription == [Subscribed("7~agent", "7~channel", 0)]


def test_violations_go_to_the_store_whose_number_they_bear_and_those_without_one_to_nobody() -> None:
    own, nobodys = Violation("I4", ("7~agent", "7~m"), "central-only"), Violation("I18", ("server", "x"), "duplicate")
    assert by_number([own, nobodys]) == {7: {own}, None: {nobodys}}

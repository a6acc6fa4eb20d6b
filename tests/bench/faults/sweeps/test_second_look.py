from __future__ import annotations

from collections.abc import Callable

import pytest

from bench.checker.check import check
from bench.checker.in_sql.check import checking
from bench.checker.numbering import numbered
from bench.checker.rows import Copy, Message, Operated, Rows, Subscribed, Written
from bench.faults.sweeps import second_look as module
from bench.faults.sweeps.second_look import second_look
from bench.stores import Store
from variants.contract import Design, Options
from variants.floor import Floor

SENT = Operated("op", "send", "client", "channel", author="ann", at_ms=5, invoke_ns=1, done_ns=2, truth="committed")
CENTRAL = Message("m", "channel", "ann", "hello", None, 0, 5, 1)
COPY = Copy("agent", "m", "channel", "ann", "hello", None, 0, 5, 1)


def rows(*copies: Copy) -> Rows:
    return Rows(
        c_message=[CENTRAL],
        a_message=list(copies),
        subscription=[Subscribed("agent", "channel", 0)],
        history=[SENT],
        written=[Written("op", "m")],
    )


def test_ids_are_marked_and_words_and_figures_are_not() -> None:
    marked = numbered(rows(COPY), 7)
    assert marked.a_message == [Copy("7~agent", "7~m", "7~channel", "7~ann", "7~hello", None, 0, 5, 1)]
    assert marked.history[0].f == "send"
    assert marked.history[0].op == "7~op"
    assert marked.subscription == [Subscribed("7~agent", "7~channel", 0)]


def test_both_checkers_look_at_every_outcome_and_agree(fresh_store: Callable[[Design], Store]) -> None:
    with checking(fresh_store(Floor(Options())).conninfo) as connection:
        found = second_look([rows(COPY), rows(), rows(COPY._replace(content="bye"))], connection, peer_delivery=True)
        assert (found.outcomes, found.disagreements) == (3, 0)
        assert second_look([], connection, peer_delivery=True).outcomes == 0


def test_an_outcome_that_one_checker_sees_otherwise_is_counted(
    fresh_store: Callable[[Design], Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "check", lambda columns: [one for one in check(columns) if one.invariant != "I4"])
    with checking(fresh_store(Floor(Options())).conninfo) as connection:
        found = second_look([rows(COPY), rows(), rows()], connection, peer_delivery=True)
    assert (found.outcomes, found.disagreements) == (3, 2)

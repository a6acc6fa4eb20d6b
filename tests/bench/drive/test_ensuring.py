"""How a row that may exist is made sure of, and when a process may trust its memory of it. No server takes part."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from sqlalchemy import Column, ForeignKey, MetaData, Table, Text, bindparam, delete, select, text, update
from sqlalchemy.dialects.postgresql import insert

from bench.drive.ensuring import EnsureLevel, Ensuring, Memory
from bench.drive.flights import Atomicity, Command, Exchange, Flights, Verb, merged_flights, operation_flights
from variants.contract import Begin, Commit, Ensure, Query, Rejected, Rows, Side, Task, Writing

META = MetaData()
WORLDS = Table("worlds", META, Column("id", Text, primary_key=True))
ROOMS = Table(
    "rooms", META, Column("id", Text, primary_key=True), Column("world", Text, ForeignKey(WORLDS.c.id, ondelete="CASCADE"))
)
OTHERS = Table("others", META, Column("id", Text, primary_key=True))
TABLES = {Side.AGENT: META, Side.CENTRAL: MetaData()}

FIND = Query(Side.AGENT, select(ROOMS.c.id).where(ROOMS.c.id == bindparam("id")))
ADD = Query(Side.AGENT, insert(ROOMS).values(id=bindparam("id")).on_conflict_do_nothing())
ADD_TOO = Query(Side.AGENT, insert(OTHERS).values(id=bindparam("id")).on_conflict_do_nothing())
LOOK = Query(Side.AGENT, select(OTHERS.c.id))


def room(key: str) -> Ensure:
    return Ensure(FIND(id=key), (ADD(needs_rows=False, id=key), ADD_TOO(needs_rows=False, id=key)), key)


def task(*actions: object, end: Rejected | None = None, answers: list[object] | None = None) -> Task:
    def body() -> Writing:
        for action in actions:
            answer = yield action  # type: ignore[misc]  # as given
            if answers is not None:
                answers.append(answer)
        return end

    return Task("agent", "agent", body())


def transaction(*actions: object) -> tuple[object, ...]:
    return (Begin(Side.AGENT), *actions, Commit(Side.AGENT))


class Client:
    """Runs tasks against rows that are there, and says in words what was sent."""

    def __init__(self, level: EnsureLevel, *there: str) -> None:
        self.level = level
        self.memory = Memory(TABLES) if level is EnsureLevel.REMEMBERED else None
        self.there = set(there)
        self.fails_at: str | None = None

    def sends(self, *tasks: Task, joined: bool = False, exchange: Exchange = Exchange.PLAIN) -> list[str]:
        ensuring = Ensuring(self.level, self.memory)
        if joined:
            return self._words(merged_flights(tasks, exchange, ensuring))
        return self._words(operation_flights(tasks, Atomicity.PER_SIDE, exchange, ensuring))

    def _words(self, flights: Flights) -> list[str]:
        words: list[str] = []
        rows: Sequence[Rows] | None = None
        while True:
            try:
                flight = next(flights) if rows is None else flights.send(rows)
            except StopIteration:
                return words
            words.append(" ".join(map(word, flight)))
            if self.fails_at is not None and self.fails_at in words[-1]:
                flights.close()
                return words
            rows = [self._answer(command) for command in flight]

    def _answer(self, command: Command) -> Rows:
        if command.statement is None:
            return ()
        if command.statement.constant in {FIND, FIND_BY_TEXT}:
            return [("x",)] if command.statement.parameters[0] in self.there else []
        if command.statement.constant is ADD:
            self.there.add(str(command.statement.parameters[0]))
        return ()


def word(command: Command) -> str:
    if command.statement is None:
        return command.verb.value
    names = {FIND: "find", FIND_BY_TEXT: "find", ADD: "add", ADD_TOO: "add-too", LOOK: "look"}
    of = command.statement.constant
    return f"{names[of]}-{command.statement.parameters[0]}" if of in names and of is not LOOK else names.get(of, "change")


FIND_BY_TEXT = Query(Side.AGENT, text("SELECT id FROM rooms WHERE id = :id").bindparams(bindparam("id", type_=Text, required=True)))


def test_by_default_a_row_is_looked_for_and_added_when_absent() -> None:
    client = Client(EnsureLevel.FIND_FIRST, "a")
    assert client.sends(task(*transaction(room("a")))) == ["BEGIN", "find-a", "COMMIT"]
    assert client.sends(task(*transaction(room("b")))) == ["BEGIN", "find-b", "add-b", "add-too-b", "COMMIT"]
    assert client.sends(task(*transaction(room("b")))) == ["BEGIN", "find-b", "COMMIT"]


def test_inserted_without_a_look_it_is_answered_by_its_key_amid_others() -> None:
    client, answers = Client(EnsureLevel.INSERT, "a"), list[object]()
    done = task(*transaction(room("a"), (LOOK(), room("b"), LOOK(needs_rows=False))), answers=answers)
    assert client.sends(done) == ["BEGIN", "add-a", "add-too-a", "look", "add-b", "add-too-b", "look", "COMMIT"]
    assert answers == [None, "a", [(), "b", None], None]


def test_a_group_of_remembered_and_unknown_rows_is_answered_in_its_order() -> None:
    client, answers = Client(EnsureLevel.REMEMBERED, "a", "b"), list[object]()
    assert client.sends(task(*transaction(room("a")))) == ["BEGIN", "find-a", "COMMIT"]
    group = (room("a"), LOOK(), room("b"), room("c"))
    assert client.sends(task(*transaction(group), answers=answers)) == [
        *("BEGIN", "look", "find-b", "find-c", "add-c", "add-too-c", "COMMIT"),
    ]
    assert answers == [None, ["a", (), "b", "c"], None]
    assert client.sends(task(*transaction((room("a"), room("b"), room("c"))))) == ["BEGIN", "COMMIT"]


@pytest.mark.parametrize("exchange", list(Exchange))
def test_a_row_is_remembered_once_its_transaction_is_committed(exchange: Exchange) -> None:
    client = Client(EnsureLevel.REMEMBERED)
    client.fails_at = "COMMIT"
    assert "find-a" in " ".join(client.sends(task(*transaction(room("a"))), exchange=exchange))
    # The transaction was not seen to commit: the row may be gone with it.
    client.fails_at = None
    assert "find-a" in " ".join(client.sends(task(*transaction(room("a"))), exchange=exchange))
    assert "find-a" not in " ".join(client.sends(task(*transaction(room("a"), LOOK())), exchange=exchange))


def test_a_row_of_a_refused_task_is_not_remembered() -> None:
    client = Client(EnsureLevel.REMEMBERED)
    assert client.sends(task(Begin(Side.AGENT), room("a"), end=Rejected("no")))[-1] == "ROLLBACK"
    assert "find-a" in client.sends(task(*transaction(room("a"))))


def test_joined_a_row_is_remembered_when_the_whole_operation_is_committed() -> None:
    client = Client(EnsureLevel.REMEMBERED)
    client.fails_at = "change"
    both = task(*transaction(room("a"))), task(*transaction(CHANGES["another table"](needs_rows=False)))
    assert client.sends(*both, joined=True) == ["BEGIN", "find-a", "add-a", "add-too-a", "change"]
    client.fails_at = None
    # The first task's own commit is none when tasks are joined.
    assert "find-a" in client.sends(*fresh_tasks(), joined=True)
    assert "find-a" not in client.sends(*fresh_tasks(), joined=True)


def fresh_tasks() -> tuple[Task, Task]:
    return task(*transaction(room("a"))), task(*transaction(CHANGES["another table"](needs_rows=False)))


def test_within_one_transaction_a_row_is_looked_for_once() -> None:
    client = Client(EnsureLevel.REMEMBERED, "a")
    assert client.sends(task(*transaction(room("a"), room("a")))) == ["BEGIN", "find-a", "COMMIT"]


def test_outside_of_transactions_a_row_is_remembered_at_once() -> None:
    client = Client(EnsureLevel.REMEMBERED)
    client.fails_at = "look"
    assert client.sends(task(room("a"), LOOK())) == ["find-a", "add-a", "add-too-a", "look"]
    assert client.sends(task(room("a"), LOOK())) == ["look"]


CHANGES = {
    "the table itself": Query(Side.AGENT, delete(ROOMS)),
    "an update of it": Query(Side.AGENT, update(ROOMS).values(world=None)),
    "an upsert that updates it": Query(
        Side.AGENT, insert(ROOMS).values(id="x").on_conflict_do_update(index_elements=["id"], set_={"world": None})
    ),
    "a table whose rows it cascades from": Query(Side.AGENT, delete(WORLDS)),
    "a text that writes": Query(Side.AGENT, text("DELETE FROM others")),
    "within a WITH": Query(Side.AGENT, select(delete(ROOMS).returning(ROOMS.c.id).cte().c.id)),
    "another table": Query(Side.AGENT, delete(OTHERS)),
    "an insert": Query(Side.AGENT, insert(ROOMS).values(id="y")),
    "a text that reads": Query(Side.AGENT, text("SELECT 1")),
}
HARMLESS = {"another table", "an insert", "a text that reads"}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("committed", [True, False])
def test_a_row_is_forgotten_when_a_statement_may_have_removed_it(change: str, committed: bool) -> None:
    client = Client(EnsureLevel.REMEMBERED, "a")
    client.sends(task(*transaction(room("a"))))
    if not committed:
        client.fails_at = "COMMIT"
    client.sends(task(*transaction(CHANGES[change](needs_rows=False))))
    client.fails_at = None
    assert ("find-a" in client.sends(task(*transaction(room("a"))))) is (change not in HARMLESS)


@pytest.mark.parametrize("change", CHANGES)
def test_a_row_that_is_removed_in_the_same_transaction_is_not_remembered(change: str) -> None:
    client = Client(EnsureLevel.REMEMBERED, "a")
    client.sends(task(*transaction(room("a"), CHANGES[change](needs_rows=False))))
    assert ("find-a" in client.sends(task(*transaction(room("a"))))) is (change not in HARMLESS)


def test_a_row_that_a_text_looks_for_is_forgotten_at_any_change() -> None:
    client = Client(EnsureLevel.REMEMBERED, "a")
    by_text = Ensure(FIND_BY_TEXT(id="a"), (ADD(needs_rows=False, id="a"),), "a")
    client.sends(task(*transaction(by_text)))
    assert "find-a" not in client.sends(task(*transaction(by_text)))
    client.sends(task(*transaction(CHANGES["another table"](needs_rows=False))))
    assert "find-a" in client.sends(task(*transaction(by_text)))


def test_two_clients_do_not_share_their_memories() -> None:
    first, second = Client(EnsureLevel.REMEMBERED, "a"), Client(EnsureLevel.REMEMBERED, "a")
    first.sends(task(*transaction(room("a"))))
    assert "find-a" in second.sends(task(*transaction(room("a"))))


def test_a_memory_belongs_to_the_level_remembered_alone() -> None:
    with pytest.raises(ValueError, match="a memory belongs to the level remembered"):
        Ensuring(EnsureLevel.REMEMBERED)
    with pytest.raises(ValueError, match="a memory belongs to the level remembered"):
        Ensuring(EnsureLevel.INSERT, Memory(TABLES))


def test_verbs_are_never_without_their_transaction() -> None:
    words = Client(EnsureLevel.INSERT).sends(task(*transaction(room("a"))))
    assert (words[0], words[-1]) == (Verb.BEGIN.value, Verb.COMMIT.value)

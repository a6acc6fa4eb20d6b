"""What is sent together, and what a design is not allowed to do. No server takes part."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bench.drive.errors import ContractError
from bench.drive.flights import DIRECT, Atomicity, Exchange, Flight, Flights, Verb, operation_flights, reading_flights
from tests.bench.drive.toy import CONTEXT, Toy, send
from variants.contract import Begin, Commit, Reading, Rejected, Rows, Side, Task, Writing

TOY = Toy()


def answered(flights: Flights, *answers: Rows) -> list[Flight]:
    """The flights, when statements that need rows get these ones in turn."""
    given = iter(answers)
    sent: list[Flight] = []
    rows: list[Rows] | None = None
    while True:
        try:
            flight = next(flights) if rows is None else flights.send(rows)
        except StopIteration:
            return sent
        sent.append(flight)
        rows = [next(given) if command.statement and command.statement.needs_rows else () for command in flight]


def ending(flights: Flights) -> object:
    """What the flights return, when no statement needs rows."""
    rows: list[Rows] | None = None
    while True:
        try:
            flight = next(flights) if rows is None else flights.send(rows)
        except StopIteration as stop:
            return stop.value
        rows = [() for _ in flight]


def words(sent: list[Flight]) -> list[str]:
    """Each flight as a text: verbs, and the first word and table of statements; `!` is a transaction of its own."""

    def word(command: object) -> str:
        name = {TOY.count: "count", TOY.add: "add", TOY.find_room: "find", TOY.add_room: "room", TOY.copy: "copy"}
        statement = command.statement  # type: ignore[attr-defined]  # a Command
        if statement is None:
            return str(command.verb.value)  # type: ignore[attr-defined]  # a Command
        return name.get(statement.constant, "copies") + ("!" if command.alone else "")  # type: ignore[attr-defined]  # a Command

    return [" ".join(map(word, flight)) for flight in sent]


def of_send(atomicity: Atomicity, exchange: Exchange, *answers: Rows, text: str = "hello") -> list[str]:
    return words(answered(operation_flights(TOY.write(send("a", text), CONTEXT), atomicity, exchange), *answers))


FOUND: tuple[Rows, ...] = ([(0,)], [("general",)], [(1,)])
ABSENT: tuple[Rows, ...] = ([(0,)], [], [(1,)])


def test_plain_sends_one_command_a_flight() -> None:
    assert of_send(Atomicity.PER_SIDE, Exchange.PLAIN, *ABSENT) == [
        *("BEGIN", "count", "add", "COMMIT"),
        *("BEGIN", "find", "room", "copy", "COMMIT"),
        "copies!",
    ]


def test_shared_waits_only_where_rows_are_needed_and_at_a_commit() -> None:
    assert of_send(Atomicity.PER_SIDE, Exchange.SHARED, *ABSENT) == [
        *("BEGIN count", "add COMMIT"),
        *("BEGIN find", "room copy COMMIT"),
        "copies!",
    ]


def test_a_row_that_is_there_is_not_added() -> None:
    assert of_send(Atomicity.PER_SIDE, Exchange.SHARED, *FOUND)[2:4] == ["BEGIN find", "copy COMMIT"]


def test_joined_is_one_transaction_and_ignores_the_designs_own() -> None:
    assert of_send(Atomicity.JOINED, Exchange.PLAIN, *FOUND) == ["BEGIN", "count", "add", "find", "copy", "copies", "COMMIT"]
    assert of_send(Atomicity.JOINED, Exchange.SHARED, *FOUND) == ["BEGIN count", "add find", "copy copies", "COMMIT"]


@pytest.mark.parametrize("atomicity", DIRECT)
def test_a_refusal_rolls_back_and_skips_the_tasks_behind_it(atomicity: Atomicity) -> None:
    assert of_send(atomicity, Exchange.PLAIN, [(0,)], text="") == ["BEGIN", "count", "ROLLBACK"]
    assert of_send(atomicity, Exchange.SHARED, [(0,)], text="") == ["BEGIN count", "ROLLBACK"]


def test_a_refusal_before_anything_was_sent_sends_nothing_when_shared() -> None:
    def body() -> Writing:
        yield Begin(Side.CENTRAL)
        return Rejected("no")

    for exchange, expected in ((Exchange.PLAIN, ["BEGIN", "ROLLBACK"]), (Exchange.SHARED, [])):
        assert words(answered(operation_flights([task(body())], Atomicity.PER_SIDE, exchange))) == expected


@pytest.mark.parametrize("atomicity", DIRECT)
@pytest.mark.parametrize("exchange", list(Exchange))
def test_a_task_that_is_refused_without_a_word_ends_the_operation(atomicity: Atomicity, exchange: Exchange) -> None:
    def mute() -> Writing:
        yield from ()
        return Rejected("not today")

    def never() -> Writing:
        raise AssertionError("the task behind a refused one is run")
        yield

    flights = operation_flights([task(mute()), task(never())], atomicity, exchange)
    assert ending(flights) == Rejected("not today")


def test_an_operation_without_tasks_sends_nothing() -> None:
    for atomicity in DIRECT:
        for exchange in Exchange:
            assert answered(operation_flights([], atomicity, exchange)) == []


def test_independent_statements_share_a_flight_and_are_answered_in_their_order() -> None:
    got: list[object] = []

    def body() -> Writing:
        yield Begin(Side.AGENT)
        got.append((yield (TOY.copies(channel="c"), TOY.room("c"), TOY.copies(channel="d"), TOY.room("d"))))
        yield Commit(Side.AGENT)
        return None

    flights = operation_flights([task(body())], Atomicity.PER_SIDE, Exchange.SHARED)
    assert words(answered(flights, [(1,)], [], [(2,)], [("d",)])) == ["BEGIN copies find copies find", "room COMMIT"]
    assert got == [[[(1,)], "c", [(2,)], "d"]]


def task(body: Writing) -> Task:
    return Task("planted", "central", body)


ADD = TOY.add(needs_rows=False, id="a", channel="c", place=0, text="t")


def commit_without_begin() -> Writing:
    yield Commit(Side.CENTRAL)
    return None


def begin_within_begin() -> Writing:
    yield Begin(Side.CENTRAL)
    yield Begin(Side.AGENT)
    return None


def commit_on_the_other_side() -> Writing:
    yield Begin(Side.CENTRAL)
    yield Commit(Side.AGENT)
    return None


def statement_on_the_other_side() -> Writing:
    yield Begin(Side.AGENT)
    yield ADD
    yield Commit(Side.AGENT)
    return None


def lookup_on_the_other_side() -> Writing:
    yield Begin(Side.CENTRAL)
    yield TOY.room("c")
    yield Commit(Side.CENTRAL)
    return None


def open_end() -> Writing:
    yield Begin(Side.CENTRAL)
    yield ADD
    return None


def nonsense() -> Writing:
    yield "SELECT 1"  # type: ignore[misc]  # wrong on purpose
    return None


def nonsense_in_a_group() -> Writing:
    yield (ADD, Begin(Side.CENTRAL))  # type: ignore[misc]  # wrong on purpose
    return None


def nonsense_at_the_end() -> Writing:
    yield ADD
    return "done"  # type: ignore[return-value]  # wrong on purpose


@pytest.mark.parametrize("exchange", list(Exchange))
@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (commit_without_begin, "commits on the central side, where no transaction is open"),
        (begin_within_begin, "begins a transaction on the agent side while one is open"),
        (commit_on_the_other_side, "commits on the agent side, where no transaction is open"),
        (statement_on_the_other_side, "sends a central statement within a transaction of the agent side"),
        (lookup_on_the_other_side, "sends a agent statement within a transaction of the central side"),
        (open_end, "ends with an open transaction on the central side"),
        (nonsense, "yields 'SELECT 1', which is no action"),
        (nonsense_in_a_group, "yields a group with Begin(side=<Side.CENTRAL: 'central'>) in it, which is no statement"),
        (nonsense_at_the_end, "returns 'done' instead of nothing or Rejected"),
    ],
)
def test_a_breach_of_the_contract_is_named(body: Callable[[], Writing], fault: str, exchange: Exchange) -> None:
    for atomicity in DIRECT:
        with pytest.raises(ContractError) as breach:
            answered(operation_flights([told := task(body())], atomicity, exchange))
        assert str(breach.value) == f"{told.name}: {fault}"


@pytest.mark.parametrize("exchange", list(Exchange))
def test_a_refusal_after_a_commit_of_an_earlier_task_breaks_the_contract(exchange: Exchange) -> None:
    def first() -> Writing:
        yield Begin(Side.CENTRAL)
        yield ADD
        yield Commit(Side.CENTRAL)
        return None

    def second() -> Writing:
        yield from ()
        return Rejected("too late")

    with pytest.raises(ContractError, match="task 'late' is rejected after a commit of the operation"):
        answered(operation_flights([task(first()), Task("late", "agent", second())], Atomicity.PER_SIDE, exchange))


def test_a_refusal_after_a_write_that_is_its_own_transaction_breaks_the_contract() -> None:
    def body() -> Writing:
        yield ADD
        return Rejected("too late")

    with pytest.raises(ContractError, match="rejected after a commit"):
        answered(operation_flights([task(body())], Atomicity.PER_SIDE, Exchange.PLAIN))


def test_a_refusal_after_a_read_that_is_its_own_transaction_is_fine() -> None:
    def body() -> Writing:
        yield TOY.copies(channel="c")
        return Rejected("seen enough")

    flights = operation_flights([task(body())], Atomicity.PER_SIDE, Exchange.PLAIN)
    assert words(answered(flights, [(1,)])) == ["copies!"]


@pytest.mark.parametrize(("yielded", "fault"), [(ADD, "Statement("), ("SELECT 1", "'SELECT 1'")])
def test_a_read_yields_nothing_but_statements_whose_rows_it_needs(yielded: object, fault: str) -> None:
    def reading() -> Reading:
        yield yielded  # type: ignore[misc]  # wrong on purpose
        return []

    with pytest.raises(ContractError, match="is no statement whose rows are needed") as breach:
        answered(reading_flights(reading()))
    assert str(breach.value).startswith(f"a read yields {fault}")


def test_a_flight_never_has_anything_behind_a_commit() -> None:
    for atomicity in DIRECT:
        for answers in (FOUND, ABSENT):
            flights = operation_flights(TOY.write(send("a"), CONTEXT), atomicity, Exchange.SHARED)
            for flight in answered(flights, *answers):
                assert all(command.verb is not Verb.COMMIT for command in flight[:-1])

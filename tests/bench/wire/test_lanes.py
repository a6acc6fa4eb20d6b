"""Both lanes cut a connection at any message; what is left, what is told and what is proved is the same."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace

import psycopg
import pytest

from bench.drive.drivers import Completion, Links, Told, run
from bench.drive.flights import Atomicity, Exchange, Flight, operation_flights
from bench.errors import UserError
from bench.stores import Store
from bench.wire.cut import CUTS, Cut, Side
from bench.wire.emulated import EmulatedLane, lasting, messages_of
from bench.wire.evidence import Evidence
from bench.wire.gated import GatedLane
from bench.wire.lane import Lane
from tests.bench.drive.toy import CONTEXT, Toy, send
from variants.contract import CENTRAL_ACTOR, Rows, Task, Writing
from workloads.operations import Context, Send, Write

FreshStore = Callable[[Toy], Store]
Opened = Callable[..., AbstractContextManager[Lane]]

LANES: dict[str, Opened] = {"gated": GatedLane.opened, "emulated": EmulatedLane.opened}
BOTH_LANES = pytest.mark.parametrize("opened", LANES.values(), ids=LANES)
PLAIN, SHARED = Exchange.PLAIN, Exchange.SHARED

# The toy sends BEGIN, count, add, COMMIT; then BEGIN, find, add room, copy, COMMIT; then a statement of its own. Each is Bind,
# Describe, Execute; plain adds a Sync to each, shared one to each flight: begin+count, add+commit, begin+find, three, the last.
MESSAGES = {PLAIN: 10 * 4, SHARED: 10 * 3 + 5}
STATEMENTS = 6


class Loose(Toy):
    """Writes in transactions of one statement each, two of them sent together."""

    name = "loose"

    def write(self, operation: Write, context: Context) -> Sequence[Task]:
        assert isinstance(operation, Send)
        return [Task("central", CENTRAL_ACTOR, self._loosely(operation))]

    def _loosely(self, operation: Send) -> Writing:
        channel = operation.channel_id
        yield (
            self.add_room(needs_rows=False, channel=channel),
            self.add(needs_rows=False, id=operation.key, channel=channel, place=1, text=operation.text),
        )
        yield self.copy(needs_rows=False, id=operation.key, room=channel)
        return None


@dataclass(frozen=True)
class Outcome:
    """What became of one schedule: what the client was told, and what is proved."""

    told: Told
    lost: bool
    sqlstate: str | None
    evidence: Evidence


Left = tuple[int, int, int]
"""How many rows there are of a message in log, rooms and copies."""


def all_left(store: Store) -> dict[str, Left]:
    """What there is of each message that has left anything, by its channel."""
    query = """
        SELECT channel, sum(log)::int, sum(rooms)::int, sum(copies)::int FROM (
            SELECT channel, 1 AS log, 0 AS rooms, 0 AS copies FROM log
            UNION ALL SELECT channel, 0, 1, 0 FROM rooms
            UNION ALL SELECT room, 0, 0, 1 FROM copies
        ) found GROUP BY channel
    """
    with psycopg.connect(store.conninfo) as connection:
        return {channel: (log, rooms, copies) for channel, log, rooms, copies in connection.execute(query)}


def left_of(store: Store, name: str) -> Left:
    """What there is of one message."""
    return all_left(store).get(name, (0, 0, 0))


class Runs:
    """Sends messages to channels of their own through one lane."""

    def __init__(self, store: Store, design: Toy, lane: Lane, exchange: Exchange) -> None:
        self.store, self.design, self.lane, self.exchange = store, design, lane, exchange
        self._count = 0

    def once(self, cut: Cut | None) -> tuple[Outcome, int]:
        """One message under a cut, and how many messages of the protocol it took."""
        self._count += 1
        with self.lane.open() as links:
            self.lane.arm(links, cut)
            completion = self.write(links, self.last)
            evidence, count = self.lane.evidence(links), self.lane.count(links)
        return Outcome(completion.told, completion.lost, completion.sqlstate, evidence), count

    @property
    def last(self) -> str:
        """The channel of the last message."""
        return f"{type(self.lane).__name__}-{self._count}"

    def write(self, links: Links, name: str) -> Completion:
        """A message of this name to a channel of this name."""
        tasks = self.design.write(send(name, channel=name), CONTEXT)
        return run(links, operation_flights(tasks, Atomicity.PER_SIDE, self.exchange))

    def swept(self) -> dict[Cut, tuple[Outcome, Left]]:
        """Every message on either side, with what is left of it."""
        self.once(None)
        _, messages = self.once(None)
        outcomes: dict[Cut, tuple[Outcome, str]] = {}
        for message in range(1, messages + 1):
            for side in CUTS:
                outcome, _ = self.once(Cut(message, side))
                outcomes[Cut(message, side)] = outcome, self.last
        left = all_left(self.store)
        return {cut: (outcome, left.get(name, (0, 0, 0))) for cut, (outcome, name) in outcomes.items()}


@contextmanager
def runs_of(fresh_store: FreshStore, opened: Opened, exchange: Exchange, design: Toy | None = None) -> Iterator[Runs]:
    design = design or Toy()
    store = fresh_store(design)
    with opened(store, exchange) as lane:
        yield Runs(store, design, lane, exchange)


@BOTH_LANES
@pytest.mark.parametrize("exchange", Exchange)
def test_a_warm_connection_sends_what_libpq_sends_and_a_cold_one_prepares_first(
    fresh_store: FreshStore, opened: Opened, exchange: Exchange
) -> None:
    with runs_of(fresh_store, opened, exchange) as runs:
        _, cold = runs.once(None)
        outcome, warm = runs.once(None)
        assert left_of(runs.store, runs.last) == (1, 1, 1)
    assert warm == MESSAGES[exchange]
    assert cold == MESSAGES[exchange] + 2 * STATEMENTS
    assert outcome == Outcome(Told.OK, False, None, Evidence(False, MESSAGES[exchange], ("COMMIT", "COMMIT")))


def test_a_side_is_there_from_the_message_that_executes_its_commit_on(fresh_store: FreshStore) -> None:
    found = in_both_lanes(fresh_store, Toy(), PLAIN)
    assert len(found) == 2 * MESSAGES[PLAIN]
    # COMMIT is the 4th and the 9th command; its Execute is the 3rd of its four messages.
    first, second = 15, 35
    for cut, (outcome, left) in found.items():
        commits = (cut.passed >= first) + (cut.passed >= second)
        assert left == (commits >= 1, commits == 2, commits == 2), cut
        # The client is sure of a loss only before the first COMMIT goes out.
        told = Told.FAIL if cut.message <= 12 else Told.INFO
        assert outcome == Outcome(told, True, None, Evidence(True, cut.passed, ("COMMIT",) * commits)), cut


@pytest.mark.parametrize("design", [pytest.param(Toy, marks=pytest.mark.full), Loose])
def test_both_lanes_end_alike_where_several_transactions_travel_together(fresh_store: FreshStore, design: type[Toy]) -> None:
    found = in_both_lanes(fresh_store, design(), SHARED)
    assert {outcome.evidence.happened for outcome, _ in found.values()} == {True}
    # Nothing, the parts in their order, everything.
    assert len({left for _, left in found.values()}) == (3 if design is Toy else 4)


def in_both_lanes(fresh_store: FreshStore, design: Toy, exchange: Exchange) -> dict[Cut, tuple[Outcome, Left]]:
    """Every message on either side; both lanes tell the same."""
    found = []
    for opened in LANES.values():
        with runs_of(fresh_store, opened, exchange, design) as runs:
            found.append(runs.swept())
    assert found[0] == found[1]
    return found[0]


@BOTH_LANES
def test_a_message_that_never_comes_leaves_no_evidence(fresh_store: FreshStore, opened: Opened) -> None:
    with runs_of(fresh_store, opened, PLAIN) as runs:
        runs.once(None)
        outcome, _ = runs.once(Cut(MESSAGES[PLAIN] + 1, Side.REQUEST_LOST))
    assert outcome == Outcome(Told.OK, False, None, Evidence(False, MESSAGES[PLAIN], ("COMMIT", "COMMIT")))


@BOTH_LANES
def test_what_a_cut_connection_met_does_not_warm_the_next_one(fresh_store: FreshStore, opened: Opened) -> None:
    with runs_of(fresh_store, opened, PLAIN) as runs:
        for _ in range(2):
            # BEGIN takes 4 messages, then a statement is prepared: Parse is the 5th, its Sync the 6th.
            outcome, count = runs.once(Cut(6, Side.REPLY_LOST))
            assert (count, outcome.evidence) == (6, Evidence(True, 6, ()))


@BOTH_LANES
def test_a_connection_whose_backend_was_ended_is_not_used_again(fresh_store: FreshStore, opened: Opened) -> None:
    with runs_of(fresh_store, opened, PLAIN) as runs:
        with runs.lane.open() as links, psycopg.connect(runs.store.conninfo, autocommit=True) as other:
            (link,) = set(links.values())
            other.execute("SELECT pg_terminate_backend(%s, 5000)", [link.backend_pid])
            assert runs.write(links, "ended").lost
        assert runs.once(None)[0].told is Told.OK


@BOTH_LANES
def test_several_connections_of_a_lane_are_open_at_once(fresh_store: FreshStore, opened: Opened) -> None:
    with runs_of(fresh_store, opened, PLAIN) as runs, runs.lane.open() as first, runs.lane.open() as second:
        runs.lane.arm(first, Cut(1, Side.REQUEST_LOST))
        assert runs.write(second, "second").told is Told.OK
        assert runs.write(first, "first").lost
        assert left_of(runs.store, "first") == (0, 0, 0)


def test_a_zombie_keeps_its_locks_until_it_is_released(fresh_store: FreshStore) -> None:
    design = Toy()
    store = fresh_store(design)
    with GatedLane.opened(store, lock_timeout_ms=50) as lane:
        runs = Runs(store, design, lane, PLAIN)
        runs.once(None)
        with lane.open() as links:
            # The log's row is inserted by the third command; COMMIT never comes.
            lane.arm(links, Cut(13, Side.ZOMBIE))
            assert runs.write(links, "twice").lost
            with lane.open() as again:
                assert runs.write(again, "twice").sqlstate == "55P03"
            lane.release(links)
            with lane.open() as again:
                assert runs.write(again, "twice").told is Told.OK
            assert lane.evidence(links) == Evidence(True, 12, ())


def test_a_zombie_cannot_be_had_on_a_connection_that_is_kept(fresh_store: FreshStore) -> None:
    with runs_of(fresh_store, EmulatedLane.opened, PLAIN) as runs, runs.lane.open() as links:
        assert Side.ZOMBIE not in runs.lane.sides
        with pytest.raises(ValueError, match="zombie"):
            runs.lane.arm(links, Cut(1, Side.ZOMBIE))


@pytest.mark.parametrize(("side", "there"), [(Side.REQUEST_HELD, 0), (Side.REPLY_HELD, 1)])
def test_a_held_message_or_reply_goes_on_when_it_is_released(fresh_store: FreshStore, side: Side, there: int) -> None:
    with runs_of(fresh_store, GatedLane.opened, PLAIN) as runs:
        runs.once(None)
        with runs.lane.open() as links:
            runs.lane.arm(links, Cut(16, side))
            told: list[Completion] = []
            client = threading.Thread(target=lambda: told.append(runs.write(links, "held")))
            client.start()
            while not runs.lane.evidence(links).happened:
                client.join(0.01)
            if there:
                # COMMIT was executed, and nobody has heard of it.
                while left_of(runs.store, "held")[0] == 0:
                    client.join(0.01)
            assert client.is_alive()
            runs.lane.release(links)
            client.join(10)
            assert [completion.told for completion in told] == [Told.OK]
            assert left_of(runs.store, "held") == (1, 1, 1)


def test_a_server_that_must_be_reached_encrypted_is_told_so_before_anything_is_opened(fresh_store: FreshStore) -> None:
    store = fresh_store(Toy())
    encrypted = replace(store, endpoint=replace(store.endpoint, transport=(("sslmode", "require"),)))
    with pytest.raises(UserError, match="sslmode=disable"), GatedLane.opened(encrypted):
        pytest.fail("it was opened")


def test_counting_and_what_lasts_go_by_transactions() -> None:
    design = Toy()
    (flight, *_) = list(_flights(design, SHARED))
    assert [command.verb.value for command in flight] == ["BEGIN", "EXECUTE"]
    assert messages_of(flight, is_shared=True) == 7
    assert lasting(flight, 7, is_shared=True) == ()
    add, commit = _flights(design, SHARED)[1]
    assert lasting((add, commit), 5, is_shared=True) == ()
    assert lasting((add, commit), 6, is_shared=True) == (add, commit)
    (alone,) = _flights(design, SHARED)[-1]
    assert lasting((alone, alone), 7, is_shared=True) == (alone,)
    assert lasting((alone,), 3, is_shared=False) == ()
    assert lasting((alone,), 4, is_shared=False) == (alone,)


def _flights(design: Toy, exchange: Exchange) -> list[Flight]:
    found: list[Flight] = []
    flights = operation_flights(design.write(send("m"), CONTEXT), Atomicity.PER_SIDE, exchange)
    rows: list[Rows] | None = None
    while True:
        try:
            flight = next(flights) if rows is None else flights.send(rows)
        except StopIteration:
            return found
        found.append(flight)
        rows = [[(0,)] for _ in flight]

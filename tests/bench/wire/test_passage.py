"""What passes the gate of an armed connection, and what does not; the server is played."""

from __future__ import annotations

import pytest

from bench.wire.cut import Cut, Side
from bench.wire.evidence import Evidence
from bench.wire.passage import NOTHING, Orders, Watch
from bench.wire.protocol import FLUSH, ProtocolError
from tests.bench.wire.wires import (
    BIND,
    COMMAND,
    DESCRIBE,
    EXECUTE,
    PARSE,
    REFUSAL,
    SYNC,
    TERMINATE,
    complete,
    message,
    ready,
    start,
)

FLIGHT = b"".join(COMMAND)
BOUND = message("2")


def armed(message: int, side: Side) -> Watch:
    return Watch(Cut(message, side))


def test_a_connection_that_is_only_counted_passes_as_it_is() -> None:
    watch = Watch(None)
    assert watch.from_client(FLIGHT) == Orders(to_server=FLIGHT)
    assert watch.from_server(BOUND + complete("INSERT 0 1") + ready()) == Orders(to_client=BOUND + complete("INSERT 0 1") + ready())
    assert watch.count == 4
    assert watch.evidence == Evidence(False, 4, ("COMMIT",))


def test_half_a_message_waits_for_its_other_half() -> None:
    watch = Watch(None)
    assert watch.from_client(FLIGHT[:3]) == NOTHING
    assert watch.from_client(FLIGHT[3:]) == Orders(to_server=FLIGHT)


def test_a_farewell_passes_and_is_not_counted() -> None:
    watch = armed(1, Side.REQUEST_LOST)
    assert watch.from_client(TERMINATE) == Orders(to_server=TERMINATE)
    assert (watch.count, watch.evidence.happened) == (0, False)


def test_a_request_that_is_lost_ends_the_server_first_and_then_the_client() -> None:
    watch = armed(3, Side.REQUEST_LOST)
    # It must say what it has executed, though no Sync will ask for it.
    assert watch.from_client(FLIGHT) == Orders(to_server=BIND + DESCRIBE + FLUSH, end_server=True)
    assert watch.awaits_server
    assert watch.from_server(BOUND) == NOTHING
    assert not watch.evidence.happened
    assert watch.server_ended() == Orders(close_client=True)
    assert watch.evidence == Evidence(True, 2, ())
    assert watch.evidence.dropped == 2


def test_a_first_request_that_is_lost_leaves_nothing_to_say() -> None:
    assert armed(1, Side.REQUEST_LOST).from_client(FLIGHT) == Orders(end_server=True)


def test_a_reply_that_is_lost_is_read_to_its_end_and_swallowed() -> None:
    watch = armed(4, Side.REPLY_LOST)
    assert watch.from_client(FLIGHT) == Orders(to_server=FLIGHT)
    assert watch.from_server(BOUND + complete("COMMIT")) == NOTHING
    assert watch.from_server(ready()) == Orders(end_server=True)
    assert watch.server_ended() == Orders(close_client=True)
    assert watch.evidence == Evidence(True, 4, ("COMMIT",))


def test_an_executed_commit_shows_although_its_sync_never_came() -> None:
    watch = armed(3, Side.REPLY_LOST)
    assert watch.from_client(FLIGHT) == Orders(to_server=BIND + DESCRIBE + EXECUTE + FLUSH, end_server=True)
    watch.from_server(complete("COMMIT"))
    watch.server_ended()
    assert watch.evidence == Evidence(True, 3, ("COMMIT",))


def test_a_reply_is_not_lost_before_the_server_has_answered_all_transactions_of_a_flight() -> None:
    watch = armed(8, Side.REPLY_LOST)
    watch.from_client(FLIGHT + FLIGHT)
    assert watch.from_server(complete("INSERT 0 1") + ready()) == NOTHING
    assert watch.from_server(REFUSAL + ready()) == Orders(end_server=True)


def test_a_server_that_waits_for_the_data_of_a_copy_is_not_waited_for() -> None:
    watch = armed(1, Side.REPLY_LOST)
    watch.from_client(message("Q", b"COPY t FROM STDIN\0"))
    assert watch.from_server(message("G", b"\0\0\0")) == Orders(end_server=True)


def test_a_server_that_ends_by_itself_ends_the_client_too() -> None:
    watch = armed(4, Side.REPLY_LOST)
    watch.from_client(FLIGHT)
    assert watch.server_ended() == Orders(close_client=True)


def test_a_zombie_stays_with_the_server_until_it_is_released() -> None:
    watch = armed(2, Side.ZOMBIE)
    assert watch.from_client(FLIGHT) == Orders(to_server=BIND + FLUSH)
    assert watch.from_server(BOUND) == Orders(close_client=True)
    assert watch.client_ended() == NOTHING
    assert watch.holds
    assert watch.release() == Orders(end_server=True)
    assert (watch.holds, watch.awaits_server) == (False, True)
    watch.server_ended()
    assert watch.evidence == Evidence(True, 1, ())


def test_the_client_of_a_zombie_hears_of_it_once_the_server_has_executed_what_it_was_sent() -> None:
    watch = armed(4, Side.ZOMBIE)
    assert watch.from_client(FLIGHT) == Orders(to_server=BIND + DESCRIBE + EXECUTE + FLUSH)
    assert watch.from_server(BOUND + message("n")) == NOTHING
    assert watch.from_server(complete("INSERT 0 1")) == Orders(close_client=True)
    assert watch.from_server(b"") == NOTHING


def test_the_client_of_a_zombie_hears_of_it_at_an_error_behind_which_the_server_says_no_more() -> None:
    watch = armed(4, Side.ZOMBIE)
    watch.from_client(FLIGHT)
    assert watch.from_server(REFUSAL) == Orders(close_client=True)


def test_answers_to_an_earlier_flight_do_not_count_for_the_one_that_a_zombie_leaves() -> None:
    watch = armed(6, Side.ZOMBIE)
    assert watch.from_client(FLIGHT + FLIGHT) == Orders(to_server=FLIGHT + BIND + FLUSH)
    assert watch.from_server(BOUND + message("n") + complete("BEGIN")) == Orders(to_client=b"")
    assert watch.from_server(ready("T")) == NOTHING
    assert watch.from_server(BOUND) == Orders(close_client=True)


def test_the_client_of_a_zombie_that_owes_nothing_hears_of_it_at_once() -> None:
    watch = armed(5, Side.ZOMBIE)
    watch.from_client(FLIGHT)
    watch.from_server(BOUND + message("n") + complete("BEGIN") + ready("T"))
    assert watch.from_client(FLIGHT) == Orders(close_client=True)


def test_held_requests_go_on_in_their_order_even_after_their_client_is_gone() -> None:
    watch = armed(2, Side.REQUEST_HELD)
    assert watch.from_client(FLIGHT) == Orders(to_server=BIND)
    assert watch.from_client(TERMINATE) == NOTHING
    assert watch.client_ended() == NOTHING
    assert watch.release() == Orders(to_server=DESCRIBE + EXECUTE + SYNC + TERMINATE, end_server=True)
    assert watch.evidence == Evidence(True, 4, ())


def test_held_replies_wait_while_requests_pass() -> None:
    watch = armed(4, Side.REPLY_HELD)
    assert watch.from_client(FLIGHT) == Orders(to_server=FLIGHT)
    assert watch.from_server(complete("INSERT 0 1") + ready()) == NOTHING
    assert watch.release() == Orders(to_client=complete("INSERT 0 1") + ready())
    assert watch.release() == NOTHING
    assert watch.from_server(ready()) == Orders(to_client=ready())


def test_a_dropped_request_is_the_only_one_that_is_gone() -> None:
    watch = armed(2, Side.REQUEST_DROPPED)
    assert watch.from_client(FLIGHT) == Orders(to_server=BIND + EXECUTE + SYNC)
    assert watch.evidence == Evidence(True, 3, ())


def test_a_dropped_reply_takes_its_readiness_along_and_no_other_answer() -> None:
    watch = armed(6, Side.REPLY_DROPPED)
    watch.from_client(FLIGHT + FLIGHT + FLIGHT)
    first, second, third = (complete(f"INSERT 0 {n}") + ready() for n in (1, 2, 3))
    assert watch.from_server(first + second + third) == Orders(to_client=first + third)
    assert watch.evidence == Evidence(True, 12, ("COMMIT", "COMMIT", "COMMIT"))


def test_a_request_side_that_is_half_closed_still_hears_the_server() -> None:
    watch = armed(2, Side.REQUEST_HALF_CLOSED)
    assert watch.from_client(FLIGHT) == Orders(to_server=BIND + FLUSH, end_server=True)
    assert watch.from_server(BOUND) == Orders(to_client=BOUND)
    assert watch.from_client(FLIGHT) == NOTHING


def test_a_reply_side_that_is_half_closed_still_takes_requests() -> None:
    watch = armed(4, Side.REPLY_HALF_CLOSED)
    assert watch.from_client(FLIGHT) == Orders(to_server=FLIGHT, end_client=True)
    assert watch.from_server(complete("COMMIT") + ready()) == NOTHING
    assert watch.from_client(FLIGHT) == Orders(to_server=FLIGHT)
    assert watch.client_ended() == Orders(end_server=True)


@pytest.mark.parametrize("side", Side)
def test_a_message_that_never_comes_leaves_no_evidence(side: Side) -> None:
    watch = armed(5, side)
    assert watch.from_client(FLIGHT) == Orders(to_server=FLIGHT)
    assert watch.from_server(complete("INSERT 0 1") + ready()) == Orders(to_client=complete("INSERT 0 1") + ready())
    watch.client_ended()
    watch.server_ended()
    assert not watch.evidence.happened


def test_a_client_is_counted_from_its_first_word_on_where_it_is_armed_before_that() -> None:
    watch = Watch(Cut(3, Side.REQUEST_LOST), greets=True)
    assert watch.from_client(start(80877103, b"")) == Orders(to_server=start(80877103, b""))
    assert watch.from_server(b"N") == Orders(to_client=b"N")
    assert watch.from_client(start()) == Orders(to_server=start())
    assert watch.from_server(message("R", b"\0\0\0\0") + ready()).to_client == message("R", b"\0\0\0\0") + ready()
    assert watch.from_client(message("Q", b"SELECT 1\0")) == Orders(end_server=True)


def test_an_encrypted_connection_passes_unread() -> None:
    watch = Watch(Cut(2, Side.REQUEST_LOST), greets=True)
    watch.from_client(start(80877103, b""))
    assert watch.from_server(b"S") == Orders(to_client=b"S")
    assert watch.from_client(b"\x16\x03\x01nothing to read") == Orders(to_server=b"\x16\x03\x01nothing to read")
    assert watch.from_server(b"\x16\x03") == Orders(to_client=b"\x16\x03")
    assert not watch.evidence.happened


def test_bytes_that_are_no_protocol_are_refused_on_both_sides() -> None:
    watch = Watch(None)
    with pytest.raises(ProtocolError):
        watch.from_client(b"Q\0\0\0\0")
    with pytest.raises(ProtocolError):
        Watch(None).from_server(b"Z\0\0\0\1")


COPY_RESPONSE = message("G", b"\0\0\0")
DATA, DONE = message("d", b"1\n"), message("c")


def test_a_sync_that_a_copy_passes_over_is_not_waited_for() -> None:
    watch = armed(8, Side.REPLY_LOST)
    assert watch.from_client(PARSE + BIND + DESCRIBE + EXECUTE + SYNC).to_server
    assert watch.from_server(COPY_RESPONSE) == Orders(to_client=COPY_RESPONSE)
    assert watch.from_client(DATA + DONE) == Orders(to_server=DATA + DONE)
    # The server has answered one Sync of two, and owes nothing.
    assert watch.from_client(SYNC) == Orders(to_server=SYNC)
    assert watch.from_server(complete("COPY 1") + ready()) == Orders(end_server=True)
    watch.server_ended()
    assert watch.evidence == Evidence(True, 8, ("COMMIT",))


def test_a_whole_copy_that_was_sent_at_once_is_still_proved_by_its_tag() -> None:
    watch = armed(8, Side.REPLY_LOST)
    watch.from_client(PARSE + BIND + DESCRIBE + EXECUTE + SYNC + DATA + DONE + SYNC)
    # The server has all that it will ever get.
    assert watch.from_server(COPY_RESPONSE) == Orders(end_server=True)
    assert watch.from_server(complete("COPY 1") + ready()) == NOTHING
    watch.server_ended()
    assert watch.evidence == Evidence(True, 8, ("COMMIT",))


def test_a_copy_that_fails_is_answered_at_the_next_sync() -> None:
    watch = armed(9, Side.REPLY_LOST)
    watch.from_client(PARSE + BIND + DESCRIBE + EXECUTE + SYNC)
    watch.from_server(COPY_RESPONSE)
    watch.from_client(DATA)
    watch.from_server(REFUSAL)
    watch.from_client(DONE + SYNC)
    assert watch.from_server(ready()) == Orders(to_client=ready())
    assert watch.from_client(message("Q", b"SELECT 1\0")) == Orders(to_server=message("Q", b"SELECT 1\0"))
    assert watch.from_server(complete("SELECT 1")) == NOTHING
    assert watch.from_server(ready()) == Orders(end_server=True)


def test_a_server_that_answers_a_request_for_encryption_by_an_error_is_heard() -> None:
    watch = Watch(Cut(2, Side.REQUEST_LOST), greets=True)
    watch.from_client(start(80877103, b""))
    assert watch.from_server(REFUSAL) == Orders(to_client=REFUSAL)


def test_an_error_amid_many_statements_is_answered_once_a_sync_and_takes_what_shares_it_along() -> None:
    watch = armed(11, Side.REPLY_LOST)
    # Two statements under one Sync, the second of which fails; then one under a Sync of its own.
    watch.from_client(BIND + DESCRIBE + EXECUTE + BIND + DESCRIBE + EXECUTE + SYNC + BIND + DESCRIBE + EXECUTE + SYNC)
    assert watch.from_server(complete("INSERT 0 1") + REFUSAL + ready()) == NOTHING
    assert watch.from_server(complete("INSERT 0 1") + ready()) == Orders(end_server=True)
    watch.server_ended()
    assert watch.evidence == Evidence(True, 11, ("COMMIT",))

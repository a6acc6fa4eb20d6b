"""A stream of bytes is cut into messages wherever it is broken; what is no protocol is refused."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.wire.protocol import FLUSH, Framer, Kind, ProtocolError, is_inside, tag_of
from tests.bench.wire.wires import COMMAND, complete, message, ready, start

SSL_REQUEST = start(80877103, b"")
CANCEL_REQUEST = start(80877102, struct.pack("!II", 7, 9))


@given(st.lists(st.tuples(st.sampled_from("BDESPQCZTX"), st.binary(max_size=20)), max_size=8), st.data())
def test_messages_are_the_same_however_the_bytes_arrive(parts: list[tuple[str, bytes]], data: st.DataObject) -> None:
    stream = b"".join(message(kind, body) for kind, body in parts)
    framer, found = Framer(), []
    place = 0
    while place < len(stream):
        size = data.draw(st.integers(1, len(stream)))
        found += framer.feed(stream[place : place + size])
        place += size
    assert [(each.kind, each.body) for each in found] == parts
    assert b"".join(each.raw for each in found) == stream


def test_a_client_begins_with_packets_that_have_no_kind() -> None:
    stream = SSL_REQUEST + start() + message("p", b"secret") + message("Q", b"SELECT 1\0")
    framer = Framer(greets=True)
    found = [each.kind for byte in stream for each in framer.feed(bytes([byte]))]
    assert found == [Kind.ENCRYPTION, Kind.START, "p", Kind.QUERY]


def test_a_request_to_cancel_is_a_packet_of_its_own() -> None:
    (found,) = Framer(greets=True).feed(CANCEL_REQUEST)
    assert found == (Kind.CANCEL, CANCEL_REQUEST)


@pytest.mark.parametrize("length", [0, 3, 1 << 31])
def test_a_length_that_no_message_has_is_refused(length: int) -> None:
    with pytest.raises(ProtocolError, match="bytes"):
        Framer().feed(b"Q" + struct.pack("!I", length))


@pytest.mark.parametrize("stream", [b"GET / HTTP/1.1\r\n\r\n", b"\x00\x00\x00\x07\x00\x03\x00\x00"])
def test_a_client_that_does_not_speak_the_protocol_is_refused(stream: bytes) -> None:
    with pytest.raises(ProtocolError, match="first packet"):
        Framer(greets=True).feed(stream)


def test_tags_and_states_are_read_out_of_answers() -> None:
    framer = Framer()
    done, *states = framer.feed(complete("INSERT 0 1") + ready() + ready("T") + ready("E"))
    assert tag_of(done) == "INSERT 0 1"
    assert [is_inside(state) for state in states] == [False, True, True]


def test_flush_is_a_message_of_its_own() -> None:
    assert [each.kind for each in Framer().feed(COMMAND[0] + FLUSH)] == ["B", "H"]


def test_a_long_message_in_many_parts_is_one_message_and_what_follows_it_is_another() -> None:
    stream = message("d", b"x" * 3_000_000) + message("c")
    framer, found = Framer(), []
    for place in range(0, len(stream), 1000):
        found += framer.feed(stream[place : place + 1000])
    assert [(each.kind, len(each.body)) for each in found] == [("d", 3_000_000), ("c", 0)]
    assert b"".join(each.raw for each in found) == stream

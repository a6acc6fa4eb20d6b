"""Single operations that are not well formed are told in one line."""

from __future__ import annotations

from dataclasses import replace

import pytest

from workloads.errors import InputError
from workloads.ids import named_id
from workloads.operations import (
    AddAgent,
    ChannelKind,
    CreateChannel,
    CreateServer,
    Delete,
    Edit,
    IsParticipant,
    Join,
    LatestPage,
    Leave,
    ListChannels,
    ListParticipants,
    ListServers,
    Member,
    Metadata,
    Operation,
    PageBack,
    RecallContext,
    Reply,
    Role,
    Send,
)
from workloads.validate import check

UUID = "give a UUID in canonical form, lower case with four hyphens"
SERVER, AGENT = named_id("server"), named_id("agent")
SEND = Send("m", 1, "c", "ann", "hi", "web", "earlier", {"nested": [1, 2.5, None, True, {"a": "\u00e9"}]})
WELL_FORMED: list[Operation] = [
    CreateServer("k", 0, SERVER, "", "web", None, {}),
    CreateChannel("k", 1, "c", SERVER, "c", ChannelKind.DIRECT, "web", "s", "topic", {}),
    AddAgent("k", 1, SERVER, AGENT, "Ada"),
    Join("k", 1, "c", Member("x" * 255, Role.USER)),
    Leave("k", 1, "c", Member(AGENT, Role.AGENT)),
    SEND,
    Reply("r", 1, "c", AGENT, "hi", "web", "m", {}),
    Edit("e", 1, "c", "m", "new", 1),
    Delete("d", 9_223_372_036_854, "c", "m"),
    LatestPage("c", 1000),
    PageBack("c", 0, 1),
    RecallContext(AGENT, "c"),
    ListChannels(SERVER),
    ListParticipants("c"),
    IsParticipant("c", "ann"),
    ListServers(AGENT),
]


def complaint(operation: Operation) -> str:
    with pytest.raises(InputError) as told:
        check(operation)
    assert "\n" not in str(told.value)
    return str(told.value)


@pytest.mark.parametrize("operation", WELL_FORMED)
def test_a_well_formed_operation_of_each_kind_passes(operation: Operation) -> None:
    check(operation)
    assert len({type(each) for each in WELL_FORMED}) == 16


@pytest.mark.parametrize(
    ("operation", "told"),
    [
        (replace(SEND, text=""), "send 'm': text is empty: give at least one character"),
        (replace(SEND, text="a\0b"), "send 'm': text holds a NUL character: remove it, PostgreSQL stores none"),
        (replace(SEND, text="\ud800"), "send 'm': text holds a lone surrogate: give text that UTF-8 can hold"),
        (replace(SEND, author_id=""), "send 'm': author_id is empty: give at least one character"),
        (replace(SEND, channel_id="\u00e9" * 128), "send 'm': channel_id has 256 bytes: give an id of 1 to 255 bytes"),
        (replace(SEND, in_reply_to=""), "send 'm': in_reply_to is empty: give at least one character"),
        (replace(SEND, source_type="\0"), "send 'm': source_type holds a NUL character: remove it, PostgreSQL stores none"),
        (replace(SEND, at_ms=-1), "send 'm': at_ms is -1: give milliseconds since 1970, 0 to 9223372036854"),
        (replace(SEND, at_ms=10**13), "send 'm': at_ms is 10000000000000: give milliseconds since 1970, 0 to 9223372036854"),
        (Edit("e", 1, "c", "m", "new", 0), "edit 'e': rev is 0: give the number of the edit, 1 to 2147483647"),
        (LatestPage("c", 0), "latest_page: limit is 0: give a number of rows, 1 to 1000"),
        (PageBack("c", 5, 1001), "page_back: limit is 1001: give a number of rows, 1 to 1000"),
        (ListServers("ada"), f"list_servers: agent_id is 'ada': {UUID}"),
        (ListChannels(SERVER.upper()), f"list_channels: server_id is {SERVER.upper()!r}: {UUID}"),
        (Join("j", 1, "c", Member("ada", Role.AGENT)), f"join 'j': member id is 'ada': {UUID}"),
        (Leave("l", 1, "c", Member("", Role.USER)), "leave 'l': member id is empty: give at least one character"),
    ],
)
def test_a_field_out_of_range_is_named_with_kind_and_key(operation: Operation, told: str) -> None:
    assert complaint(operation) == told


@pytest.mark.parametrize(
    ("metadata", "told"),
    [
        ({"a": {"b": "\0"}}, "metadata at .a.b holds a NUL character: remove it, PostgreSQL stores none"),
        ({"a\0": 1}, "metadata key 'a\\x00' holds a NUL character: remove it, PostgreSQL stores none"),
        ({1: 2}, "metadata key 1 is 1: give text"),
        ({"a": [1, float("nan")]}, "metadata at .a[1] is nan: give a number that jsonb gives back unchanged"),
        ({"a": 1e300}, "metadata at .a is 1e+300: give a number that jsonb gives back unchanged"),
        ({"a": -0.0}, "metadata at .a is -0.0: give a number that jsonb gives back unchanged"),
        ({"a": {1, 2}}, "metadata at .a is of type set: give values of JSON"),
        ("text", "metadata is 'text': give a mapping"),
    ],
)
def test_metadata_that_jsonb_cannot_give_back_is_named_by_its_place(metadata: Metadata, told: str) -> None:
    assert complaint(replace(SEND, metadata=metadata)) == f"send 'm': {told}"

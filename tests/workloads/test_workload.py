"""Digests and counts of workloads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from workloads.ids import named_id
from workloads.operations import (
    AddAgent,
    ChannelKind,
    CreateChannel,
    CreateServer,
    Join,
    LatestPage,
    Member,
    Operation,
    Role,
    Send,
    Write,
)
from workloads.workload import Workload, counts, digest

SERVER, AGENT = named_id("server"), named_id("agent")
SETUP: list[Write] = [CreateServer("s", 1, SERVER, "Home", "test"), AddAgent("a", 1, SERVER, AGENT, "Ada")]
OPERATIONS: list[Operation] = [
    CreateChannel("c", 1, "talk", SERVER, "talk", ChannelKind.PUBLIC, "test"),
    Join("j1", 2, "talk", Member(AGENT, Role.AGENT)),
    Join("j2", 3, "talk", Member("ann", Role.USER)),
    Send("m", 4, "talk", "ann", "hi \ud83d", "test", metadata={"b": 1, "a": 2}),
    LatestPage("talk"),
]


def workload(setup: Sequence[Write], operations: Sequence[Operation]) -> Workload:
    return Workload("hand-made", {}, lambda: iter(setup), lambda: iter(operations))


def test_equal_operations_have_equal_digests_whatever_the_order_of_their_metadata() -> None:
    mirrored = [replace(each, metadata={"a": 2, "b": 1}) if isinstance(each, Send) else each for each in OPERATIONS]
    assert digest(workload(SETUP, OPERATIONS)) == digest(workload(SETUP, mirrored))
    assert digest(workload(SETUP, OPERATIONS)) == digest(replace(workload(SETUP, OPERATIONS), name="other", parameters={"x": 1}))


def test_every_field_and_the_order_count_for_a_digest() -> None:
    first, *others = OPERATIONS
    different = [
        workload(SETUP, OPERATIONS),
        workload(SETUP, others),
        workload(SETUP, [*others, first]),
        workload(SETUP[:1], OPERATIONS),
        workload(
            SETUP, [Join("j1", 2, "talk", Member(AGENT, Role.USER)) if each is OPERATIONS[1] else each for each in OPERATIONS]
        ),
        workload(SETUP, [replace(each, limit=49) if isinstance(each, LatestPage) else each for each in OPERATIONS]),
        workload(SETUP, [replace(each, at_ms=5) if isinstance(each, Send) else each for each in OPERATIONS]),
        workload(SETUP, [replace(each, in_reply_to="") if isinstance(each, Send) else each for each in OPERATIONS]),
    ]
    assert len({digest(each) for each in different}) == len(different)


def test_a_digest_is_the_same_in_every_release() -> None:
    assert digest(workload(SETUP, OPERATIONS)) == "bbcb80cbb4cd1c3bbe5f65cc05f4b1e5b21a0061ea4a8ef82aa2043dfad9151b"


def test_operations_are_counted_by_kind_with_those_of_the_setup() -> None:
    assert counts(workload(SETUP, OPERATIONS)) == {
        "create_server": 1,
        "add_agent": 1,
        "create_channel": 1,
        "join_agent": 1,
        "join": 1,
        "send": 1,
        "latest_page": 1,
    }

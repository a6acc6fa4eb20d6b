"""What a generated world holds: agents, direct channels, storms, restarts, churn; and what of it is measured."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest

from tests.workloads.generation.living import lived
from workloads.generation.make import workload_of
from workloads.generation.spec import WorkloadSpec
from workloads.model import Model
from workloads.operations import (
    WRITES,
    ChannelKind,
    CreateChannel,
    Join,
    Leave,
    Operation,
    PageBack,
    Reply,
    Send,
    author_of,
    kind_of,
)
from workloads.workload import counts

SMALL = WorkloadSpec(servers=2, channels=8, users=60, agents=6, messages=400, preload=0, compression=1.0)


def operations(**changes: object) -> list[Operation]:
    return list(workload_of(SMALL.model_copy(update=changes), 1).operations())


def found(**changes: object) -> Counter[str]:
    return Counter(map(kind_of, operations(**changes)))


def test_without_agents_nobody_recalls_or_replies() -> None:
    assert not {"add_agent", "join_agent", "recall_context", "reply"} & set(found(agents=0, agents_per_channel=0))


def test_an_agent_of_probability_one_answers_every_message_once_and_recalls_before_it() -> None:
    told = operations(reply_probability=1.0)
    kinds = Counter(map(kind_of, told))
    assert kinds["reply"] == kinds["recall_context"] == 2 * kinds["send"] == 800
    assert set(Counter(op.answers for op in told if isinstance(op, Reply)).values()) == {2}


def test_a_mention_is_always_answered_by_one_agent() -> None:
    assert found(reply_probability=0.0, mention_share=1.0)["reply"] == 400
    assert found(reply_probability=0.0, mention_share=0.0)["reply"] == 0


def test_a_reply_takes_its_time_and_time_is_compressed_as_a_whole() -> None:
    for compression in (1.0, 10.0):
        told = operations(reply_probability=1.0, compression=compression)
        sent = {op.key: op.at_ms for op in told if isinstance(op, Send)}
        delays_ms = sorted((op.at_ms - sent[op.answers]) * compression for op in told if isinstance(op, Reply))
        assert 4_000 < delays_ms[len(delays_ms) // 2] < 6_500
    real, fast = (
        [op.key for op in operations(compression=factor, reply_probability=1.0) if isinstance(op, (Send, Reply))]
        for factor in (1.0, 43_200.0)
    )
    assert real == fast


def test_agents_ignore_agents_but_in_a_chain() -> None:
    plain = operations(reply_probability=0.5)
    chained = operations(reply_probability=0.5, chain_probability=0.6, chain_depth=3)
    assert not [op for op in plain if isinstance(op, Reply) and op.answers.startswith("r")]
    depth: dict[str, int] = {}
    for operation in chained:
        if isinstance(operation, Reply):
            depth[operation.key] = 1 + depth.get(operation.answers, 0)
    assert set(depth.values()) == {1, 2, 3}


def test_agents_leave_return_and_come_late() -> None:
    kinds = found(agent_leave_share=0.3, late_agent_share=0.5, late_agent_messages=3.0)
    assert kinds["leave_agent"] > 20
    assert kinds["join_agent"] > 2 * 8


def test_a_channel_s_first_agent_is_there_from_its_opening_and_its_last_one_never_leaves() -> None:
    spec = SMALL.model_copy(update={"late_agent_share": 1.0, "late_agent_messages": 5.0, "agent_leave_share": 0.5})
    model = Model()
    late = 0
    for operation in [*workload_of(spec, 1).setup(), *workload_of(spec, 1).operations()]:
        if isinstance(operation, WRITES):
            context = model.context(operation)
            late += isinstance(operation, Send) and len(context.recipients) < 2
            assert not isinstance(operation, Send) or context.recipients
            model.apply(operation, context)
    assert late > 20


def test_a_direct_channel_has_one_agent_and_one_person_who_waits_for_the_answer() -> None:
    told = operations(direct_channels=5, direct_share=1.0, direct_think_median_s=60.0)
    assert {op.kind for op in told if isinstance(op, CreateChannel)} == {ChannelKind.DIRECT}
    members: dict[str, set[str]] = {}
    for operation in told:
        if isinstance(operation, Join):
            members.setdefault(operation.channel_id, set()).add(operation.member.id)
    assert {len(them) for them in members.values()} == {2}
    kinds = Counter(map(kind_of, told))
    assert kinds["reply"] == kinds["send"] == 400


def test_a_direct_channel_without_agents_is_of_two_people_who_take_turns() -> None:
    spec = SMALL.model_copy(
        update={"direct_channels": 3, "direct_share": 1.0, "agents_per_channel": 0, "direct_messages_mean": 30.0}
    )
    model = lived(workload_of(spec, 1))
    assert Counter(Counter(row.channel for row in model.projection().c_member).values()) == {2: 3}


def test_a_storm_is_one_account_in_each_of_its_channels_within_its_span() -> None:
    told = operations(messages=0, preload=50, storm_channels=100, storm_span_s=543.0, agents_per_channel=4)
    storm = [op for op in told if isinstance(op, Send)]
    assert len({op.author_id for op in storm}) == 1
    assert len({op.channel_id for op in storm}) == len(storm) == 100
    assert max(op.at_ms for op in storm) - min(op.at_ms for op in storm) < 543_000
    opened = {op.channel_id for op in told if isinstance(op, CreateChannel)}
    assert opened == {op.channel_id for op in storm}
    assert Counter(map(kind_of, told))["join_agent"] == 400


def test_a_storm_comes_amid_other_messages() -> None:
    told = [op for op in operations(storm_channels=20, storm_span_s=10_000.0) if isinstance(op, Send)]
    authors = Counter(op.author_id for op in told)
    assert len(told) == 420
    assert 20 in authors.values()


def test_newcomers_write_once_each() -> None:
    spec = SMALL.model_copy(update={"newcomers": True, "preload": 100})
    before = {op.author_id for op in workload_of(spec, 1).setup() if isinstance(op, Send)}
    authors = Counter(op.author_id for op in workload_of(spec, 1).operations() if isinstance(op, Send))
    assert set(authors.values()) == {1}
    assert len(authors) == 400
    assert not before & set(authors)


def test_a_restart_lets_every_agent_recall_its_channels_and_people_read_a_page() -> None:
    spec = SMALL.model_copy(update={"restart_clients": 30, "preload": 200, "messages": 0})
    workload = workload_of(spec, 1)
    channels = sum(isinstance(op, CreateChannel) for op in workload.setup())
    kinds = Counter(map(kind_of, workload.operations()))
    assert kinds["recall_context"] == 2 * channels
    assert kinds["latest_page"] == 30


def test_what_is_preloaded_is_written_in_the_setup_and_read_by_nobody() -> None:
    spec = SMALL.model_copy(update={"preload": 300})
    kinds = Counter(map(kind_of, workload_of(spec, 1).setup()))
    assert kinds["send"] == 300
    assert not {"latest_page", "recall_context"} & set(kinds)
    assert found(preload=300)["send"] == 400


def test_where_all_exist_nothing_comes_into_being_while_it_is_measured() -> None:
    kinds = found(all_exist=True, silent_readers=0.0)
    assert not {"create_channel", "join", "join_agent"} & set(kinds)
    lived(workload_of(SMALL.model_copy(update={"all_exist": True}), 1))


def test_where_all_exist_everybody_was_heard_where_they_write_before_anything_is_measured() -> None:
    workload = workload_of(
        SMALL.model_copy(update={"all_exist": True, "silent_readers": 0.0, "direct_channels": 3, "direct_share": 0.2}), 1
    )
    heard = {(op.channel_id, author_of(op)) for op in workload.setup() if isinstance(op, (Send, Reply))}
    wrote = {(op.channel_id, author_of(op)) for op in workload.operations() if isinstance(op, (Send, Reply))}
    assert any(isinstance(op, Reply) for op in workload.operations())
    assert wrote <= heard


def test_people_leave_and_new_channels_take_the_place_of_old_ones() -> None:
    told = operations(messages=2_000, leave_share=0.2, new_channel_share=0.05)
    assert sum(isinstance(op, Leave) for op in told) == pytest.approx(400, rel=0.2)
    assert sum(isinstance(op, CreateChannel) for op in told) == pytest.approx(100, rel=0.4)


def test_a_hot_channel_gets_its_share() -> None:
    sent = Counter(op.channel_id for op in operations(messages=5_000, kernels=(), hot_share=0.78) if isinstance(op, Send))
    assert max(sent.values()) / 5_000 == pytest.approx(0.78, abs=0.03)


def test_every_kind_of_read_comes_as_often_as_its_rate_says() -> None:
    rates: dict[str, object] = {
        "latest_pages": ((1.0, 60), (0.5, 10)),
        "permalinks_per_message": 0.3,
        "channel_lists_per_message": 0.2,
        "member_lists_per_message": 0.2,
        "member_checks_per_message": 0.4,
        "server_lists_per_message": 0.1,
        "messages": 3_000,
    }
    kinds = found(**rates)
    expected = {"latest_page": 1.5, "page_back": 0.3, "list_channels": 0.2, "list_participants": 0.2, "is_participant": 0.4}
    for kind, rate in (expected | {"list_servers": 0.1}).items():
        assert kinds[kind] == pytest.approx(3_000 * rate, rel=0.15)


def test_somebody_who_scrolls_back_reads_on_where_the_page_before_ended() -> None:
    pages = [
        op for op in operations(scrolls_per_message=1.0, scroll_limit=5, messages=1_500, channels=1) if isinstance(op, PageBack)
    ]
    assert {op.limit for op in pages} == {5}
    assert len(pages) > 3 * 1_400
    deeper = sum(later.before_ms < earlier.before_ms for earlier, later in pairwise(pages))
    assert deeper / len(pages) > 0.6


def test_a_busy_world_has_every_kind_of_operation() -> None:
    spec = SMALL.model_copy(
        update={"edit_share": 0.3, "delete_share": 0.3, "leave_share": 0.2, "agent_leave_share": 0.2, "scrolls_per_message": 0.5}
        | dict.fromkeys(("channel_lists_per_message", "member_lists_per_message"), 0.2)
        | dict.fromkeys(("member_checks_per_message", "server_lists_per_message"), 0.2)
    )
    assert set(counts(workload_of(spec, 1))) == {
        *("create_server", "create_channel", "add_agent", "join", "join_agent", "leave", "leave_agent"),
        *("send", "reply", "edit", "delete"),
        *("latest_page", "page_back", "recall_context", "list_channels", "list_participants", "is_participant", "list_servers"),
    }


def test_each_call_yields_the_same_stream_anew() -> None:
    workload = workload_of(SMALL, 3)
    first = list(workload.operations())
    assert [next(workload.operations()) for _ in range(2)] == [first[0], first[0]]
    assert list(workload.operations()) == first
    assert list(workload.setup()) == list(workload.setup())

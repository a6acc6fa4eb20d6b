"""What people write does not depend on what agents and readers do, and a trace of it says the same."""

from __future__ import annotations

from collections import Counter, defaultdict

import numpy as np
import pytest

from workloads.errors import InputError
from workloads.generation.make import workload_of
from workloads.generation.people import people, trace_of
from workloads.generation.spec import WorkloadSpec
from workloads.operations import Delete, Edit, Send

SMALL = WorkloadSpec(servers=2, channels=8, users=40, agents=12, messages=500, preload=100, compression=1.0, direct_channels=0)
SPAN_S = 40_000.0


def sends(spec: WorkloadSpec, seed: int = 1) -> list[tuple[str, str, str, str | None, str]]:
    """People's messages without the milliseconds that keep a channel's times apart."""
    workload = workload_of(spec, seed)
    operations = [*workload.setup(), *workload.operations()]
    return [(op.key, op.channel_id, op.author_id, op.in_reply_to, op.text) for op in operations if isinstance(op, Send)]


@pytest.mark.parametrize(
    "changes",
    [
        {"agents_per_channel": 0},
        {"agents_per_channel": 8},
        {"reply_probability": 0.9, "chain_probability": 0.3},
        {"latest_pages": (), "scrolls_per_message": 2.0, "permalinks_per_message": 1.0},
        {"edit_share": 0.5, "delete_share": 0.3},
        {"agent_leave_share": 0.5, "late_agent_share": 0.5},
        {"silent_readers": 0.0},
        {"recalls_per_message": 0.0, "cross_room_share": 1.0},
    ],
)
def test_people_write_the_same_whatever_agents_and_readers_do(changes: dict[str, object]) -> None:
    assert sends(SMALL.model_copy(update=changes)) == sends(SMALL)


def test_where_all_exist_people_write_the_same_once_everybody_was_heard() -> None:
    told, usual = sends(SMALL.model_copy(update={"all_exist": True})), sends(SMALL)
    assert told[-len(usual) :] == usual
    assert len(told) - len(usual) == len({(channel, author) for _, channel, author, _, _ in usual})


def test_their_times_differ_by_no_more_than_what_keeps_a_channel_s_times_apart() -> None:
    times = []
    for k in (0, 8):
        workload = workload_of(SMALL.model_copy(update={"agents_per_channel": k}), 1)
        times.append([op.at_ms for op in workload.operations() if isinstance(op, Send)])
    assert max(abs(one - other) for one, other in zip(*times, strict=True)) < 30


def test_another_seed_gives_other_people() -> None:
    assert sends(SMALL, 1) != sends(SMALL, 2)


def test_a_direct_conversation_does_not_depend_on_its_agent_s_being_there_to_answer() -> None:
    direct = SMALL.model_copy(update={"direct_channels": 6, "direct_share": 0.5, "agents_per_channel": 3})
    assert sends(direct) == sends(direct.model_copy(update={"reply_probability": 1.0, "agents_per_channel": 1}))


def test_a_channel_s_messages_are_numbered_and_answer_earlier_ones_of_it() -> None:
    last: defaultdict[int, int] = defaultdict(int)
    answers = 0
    for block in people(SMALL.model_copy(update={"messages": 40_000}), 3):
        for channel, sequence, distance in zip(
            block.channel.tolist(), block.sequence.tolist(), block.distance.tolist(), strict=True
        ):
            assert sequence == last[channel] + 1
            assert 0 <= distance < sequence
            last[channel] = sequence
            answers += distance > 0
    assert 0.25 < answers / sum(last.values()) < 0.27


def test_a_trace_has_the_sizes_and_the_span_that_are_asked_for() -> None:
    trace = trace_of(SMALL, 1, channels=5, users=20, messages=3_000, span_s=SPAN_S)
    assert len(trace) == 3_000
    assert set(trace.ch.tolist()) <= set(range(5))
    assert set(trace.u.tolist()) <= set(range(20))
    assert (np.diff(trace.t_s) >= 0).all()
    assert not trace.bot.any()
    again = trace_of(SMALL, 1, channels=5, users=20, messages=3_000, span_s=SPAN_S)
    assert all((getattr(trace, name) == getattr(again, name)).all() for name in ("t_s", "ch", "u", "text_bytes", "reply_to"))


def test_the_rate_of_independent_arrivals_is_that_of_messages_and_span() -> None:
    even = SMALL.model_copy(update={"kernels": (), "hour_shares": (), "weekend_factor": 1.0})
    trace = trace_of(even, 1, messages=10_000, span_s=1e6)
    assert trace.t_s[-1] == pytest.approx(1e6, rel=0.05)


def test_a_trace_says_what_the_operations_say() -> None:
    plain = SMALL.model_copy(update={"preload": 0})
    trace = trace_of(plain, 7)
    operations = [op for op in workload_of(plain, 7).operations() if isinstance(op, Send)]
    assert len(operations) == len(trace)
    keys = [op.key for op in operations]
    for row, (operation, answered) in enumerate(zip(operations, trace.reply_to.tolist(), strict=True)):
        assert operation.in_reply_to == (keys[answered] if answered >= 0 else None)
        assert len(operation.text.encode()) == trace.text_bytes[row]
        assert abs(operation.at_ms - plain.start_ms - trace.t_s[row] * 1000) < 100
    assert len(Counter(op.channel_id for op in operations)) == len(set(trace.ch.tolist()))
    assert len(Counter(op.author_id for op in operations)) == len(set(trace.u.tolist()))


def test_direct_channels_are_in_a_trace_when_they_are_asked_for() -> None:
    mixed = SMALL.model_copy(update={"direct_channels": 6, "direct_share": 0.5})
    assert trace_of(mixed, 1).ch.max() < SMALL.channels
    whole = trace_of(mixed, 1, direct=True)
    assert 0.4 < (whole.ch >= SMALL.channels).mean() < 0.6
    assert len(whole) == len(trace_of(mixed, 1)) == 600


def test_a_trace_without_messages_is_refused() -> None:
    with pytest.raises(InputError, match="messages is 0: give 1 or more"):
        trace_of(SMALL, 1, messages=0)


def test_edits_and_deletions_hit_messages_that_are_there_and_mostly_recent_ones() -> None:
    spec = SMALL.model_copy(update={"messages": 4_000, "edit_share": 0.3, "delete_share": 0.1, "channels": 2})
    sent: Counter[str] = Counter()
    deleted: set[str] = set()
    back: list[int] = []
    for operation in workload_of(spec, 5).operations():
        match operation:
            case Send():
                sent[operation.channel_id] = int(operation.key.partition("-")[2])
            case Edit():
                assert operation.message_key not in deleted
                back.append(sent[operation.channel_id] - int(operation.message_key.partition("-")[2]))
            case Delete():
                deleted.add(operation.message_key)
    assert len(back) == pytest.approx(1_200, rel=0.15)
    assert len(deleted) == pytest.approx(400, rel=0.25)
    recent = sum(distance < 25 for distance in back) / len(back)
    assert 0.87 < recent < 0.94

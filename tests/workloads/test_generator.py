"""Generated workloads."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workloads.errors import InputError
from workloads.generator import generate
from workloads.model import Model
from workloads.operations import (
    READS,
    WRITES,
    ChannelKind,
    CreateChannel,
    Join,
    Operation,
    PageBack,
    Reply,
    Role,
    Send,
    Write,
    kind_of,
)
from workloads.parameters import GeneratorParameters, ReadShares
from workloads.validate import check
from workloads.workload import Workload, counts, digest

SMALL = GeneratorParameters(servers=2, channels=6, users=30, agents=4, messages=400)
BUSY = replace(
    SMALL,
    messages_per_s=2.0,
    first_contact_share=0.3,
    leave_share=0.3,
    agent_leave_share=0.3,
    edit_share=0.3,
    delete_share=0.3,
    in_reply_to_share=0.8,
    reply_probability=0.5,
)


def applied(workload: Workload, *, peer_delivery: bool = True) -> Model:
    """The model after the whole workload; every operation is checked, and none may be refused."""
    model = Model(peer_delivery=peer_delivery)
    for operation in [*workload.setup(), *workload.operations()]:
        check(operation)
        if isinstance(operation, WRITES):
            model.apply(operation, model.context(operation))
        elif isinstance(operation, READS):
            model.answer(operation)
    return model


def writes(workload: Workload) -> list[Write]:
    return [operation for operation in workload.operations() if isinstance(operation, WRITES)]


@st.composite
def parameters(draw: st.DrawFn) -> GeneratorParameters:
    share = st.floats(0, 1)
    channels, agents = draw(st.integers(1, 5)), draw(st.integers(0, 4))
    k = st.integers(0, agents)
    private = draw(share)
    return GeneratorParameters(
        servers=draw(st.integers(1, 3)),
        channels=channels,
        users=draw(st.integers(1, 12)),
        agents=agents,
        agents_per_channel=draw(st.one_of(k, st.tuples(*[k] * channels))),
        messages=draw(st.integers(0, 80)),
        messages_per_s=draw(st.floats(0.01, 1000)),
        private_share=private,
        direct_share=draw(st.floats(0, 1 - private)),
        first_contact_share=draw(share),
        in_reply_to_share=draw(share),
        reply_probability=draw(share),
        recalls_per_consideration=draw(st.integers(0, 2)),
        reads_per_message=draw(st.floats(0, 3)),
        edit_share=draw(share),
        delete_share=draw(share),
        leave_share=draw(share),
        agent_leave_share=draw(share),
    )


@settings(deadline=None, max_examples=150)
@given(parameters(), st.integers(0, 2**32), st.booleans())
def test_every_generated_operation_is_well_formed_and_none_is_refused(
    chosen: GeneratorParameters, seed: int, peer_delivery: bool
) -> None:
    workload = generate(chosen, seed)
    first = applied(workload, peer_delivery=peer_delivery).projection()
    second = applied(generate(chosen, seed), peer_delivery=peer_delivery).projection()
    assert first.digest() == second.digest()
    assert counts(workload).get("send", 0) == chosen.messages


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_every_kind_of_operation_occurs_in_a_busy_workload(seed: int) -> None:
    shares = ReadShares(1, 1, 1, 1, 1, 1)
    found = counts(generate(replace(BUSY, reads=shares), seed))
    assert set(found) == {
        *("create_server", "create_channel", "add_agent", "join", "join_agent", "leave", "leave_agent"),
        *("send", "reply", "edit", "delete"),
        *("latest_page", "page_back", "recall_context", "list_channels", "list_participants", "is_participant", "list_servers"),
    }


def test_each_call_yields_the_same_stream_anew() -> None:
    workload = generate(BUSY, 3)
    first = list(workload.operations())
    half = [next(workload.operations()) for _ in range(2)]
    assert list(workload.operations()) == first
    assert half == [first[0], first[0]]
    assert list(workload.setup()) == list(workload.setup())


def test_seeds_and_parameters_make_different_workloads() -> None:
    chosen = [generate(SMALL, 1), generate(SMALL, 2), generate(replace(SMALL, messages=401), 1), generate(BUSY, 1)]
    assert len({digest(workload) for workload in chosen}) == len(chosen)


def test_a_generated_workload_does_not_depend_on_hash_seed_time_zone_or_locale() -> None:
    program = (
        "from workloads.generator import generate; from workloads.parameters import GeneratorParameters; "
        "from workloads.workload import digest; "
        "print(digest(generate(GeneratorParameters(channels=20, users=50, messages=300, edit_share=0.2), 7)))"
    )
    digests = set()
    for hash_seed, zone, locale in (("0", "UTC", "C"), ("1", "Asia/Kathmandu", "C.UTF-8"), ("4242", "America/Lima", "de_DE")):
        environment = os.environ | {"PYTHONHASHSEED": hash_seed, "TZ": zone, "LC_ALL": locale}
        result = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
        digests.add(result.stdout.strip())
    assert digests == {digest(generate(GeneratorParameters(channels=20, users=50, messages=300, edit_share=0.2), 7))}


def test_parameters_are_described_in_values_of_json() -> None:
    described = dict(generate(replace(SMALL, agents_per_channel=(0, 1, 2, 3, 4, 0)), 5).parameters)
    assert json.loads(json.dumps(described)) == described
    assert described["seed"] == 5
    assert described["agents_per_channel"] == [0, 1, 2, 3, 4, 0]
    assert described["reads"] == {name: getattr(SMALL.reads, name) for name in ReadShares.__slots__}


def test_each_channel_gets_its_own_number_of_agents() -> None:
    per_channel = (0, 1, 2, 3, 4, 0)
    workload = generate(replace(SMALL, agents_per_channel=per_channel, direct_share=0.0, agent_leave_share=0.0), 1)
    joined = Counter(op.channel_id for op in writes(workload) if isinstance(op, Join) and op.member.role is Role.AGENT)
    opened = [op for op in writes(workload) if isinstance(op, CreateChannel)]
    assert len(opened) == len(per_channel)
    assert all(joined[op.channel_id] == per_channel[int(op.name.removeprefix("channel "))] for op in opened)


def test_a_direct_channel_has_one_agent_and_one_user_or_two_users() -> None:
    for agents_per_channel, users_at_once in ((2, 1), (0, 2)):
        chosen = replace(BUSY, direct_share=1.0, private_share=0.0, agents_per_channel=agents_per_channel, agent_leave_share=0.0)
        model = Model()
        most = 0
        for operation in [*generate(chosen, 1).setup(), *writes(generate(chosen, 1))]:
            model.apply(operation, model.context(operation))
            found = model.projection() if isinstance(operation, Join) else None
            if found is not None:
                assert {row.kind for row in found.c_channel} == {ChannelKind.DIRECT.value}
                most = max(most, *Counter(row.channel for row in found.c_member).values())
        assert most == users_at_once + min(agents_per_channel, 1)


def test_without_agents_nobody_recalls_or_replies() -> None:
    found = counts(generate(replace(SMALL, agents=0, agents_per_channel=0), 1))
    assert not {"add_agent", "join_agent", "recall_context", "reply"} & set(found)


def test_an_agent_of_probability_one_answers_every_message_of_its_channels() -> None:
    certain = replace(SMALL, reply_probability=1.0, direct_share=0.0, agent_leave_share=0.0, leave_share=0.0)
    operations = list(generate(certain, 1).operations())
    found = Counter(kind_of(operation) for operation in operations)
    assert found["reply"] == found["recall_context"] == 2 * found["send"]
    sent = {operation.key for operation in operations if isinstance(operation, Send)}
    assert Counter(op.answers for op in operations if isinstance(op, Reply)) == dict.fromkeys(sent, 2)


def test_a_reply_comes_after_the_agent_has_had_time_to_write_it() -> None:
    operations = list(generate(replace(SMALL, messages_per_s=5.0), 1).operations())
    sent = {operation.key: operation.at_ms for operation in operations if isinstance(operation, Send)}
    delays_ms = sorted(op.at_ms - sent[op.answers] for op in operations if isinstance(op, Reply))
    assert delays_ms[0] > 500
    assert 3_000 < delays_ms[len(delays_ms) // 2] < 8_000


def test_shares_and_rates_are_met() -> None:
    chosen = GeneratorParameters(channels=40, users=400, messages=10_000)
    operations: list[Operation] = list(generate(chosen, 11).operations())
    found = Counter(kind_of(operation) for operation in operations)
    for kind, expected in (("edit", 400), ("leave", 100), ("delete", 49), ("latest_page", 7_500), ("page_back", 1_900)):
        assert abs(found[kind] - expected) < 5 * expected**0.5
    links = sum(op.in_reply_to is not None for op in operations if isinstance(op, Send))
    assert 0.23 < links / chosen.messages < 0.28
    sent = [op for op in operations if isinstance(op, Send)]
    span_s = (sent[-1].at_ms - sent[0].at_ms) / 1000
    assert 0.9 < chosen.messages / span_s < 1.1
    lengths = sorted(len(op.text.encode()) for op in sent)
    assert 42 <= lengths[5_000] <= 52
    assert max(Counter(op.channel_id for op in sent).values()) / chosen.messages > 0.3


def test_reads_do_not_move_what_is_written() -> None:
    without = replace(BUSY, reads_per_message=0.0, recalls_per_consideration=0)
    assert writes(generate(without, 1)) == writes(generate(replace(BUSY, reads_per_message=4.5), 1))
    assert not any(isinstance(operation, PageBack) for operation in generate(without, 1).operations())


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"servers": 0}, "servers is 0: give a whole number from 1"),
        ({"messages": -1}, "messages is -1: give a whole number from 0"),
        ({"messages": 1.5}, "messages is 1.5: give a whole number from 0"),
        ({"agents_per_channel": 13}, "agents_per_channel is 13: give a whole number from 0 to 12"),
        ({"agents_per_channel": (1, 2)}, "agents_per_channel has 2 numbers: give 512, one a channel"),
        ({"edit_share": 1.1}, "edit_share is 1.1: give a number from 0 to 1"),
        ({"reply_probability": float("nan")}, "reply_probability is nan: give a number from 0 to 1"),
        ({"private_share": 0.7, "direct_share": 0.7}, "private_share + direct_share is 1.4: give a number from 0 to 1"),
        ({"messages_per_s": 0.0}, "messages_per_s is 0.0: give a number from 0.001"),
    ],
)
def test_a_parameter_out_of_range_is_named(changes: dict[str, object], told: str) -> None:
    with pytest.raises(InputError) as refused:
        GeneratorParameters(**changes)  # type: ignore[arg-type]
    assert str(refused.value).startswith(f"generator: {told}")


def test_read_shares_and_seeds_out_of_range_are_refused() -> None:
    with pytest.raises(InputError, match="read shares"):
        ReadShares(0, 0, 0, 0, 0, 0)
    with pytest.raises(InputError, match="read shares"):
        ReadShares(latest_page=-1)
    with pytest.raises(InputError, match="seed is -1"):
        generate(SMALL, -1)

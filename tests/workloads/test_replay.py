"""Traces as workloads."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from workloads.agent_rule import DEFAULT, AgentRule
from workloads.errors import InputError
from workloads.ids import named_id
from workloads.model import Model
from workloads.operations import (
    READS,
    WRITES,
    AddAgent,
    CreateChannel,
    Join,
    LatestPage,
    Operation,
    RecallContext,
    Reply,
    Role,
    Send,
    kind_of,
)
from workloads.replay import EPOCH_MS, replay
from workloads.trace import Trace, Window, read_trace
from workloads.validate import check
from workloads.workload import Workload, counts, digest

HEADER = "t,ch,u,bytes,reply_to,bot"


def trace_of(tmp_path: Path, *rows: str, window: Window | None = None) -> Trace:
    path = tmp_path / "trace.csv"
    path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    return read_trace(path, window)


def replayed(trace: Trace, agents: str = "1", reply: float = 0.0, seed: int = 1, reads: bool = False) -> Workload:
    return replay(trace, AgentRule.parse(agents), reply, seed, reads)


def short(operation: Operation) -> str:
    """An operation in few words."""
    match operation:
        case CreateChannel():
            return f"open {operation.channel_id}"
        case Join():
            return f"{operation.member.role} joins {operation.channel_id}"
        case Send():
            return f"{operation.key}: {operation.author_id} in {operation.channel_id} to {operation.in_reply_to}"
        case Reply():
            return f"{operation.key}: reply in {operation.channel_id} to {operation.answers}"
        case LatestPage():
            return f"page of {operation.channel_id}"
        case RecallContext():
            return f"recall of {operation.channel_id}"
    return kind_of(operation)


def lines(workload: Workload) -> list[str]:
    return [short(operation) for operation in workload.operations()]


def applied(workload: Workload) -> Model:
    """The model after the whole workload; every operation is checked, and none may be refused."""
    model = Model()
    for operation in [*workload.setup(), *workload.operations()]:
        check(operation)
        if isinstance(operation, WRITES):
            model.apply(operation, model.context(operation))
        elif isinstance(operation, READS):
            model.answer(operation)
    return model


def test_rooms_open_and_people_join_at_their_first_row(tmp_path: Path) -> None:
    workload = replayed(trace_of(tmp_path, "0,5,1,9,,0", "1,5,2,9,0,0", "2,6,1,9,,0", "3,5,1,9,1,0"), "2")
    assert lines(workload) == [
        *("open room-5", "agent joins room-5", "agent joins room-5", "user joins room-5", "row-0: user-1 in room-5 to None"),
        *("user joins room-5", "row-1: user-2 in room-5 to row-0"),
        *("open room-6", "agent joins room-6", "agent joins room-6", "user joins room-6", "row-2: user-1 in room-6 to None"),
        "row-3: user-1 in room-5 to row-1",
    ]


def test_agents_are_added_in_the_setup_as_many_as_the_busiest_room_needs(tmp_path: Path) -> None:
    trace = trace_of(tmp_path, "0,5,1,9,,0", "1,5,2,9,0,0", "2,6,1,9,,0")
    workload = replayed(trace, "0,2:3")
    added = [operation for operation in workload.setup() if isinstance(operation, AddAgent)]
    assert [(agent.name, agent.agent_id) for agent in added] == [(f"agent-{n}", named_id(f"agent-{n}")) for n in (1, 2, 3)]
    assert counts(workload)["create_server"] == 1
    joined = [op.channel_id for op in workload.operations() if isinstance(op, Join) and op.member.role is Role.AGENT]
    assert joined == ["room-5"] * 3


def test_after_a_message_of_a_user_the_page_is_read_and_every_agent_that_answers_recalls_first(tmp_path: Path) -> None:
    workload = replayed(trace_of(tmp_path, "0,5,1,9,,0"), "2", reply=1.0, reads=True)
    assert lines(workload)[5:] == [
        "page of room-5",
        "recall of room-5",
        "row-0-agent-1: reply in room-5 to row-0",
        "recall of room-5",
        "row-0-agent-2: reply in room-5 to row-0",
    ]
    assert lines(replayed(trace_of(tmp_path, "0,5,1,9,,0"), "2", reply=0.0, reads=True))[5:] == ["page of room-5"]
    assert lines(replayed(trace_of(tmp_path, "0,5,1,9,,0"), "2", reply=1.0))[5:] == [
        "row-0-agent-1: reply in room-5 to row-0",
        "row-0-agent-2: reply in room-5 to row-0",
    ]


def test_a_row_of_a_bot_is_a_reply_of_the_rooms_first_agent_and_nobody_answers_it(tmp_path: Path) -> None:
    rows = ("0,5,1,9,,0", "1,5,2,9,,0", "2,5,77,9,0,1", "3,5,77,9,,1")
    workload = replayed(trace_of(tmp_path, *rows), "2", reads=True)
    assert lines(workload)[-4:] == [
        "row-2: reply in room-5 to row-0",
        "page of room-5",
        "row-3: reply in room-5 to row-2",
        "page of room-5",
    ]
    replies = [operation for operation in workload.operations() if isinstance(operation, Reply)]
    assert {reply.agent_id for reply in replies} == {named_id("agent-1")}
    assert workload.parameters["bot_rows_as_replies"] == 2
    assert workload.parameters["bot_rows_as_sends"] == 0


@pytest.mark.parametrize(("agents", "bots_as_sends"), [("0", 4), ("1", 1)])
def test_a_bot_without_an_agent_or_without_a_message_before_it_posts_as_a_user(
    tmp_path: Path, agents: str, bots_as_sends: int
) -> None:
    rows = ("0,5,77,9,,1", "1,5,77,9,,1", "2,5,77,9,0,1", "3,6,1,9,,0", "4,6,77,9,,1", "5,6,1,9,,0", "6,5,1,9,,0")
    workload = replayed(trace_of(tmp_path, *rows), agents)
    assert workload.parameters["bot_rows_as_sends"] == bots_as_sends
    assert workload.parameters["bot_rows_as_replies"] == 4 - bots_as_sends
    found = counts(workload)
    assert found.get("reply", 0) == 4 - bots_as_sends
    assert found["send"] == 3 + bots_as_sends
    assert lines(workload)[-1] == "row-6: user-1 in room-5 to None"
    assert len(applied(workload).projection().c_message) == len(rows)


def test_a_bot_that_posts_as_a_user_is_answered_by_nobody(tmp_path: Path) -> None:
    workload = replayed(trace_of(tmp_path, "0,5,77,9,,1"), "2", reply=1.0, reads=True)
    assert lines(workload)[-2:] == ["row-0: user-77 in room-5 to None", "page of room-5"]


def test_texts_have_exactly_the_bytes_of_the_trace_and_no_text_is_empty(tmp_path: Path) -> None:
    sizes = [0, 1, 2, 3, 50, 4_000, 300_000, 0]
    workload = replayed(trace_of(tmp_path, *[f"{t},5,1,{size},,{t % 2}" for t, size in enumerate(sizes)]))
    texts = [operation.text for operation in workload.operations() if isinstance(operation, (Send, Reply))]
    assert [len(text.encode()) for text in texts] == [max(size, 1) for size in sizes]
    assert workload.parameters["empty_texts_made_one_byte"] == 2


def test_links_out_of_the_window_are_dropped_and_counted(tmp_path: Path) -> None:
    rows = ("0,5,1,9,,0", "1,5,2,9,0,0", "2,5,1,9,0,0", "3,6,1,9,,0", "4,6,2,9,3,0")
    workload = replayed(trace_of(tmp_path, *rows, window=Window(1, 100)))
    links = {op.key: op.in_reply_to for op in workload.operations() if isinstance(op, Send)}
    assert links == {"row-1": None, "row-2": None, "row-3": None, "row-4": "row-3"}
    assert workload.parameters["reply_links_kept"] == 1
    assert workload.parameters["reply_links_dropped_before_window"] == 2
    assert workload.parameters["window"] == "1:100"


def test_times_are_those_of_the_trace_bumped_to_increase_within_a_room(tmp_path: Path) -> None:
    workload = replayed(trace_of(tmp_path, "1.5,5,1,9,,0", "1.5,6,1,9,,0", "1.5,5,1,9,,0", "99.0004,5,1,9,,0"), "1")
    assert [op.at_ms - EPOCH_MS for op in workload.operations() if isinstance(op, CreateChannel)] == [1_500, 1_500]
    assert [op.at_ms - EPOCH_MS for op in workload.operations() if isinstance(op, Send)] == [1_503, 1_503, 1_504, 99_000]


def test_a_row_keeps_its_key_whatever_the_window(tmp_path: Path) -> None:
    rows = [f"{t},5,1,9,{t - 1 if t else ''},0" for t in range(6)]
    whole = {line for line in lines(replayed(trace_of(tmp_path, *rows))) if line.startswith("row-")}
    part = [line for line in lines(replayed(trace_of(tmp_path, *rows, window=Window(2, 3)))) if line.startswith("row-")]
    assert part[0] == "row-2: user-1 in room-5 to None"
    assert len(part) == 3
    assert set(part[1:]) < whole


def test_a_replay_is_the_same_each_time_and_another_one_for_another_seed(tmp_path: Path) -> None:
    trace = trace_of(tmp_path, *[f"{t},{t % 3},{t % 7},{t * 13 % 90},,{int(t % 11 == 5)}" for t in range(200)])
    workload = replayed(trace, DEFAULT, 0.5, reads=True)
    assert list(workload.operations()) == list(workload.operations())
    assert digest(workload) == digest(replayed(trace, DEFAULT, 0.5, reads=True))
    assert digest(workload) != digest(replayed(trace, DEFAULT, 0.5, seed=2, reads=True))
    assert json.loads(json.dumps(dict(workload.parameters))) == dict(workload.parameters)
    assert applied(workload).projection().digest() == applied(workload).projection().digest()


@pytest.mark.parametrize("probability", [-0.1, 1.1, float("nan"), float("inf")])
def test_a_reply_probability_out_of_range_is_refused(tmp_path: Path, probability: float) -> None:
    with pytest.raises(InputError, match=r"reply probability is .*: give a number from 0 to 1"):
        replayed(trace_of(tmp_path, "0,5,1,9,,0"), reply=probability)


def test_a_seed_below_zero_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="seed is -1: give a whole number from 0"):
        replayed(trace_of(tmp_path, "0,5,1,9,,0"), seed=-1)


@pytest.mark.parametrize(
    ("name", "window"),
    [
        ("gitter_fcc_2016.csv.gz", "22848433:1200"),
        ("gitter_fcc_2016.csv.gz", "5766043:86400"),
        ("irc_ubuntu_train.csv.gz", "36000:3600"),
    ],
)
def test_windows_of_the_shared_traces_are_accepted_whole(traces: Path, name: str, window: str) -> None:
    trace = read_trace(traces / name, Window.parse(window))
    workload = replayed(trace, DEFAULT, 0.15, reads=True)
    model = applied(workload)
    found = Counter(counts(workload))
    bots = workload.parameters["bot_rows_as_replies"]
    assert isinstance(bots, int)
    assert found["send"] + bots == found["latest_page"] == len(trace)
    assert found["create_channel"] == workload.parameters["rooms"] == len(set(trace.ch.tolist()))
    assert len(model.projection().c_message) == found["send"] + found["reply"]
    assert digest(workload) == digest(replayed(trace, DEFAULT, 0.15, reads=True))


def test_the_storm_is_one_account_in_almost_every_room(traces: Path) -> None:
    trace = read_trace(traces / "gitter_fcc_2016.csv.gz", Window.parse("22848433:1200"))
    workload = replayed(trace)
    rooms_of_user = Counter(op.member.id for op in workload.operations() if isinstance(op, Join))
    assert max(count for user, count in rooms_of_user.items() if user.startswith("user-")) >= 490


def test_of_a_few_rows_the_agents_are_those_that_the_whole_trace_gives(tmp_path: Path) -> None:
    whole = trace_of(tmp_path, "0,1,1,5,,0", "1,2,1,5,,0", "2,2,1,5,,0", "3,2,1,5,,0")
    rule = AgentRule.parse("1,top1:3")
    workload = replay(whole, rule, 0.0, 1, False, rows=1)
    assert sum(isinstance(op, Send) for op in workload.operations()) == 1
    assert sum(isinstance(op, Join) and op.member.role is Role.AGENT for op in workload.operations()) == 1
    assert (workload.parameters["rows"], workload.parameters["rows_of_window"], workload.parameters["rooms"]) == (1, 4, 1)
    assert len(list(replay(whole, rule, 0.0, 1, False, rows=9).operations())) == len(
        list(replay(whole, rule, 0.0, 1, False).operations())
    )

"""What `dual_deployed` sends for the operations that no message is part of, and the id of an own reply."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from bench.scenes import Scene, scene
from variants.contract import Begin, Commit, Options, Rejected, Side, Statement, Task
from variants.dual_deployed import DualDeployed
from variants.schema.deployed_agents import own_reply_id
from variants.schema.identity import memory_id, unique_uuid
from workloads.model import Model
from workloads.operations import Context, IsParticipant, ListServers, Reply

DESIGN = DualDeployed(Options())


def last_of(kind: str, k: int = 1) -> tuple[Scene, Context]:
    """A scene of the kind, and the context of what it is about."""
    made, model = scene(kind, k, "warm", "deployed"), Model()
    for operation in made.setup:
        model.apply(operation, model.context(operation))
    return made, model.context(made.target[0])


def sent(tasks: Sequence[Task], answers: Iterable[Sequence[tuple[Any, ...]]] = ()) -> list[str]:
    """What the tasks send when their statements are answered so, and with no row afterwards."""
    waiting = iter(answers)
    told: list[str] = []
    for task in tasks:
        rows: Any = None
        while True:
            try:
                action = task.body.send(rows)
            except StopIteration as stop:
                if isinstance(stop.value, Rejected):
                    return [*told, f"rejected: {stop.value.reason}"]
                break
            match action:
                case Begin():
                    told.append("BEGIN")
                case Commit():
                    told.append("COMMIT")
                case Statement():
                    told.append(" ".join(re.findall(r"^\w+|(?<=INTO )\w+|(?<=FROM )\w+|(?<=UPDATE )\w+", action.constant.sql)))
            rows = next(waiting, ()) if isinstance(action, Statement) and action.needs_rows else None
    return told


def test_a_departure_reads_the_list_and_puts_the_others_back_in_one_transaction() -> None:
    made, context = last_of("leave")
    members = [(member.id,) for member in context.members]
    leaver = made.target[0].member.id  # type: ignore[union-attr]  # the target of this scene is a Leave
    found = sent(DESIGN.write(made.target[0], context), [[*members, (leaver,)]])
    assert found == [
        *("SELECT channel_participants", "BEGIN", "UPDATE channels", "DELETE channel_participants", "INSERT channel_participants"),
        *("COMMIT", "SELECT channels"),
    ]
    assert sent(DESIGN.write(made.target[0], context), [[(leaver,)]]) == [name for name in found if not name.startswith("INSERT")]
    assert sent(DESIGN.write(made.target[0], context), [members]) == ["SELECT channel_participants"]


def test_an_edit_is_central_alone_and_refused_when_there_is_nothing_to_edit() -> None:
    made, context = last_of("edit")
    assert context.holders
    assert sent(DESIGN.write(made.target[0], context)) == [
        "SELECT root_messages",
        "rejected: the message is gone or has a newer edit",
    ]
    names = [column.name for column in DESIGN.tables[Side.CENTRAL].tables["root_messages"].c]
    stored = [tuple({"rev": 0} if name == "metadata" else name for name in names)]
    newer = [tuple({"rev": 2} if name == "metadata" else name for name in names)]
    assert sent(DESIGN.write(made.target[0], context), [stored]) == ["SELECT root_messages", "UPDATE root_messages"]
    assert sent(DESIGN.write(made.target[0], context), [newer])[-1].startswith("rejected")


def test_a_delete_looks_for_a_copy_under_an_id_that_it_does_not_have() -> None:
    made, context = last_of("delete", 2)
    tasks = DESIGN.write(made.target[0], context)
    (looked,) = [action for action in next(iter(tasks[1:])).body if isinstance(action, Statement)]
    agent = context.holders[0]
    assert unique_uuid(agent, str(context.message_id)) in looked.parameters
    assert memory_id(agent, str(context.message_id)) not in looked.parameters
    assert sent(DESIGN.write(made.target[0], context)) == ["DELETE root_messages", *["SELECT memories"] * 2]


def test_a_message_that_an_agent_has_already_is_not_remembered_again() -> None:
    made, context = last_of("send")
    row = [("there",)]
    found = sent(DESIGN.write(made.target[0], context), [row, (), row, row, row, row, row, row])
    assert found[-1] == "SELECT memories"
    assert "INSERT memories" not in found


def test_a_channel_that_does_not_exist_refuses_a_message() -> None:
    made, context = last_of("send")
    assert sent(DESIGN.write(made.target[0], context)[:1]) == ["SELECT channels", "rejected: there is no such channel"]


def test_membership_is_tested_and_an_agents_servers_are_found_in_the_program() -> None:
    reading = DESIGN.read(IsParticipant("c", "uma"))
    assert "user_id = " not in next(reading).constant.sql
    assert _answer(reading, [("ann",), ("uma",)]) == [(True,)]
    servers = DESIGN.read(ListServers("agent"))
    next(servers)
    first = servers.send([("s1", "one"), ("s2", "two")])
    assert "server_agents" in first.constant.sql
    servers.send([("agent",)])
    assert _answer(servers, [("other",)]) == [("s1", "one")]


def _answer(reading: Any, rows: Sequence[tuple[Any, ...]]) -> Any:
    try:
        reading.send(rows)
    except StopIteration as stop:
        return stop.value
    raise AssertionError("the read goes on")


def test_the_id_of_an_own_reply_has_the_form_of_a_random_one_and_no_formula_finds_it() -> None:
    made, context = last_of("reply")
    (reply,) = made.target
    assert isinstance(reply, Reply)
    agent, message = reply.agent_id, str(context.message_id)
    key = own_reply_id(agent, context)
    assert uuid.UUID(key).version == 4
    assert uuid.UUID(key).variant == uuid.RFC_4122
    assert key == own_reply_id(agent, context)
    assert key not in {memory_id(agent, message), unique_uuid(agent, message), message}
    others = {own_reply_id(unique_uuid(agent, "x"), context), own_reply_id(agent, replace(context, attempt=2))}
    assert len(others | {key}) == 3

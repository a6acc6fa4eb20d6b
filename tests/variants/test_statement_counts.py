"""How many statements an operation takes, as docs/designs.md says: a message that each agent answers, an agent's join."""

from __future__ import annotations

import pytest

from bench.designs_page import PAGE
from bench.verify.world import AGENTS, HARBOUR, Script
from tests.variants.test_inserts import actions
from variants.contract import Ensure, Options, Statement
from variants.dual import Dual
from variants.hybrid import Hybrid
from workloads.model import Model
from workloads.operations import Reply, Send, Write

CHANNEL, USER = "general", "ann"


def conversation(agents: tuple[str, ...]) -> list[Write]:
    """Everybody speaks once, so that all rows are there; then a question that each agent answers."""
    script = Script()
    script.server(HARBOUR)
    script.channel(CHANNEL, HARBOUR, topic=None)
    for agent in agents:
        script.agent(agent, HARBOUR)
    script.join(CHANNEL, USER, *agents)
    for question in ("first", "second"):
        script.send(question, CHANNEL, USER)
        for agent in agents:
            script.reply(f"{question} {agent}", CHANNEL, agent, question)
    return [step.write for step in script.steps]


@pytest.mark.parametrize(("k", "expected"), [(1, 10), (2, 27), (3, 52)])
def test_a_question_that_every_agent_answers_takes_one_and_five_k_and_four_k_squared_statements(k: int, expected: int) -> None:
    design, model = Dual(Options()), Model()
    counted = 0
    for write in conversation(AGENTS[:k]):
        context = model.context(write)
        tasks = design.write(write, context)
        if isinstance(write, (Send, Reply)) and write.key.startswith("second"):
            # Every row that may exist does by now, so that making sure of it is one look.
            counted += sum(1 for task in tasks for _ in actions(task))
        model.apply(write, context)
    assert counted == expected == 1 + 5 * k + 4 * k * k
    assert "1 + 5k + 4k²" in PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize("users", [1, 50])
def test_an_agent_of_the_hybrid_notes_everybody_in_three_steps_however_many_there_are(users: int) -> None:
    script = Script()
    script.server(HARBOUR)
    script.channel(CHANNEL, HARBOUR, topic=None)
    script.agent(AGENTS[0], HARBOUR)
    script.join(CHANNEL, *(f"user {number}" for number in range(users)), AGENTS[0])
    design, model = Hybrid(Options()), Model()
    *before, join = [step.write for step in script.steps]
    for write in before:
        model.apply(write, model.context(write))
    (task,) = design.write(join, model.context(join))
    room, entities, participants = actions(task)
    assert isinstance(room, Ensure)
    assert [insert.constant.sql.split()[2] for insert in (entities, participants) if isinstance(insert, Statement)] == [
        "entities",
        "participants",
    ]

"""How many statements a message takes that each agent of its channel answers once, as docs/designs.md says of `dual`."""

from __future__ import annotations

import pytest

from bench.designs_page import PAGE
from bench.verify.world import AGENTS, HARBOUR, Script
from tests.variants.test_inserts import actions
from variants.contract import Options
from variants.dual import Dual
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

"""What the comparison with pgbench costs before it is begun: seconds, and bytes of results and databases. Pure."""

from __future__ import annotations

from bench.configuration.model import Configuration
from bench.load.placing import LoadPlacement
from bench.pgbench.files import PGBENCH_PHASE
from bench.pgbench.plan import MESSAGES_AN_ITERATION, PgbenchPlan

SECONDS_PER_ARM = 1.2
"""A fresh copy, connecting, and the proof."""

SECONDS_PER_MESSAGE, SECONDS_PER_AGENT = 0.001, 0.0004
"""One message, by any arm but the control arm; and for each agent of its channel."""

SECONDS_PER_DESIGN = 4.0
BYTES_PER_ROW, BYTES_PER_PROOF = 400, 700
BYTES_PER_SCRIPT_MESSAGE = 1_500
"""What a message takes in the exported store, as if nothing of it could be compressed, for each place that keeps it."""

BYTES_PER_DATABASE, BYTES_PER_COPY = 15_000_000, 3_000


def plan_of(configuration: Configuration) -> PgbenchPlan:
    """The size of the comparison."""
    return PgbenchPlan(
        configuration.pgbench_rounds,
        configuration.pgbench_messages,
        configuration.pgbench_clients,
        configuration.pgbench_agents,
        configuration.seed,
        LoadPlacement(configuration.pgbench_placement) is LoadPlacement.APART,
    )


def budgets(configuration: Configuration, designs: int) -> dict[str, float]:
    """The seconds of the phase, if the run has it."""
    if not configuration.pgbench_rounds:
        return {}
    plan = plan_of(configuration)
    message_s = SECONDS_PER_MESSAGE + SECONDS_PER_AGENT * (1 + plan.agents)
    arm_s = SECONDS_PER_ARM + message_s * plan.each(plan.clients[0]) * plan.clients[0]
    ready_s = SECONDS_PER_DESIGN + message_s * sum(plan.counts())
    return {PGBENCH_PHASE: designs * ready_s + plan.rounds * (1 + plan.arms(designs) * arm_s)}


def result_bytes(configuration: Configuration, designs: int) -> int:
    """Rows, proofs and the exported scripts at the most."""
    if not configuration.pgbench_rounds:
        return 0
    plan = plan_of(configuration)
    scripts = designs * (20_000 * MESSAGES_AN_ITERATION + BYTES_PER_SCRIPT_MESSAGE * (2 + plan.agents) * sum(plan.counts()))
    # The rows stand in the summary once more.
    return scripts + plan.rounds * plan.arms(designs) * (2 * BYTES_PER_ROW + 2 * BYTES_PER_PROOF)


def database_bytes(configuration: Configuration, designs: int) -> int:
    """The stores before the messages, and the one that is filled."""
    if not configuration.pgbench_rounds:
        return 0
    plan = plan_of(configuration)
    filled = BYTES_PER_COPY * (2 + plan.agents) * sum(plan.counts())
    return (designs + 2) * (BYTES_PER_DATABASE + BYTES_PER_SCRIPT_MESSAGE * sum(plan.counts())) + filled

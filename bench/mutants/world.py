"""A world in which nothing is wrong, as the checkers are shown it: what mutants are made of. Pure.

The facts are those of the reference model after a seeded stream of operations, the ids those of the mapping's formulas, and the
history tells every operation ok.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence

from bench.bus.heard import all_ok, rows_of
from bench.bus.stream import stream
from bench.checker.rows import Rows
from bench.mutants.readers import add_reads
from bench.proof.observation import Mapped, Observation, Sequenced
from variants.schema.identity import message_row_id, row_id
from workloads.model import Model
from workloads.operations import Join, Leave, Write
from workloads.projection import AgentMessageRow, MessageRow, Projection


def correct_rows(name: str, seed: int, operations: int = 80) -> Rows:
    """A store, a history and reads with nothing wrong in them; the same for equal arguments."""
    made = stream(name, random.Random(seed), operations)
    rows = rows_after((*made.setup, *_until_somebody_is_away(made.operations)))
    add_reads(rows)
    return rows


def _until_somebody_is_away(operations: Sequence[Write]) -> Sequence[Write]:
    """Without a last return and what comes behind it: mutants of membership need an agent that left."""
    moves = [place for place, operation in enumerate(operations) if isinstance(operation, (Join, Leave))]
    return operations[: moves[-1]] if moves and isinstance(operations[moves[-1]], Join) else operations


def rows_after(operations: Iterable[Write]) -> Rows:
    """What a correct store says after these operations, and their history."""
    model = Model()
    heard = all_ok(model, operations)
    facts = model.projection()
    return rows_of(Observation(facts, tuple(_order(facts)), tuple(_links(facts))), heard)


def _order(facts: Projection) -> Iterator[Sequenced]:
    """Each message's rank by time, centrally and at each agent."""
    rows: list[tuple[str | None, MessageRow | AgentMessageRow]] = [(None, row) for row in facts.c_message]
    rows += [(row.agent, row) for row in facts.a_message]
    ranks: dict[tuple[str | None, str], int] = {}
    for agent, row in sorted(rows, key=lambda pair: pair[1].created_at_ms):
        ranks[agent, row.channel] = rank = ranks.get((agent, row.channel), 0) + 1
        yield Sequenced(agent, row.channel, row.message, row.created_at_ms, rank)


def _links(facts: Projection) -> Iterator[Mapped]:
    """The ids of what agents have, by the formulas."""
    for server in facts.a_server:
        yield Mapped(server.agent, "server", server.server, row_id(server.agent, server.server))
    for channel in facts.a_channel:
        yield Mapped(channel.agent, "channel", channel.channel, row_id(channel.agent, channel.channel))
    known = {(row.agent, row.member) for row in facts.a_member} | {(row.agent, row.author) for row in facts.a_message}
    for agent, member in sorted(known):
        yield Mapped(agent, "member", member, row_id(agent, member))
    for copy in facts.a_message:
        if copy.message is not None:
            yield Mapped(copy.agent, "message", copy.message, message_row_id(copy.agent, copy.message))

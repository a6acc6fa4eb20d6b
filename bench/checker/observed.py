"""From what a store's views say to the rows that are checked. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable

from bench.checker.rows import (
    Added,
    AgentChannel,
    AgentMember,
    AgentServer,
    Channel,
    Copy,
    Link,
    Member,
    Message,
    Rows,
    Server,
)
from bench.proof.observation import Mapped, Observation, Sequenced
from workloads.projection import AgentMessageRow, MessageRow, Projection


def store_rows(observation: Observation) -> Rows:
    """What a store's views say, as `bench.proof.observe` read it; without its id mapping where that was not read."""
    rows = projected_rows(observation.projection, observation.order)
    rows.id_map = [_link(link) for link in observation.id_map or ()]
    return rows


def _link(link: Mapped) -> Link:
    return Link(link.agent, link.kind, link.central_id, link.local_id)


def projected_rows(facts: Projection, order: Iterable[Sequenced] = ()) -> Rows:
    """Facts in rows. A message's place in its channel is what `order` says, else its time."""
    place = {(item.agent, item.channel, item.message, item.created_at_ms): item.seq for item in order}
    return Rows(
        c_server=[Server(row.server) for row in facts.c_server],
        c_channel=[Channel(row.channel, row.server) for row in facts.c_channel],
        c_agent=[Added(row.server, row.agent) for row in facts.c_agent],
        c_member=[Member(*row) for row in facts.c_member],
        c_message=[
            Message(
                row.message,
                row.channel,
                row.author,
                _content(row),
                row.in_reply_to,
                row.rev,
                row.created_at_ms,
                place.get((None, row.channel, row.message, row.created_at_ms), row.created_at_ms),
            )
            for row in facts.c_message
        ],
        a_server=[AgentServer(row.agent, row.server) for row in facts.a_server],
        a_channel=[AgentChannel(row.agent, row.channel, row.server) for row in facts.a_channel],
        a_member=[AgentMember(*row) for row in facts.a_member],
        a_message=[
            Copy(
                row.agent,
                row.message,
                row.channel,
                row.author,
                _content(row),
                row.in_reply_to,
                row.rev,
                row.created_at_ms,
                place.get((row.agent, row.channel, row.message, row.created_at_ms), row.created_at_ms),
            )
            for row in facts.a_message
        ],
    )


def _content(row: MessageRow | AgentMessageRow) -> str:
    """What a message says, as one text; times and links are apart."""
    return json.dumps([row.text, row.metadata, row.source_type], ensure_ascii=False)

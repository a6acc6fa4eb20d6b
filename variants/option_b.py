"""`option_b`: the design note's Option B, "keep separate but reduce redundancy".

"Remove duplicate fields", "make central schema minimal (just IDs and names)": `message_servers` and `channels` keep id and name
(and the channel its server's id); `channel_participants` and `server_agents` hold ids only and stay; `root_messages` is kept
whole. "Enforce FK relationships": `worlds.serverId` and `rooms.channelId` reference the central rows. Equal types are needed for
that, so central ids are text, server ids too. Memories get no key to `root_messages`: the note names none. "Agent schema has all
the rich data": source, topic, kind, metadata and time of a server or channel live in `worlds` and `rooms`, and exist from the
first message that an agent is told. "Existing code mostly unchanged": the paths are those of `dual`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import MetaData

from variants.contract import Defect, Gap, GapKind, Options, Reading, Side, Task, View
from variants.schema.agent_store import AgentStore
from variants.schema.agent_tables import agent_tables
from variants.schema.agent_views import CHANNEL_ATTRIBUTES, SERVER_ATTRIBUTES, agent_views
from variants.schema.central_store import AGENT_VIEW, MEMBER_VIEW, CentralStore
from variants.schema.root_messages import RootMessages, message_view
from variants.schema.two_schemas import TwoSchemas
from workloads.operations import Context, Read, Write


class OptionB:
    """Central tables of ids and names, agent tables with the rest, keys between them."""

    name = "option_b"

    def __init__(self, options: Options) -> None:
        self.tables: Mapping[Side, MetaData] = {Side.CENTRAL: MetaData(), Side.AGENT: MetaData()}
        central = CentralStore(self.tables[Side.CENTRAL], minimal=True)
        messages = RootMessages(self.tables[Side.CENTRAL], central.channels.c.id)
        keys = options.cross_side_foreign_keys
        agents = agent_tables(
            self.tables[Side.AGENT],
            central_server=central.servers.c.id if keys else None,
            central_channel=central.channels.c.id if keys else None,
        )
        if keys:
            central.link_agents(agents.agents)
        self._paths = TwoSchemas(central, messages, AgentStore(agents))

    def write(self, operation: Write, context: Context) -> Sequence[Task]:
        """The paths of `dual` over smaller central rows."""
        return self._paths.write(operation, context)

    def read(self, operation: Read) -> Reading:
        """Pages and lists centrally, an agent's context from its memories."""
        return self._paths.read(operation)

    def views(self) -> Mapping[str, View]:
        """Names centrally, attributes from any agent's row (all are equal)."""
        return {
            "c_server": f"""
                SELECT s.id AS server, s.name, w.source_type, w.source_id, w.metadata, w.created_at
                FROM message_servers s LEFT JOIN LATERAL (
                    SELECT {SERVER_ATTRIBUTES.format(w="v")} FROM worlds v WHERE v."serverId" = s.id
                    ORDER BY v.id LIMIT 1) w ON true""",
            "c_channel": f"""
                SELECT c.id AS channel, c.server_id AS server, c.name, r.kind, r.source_type, r.source_id, r.topic, r.metadata,
                       r.created_at
                FROM channels c LEFT JOIN LATERAL (
                    SELECT {CHANNEL_ATTRIBUTES.format(r="q")} FROM rooms q WHERE q."channelId" = c.id
                    ORDER BY q.id LIMIT 1) r ON true""",
            "c_agent": AGENT_VIEW,
            "c_member": MEMBER_VIEW,
            "c_message": message_view(),
            **agent_views(),
        }

    def gaps(self) -> Sequence[Gap]:
        """What only agents' rows hold is absent before there is one."""
        return (
            Gap(
                GapKind.SERVER_ATTRIBUTES_BEFORE_MESSAGE,
                "source, metadata and time of a server live in worlds, written with the first message an agent is told",
                "Make central schema minimal (just IDs and names)",
            ),
            Gap(
                GapKind.CHANNEL_ATTRIBUTES_BEFORE_MESSAGE,
                "kind, source, topic, metadata and time of a channel live in rooms, written with the first message",
                "Agent schema has all the rich data",
            ),
        )

    def defects(self) -> Sequence[Defect]:
        """Nothing is deployed yet."""
        return ()

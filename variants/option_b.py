"""`option_b`: the design note's Option B, "Keep Separate but Reduce Redundancy".

"Remove duplicate fields", "Make central schema minimal (just IDs and names)": `message_servers` and `channels` keep id and name
(and the channel its server's id); `channel_participants` and `server_agents` hold ids only and stay; `root_messages` is kept
whole (`option_b_envelope` is the reading that cuts it). "Enforce FK relationships": `worlds.serverId` and `rooms.channelId`
reference the central rows. Equal types are needed for that, so central ids are text, server ids too. Memories get no key to
`root_messages`: the note names none. "Agent schema has all the rich data": source, topic, kind, metadata and time of a server or
channel live in `worlds` and `rooms`, and exist from the first message that an agent is told. "Existing code mostly unchanged":
the paths are those of `dual`, each operation in a few lines: `variants/schema/todays_flow.py`. The tables are
`variants/schema/minimal_central.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import MetaData

from variants.contract import Defect, Gap, Options, Reading, Side, Task, View
from variants.schema.agent_store import AgentStore
from variants.schema.agent_views import agent_views
from variants.schema.levels import drawn_level
from variants.schema.minimal_central import MINIMAL_GAPS, minimal_central, minimal_views
from variants.schema.root_messages import RootMessages, message_view
from variants.schema.todays_flow import TodaysFlow
from workloads.operations import Context, Read, Write


class OptionB:
    """Central tables of ids and names, agent tables with the rest, keys between them."""

    name = "option_b"

    def __init__(self, options: Options) -> None:
        self.tables: Mapping[Side, MetaData] = {Side.CENTRAL: MetaData(), Side.AGENT: MetaData()}
        level = drawn_level(options)
        central, tables = minimal_central(self.tables, level, options)
        messages = RootMessages(self.tables[Side.CENTRAL], central.channels.c.id, level)
        self._paths = TodaysFlow(central, messages, AgentStore(tables))

    def write(self, operation: Write, context: Context) -> Sequence[Task]:
        """The paths of `dual` over smaller central rows."""
        return self._paths.write(operation, context)

    def read(self, operation: Read) -> Reading:
        """Where `dual` finds it."""
        return self._paths.read(operation)

    def views(self) -> Mapping[str, View]:
        """Names centrally, attributes from any agent's row, messages from `root_messages`."""
        return {**minimal_views(), "c_message": message_view(), **agent_views()}

    def gaps(self) -> Sequence[Gap]:
        """What only agents' rows hold is absent before there is one."""
        return MINIMAL_GAPS

    def defects(self) -> Sequence[Defect]:
        """Nothing is deployed yet."""
        return ()

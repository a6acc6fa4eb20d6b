"""`option_a`: the design note's Option A, dual-purpose tables.

"Keep rooms, worlds, participants but document their dual purpose": a row with an agent is that agent's view, a row with NULL agent
is the central one, "Clear distinction via agentId being NULL or set". They stand in for `channels`, `message_servers` and
`channel_participants`; `server_agents` is `worlds.agentId`. The central room's id is the channel's ("id = channelId"); `rooms.id`
is a uuid while channel ids have any form, so an id that is no UUID is hashed to one and stands in `channelId` as given.
`root_messages` points at central rooms (`option_a_shared` is the reading without that table). "Existing queries work with minor
modifications": agents look up what they look up today. So the paths, each operation in a few lines, are those of `dual`:
`variants/schema/todays_flow.py`, over the central rows of `variants/schema/dual_purpose.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import MetaData

from variants.contract import Defect, Gap, Options, Reading, Side, Task, View
from variants.schema.agent_indexes import drawn_agent_tables
from variants.schema.agent_store import AgentStore
from variants.schema.agent_views import agent_views
from variants.schema.dual_purpose import ID_FORM, ONE_SET_OF_TABLES, DualPurposeRows, dual_purpose_views
from variants.schema.identity import central_uuid
from variants.schema.levels import demand_one_database, drawn_level
from variants.schema.root_messages import RootMessages, message_view
from variants.schema.todays_flow import TodaysFlow
from workloads.operations import Context, Read, Write


class OptionA:
    """One set of tables for both sides, and `root_messages`."""

    name = "option_a"

    def __init__(self, options: Options) -> None:
        demand_one_database(options, ONE_SET_OF_TABLES)
        level = drawn_level(options)
        self.tables: Mapping[Side, MetaData] = {Side.CENTRAL: MetaData(), Side.AGENT: MetaData()}
        tables = drawn_agent_tables(self.tables[Side.AGENT], level, central_rows=True)
        central = DualPurposeRows(tables, level)
        messages = RootMessages(self.tables[Side.CENTRAL], tables.rooms.c.id, level, central_uuid)
        self._flow = TodaysFlow(central, messages, AgentStore(tables))

    def write(self, operation: Write, context: Context) -> Sequence[Task]:
        """Central rows first, then each agent's, as today; both in the same tables."""
        return self._flow.write(operation, context)

    def read(self, operation: Read) -> Reading:
        """Pages from `root_messages`, lists from the central rows."""
        return self._flow.read(operation)

    def views(self) -> Mapping[str, View]:
        """Central facts are the rows with NULL agent."""
        message = message_view('c."channelId"', 'JOIN rooms c ON c.id = m.channel_id AND c."agentId" IS NULL')
        return {**dual_purpose_views(), "c_message": message, **agent_views()}

    def gaps(self) -> Sequence[Gap]:
        """No fact is lost; an id that is no UUID is only not the key of its own row."""
        return (ID_FORM,)

    def defects(self) -> Sequence[Defect]:
        """Nothing is deployed yet."""
        return ()

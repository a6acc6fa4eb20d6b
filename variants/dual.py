"""`dual`: the design note's current system, as it draws it.

Both schemas are kept whole. "Store in central schema ... Convert to agent schema": the central transaction comes first, then one
for each agent; a reply goes agent first, then central ("Convert back to central schema"). Each agent task does the note's
lookups once each: "Lookup/create in message_servers -> worlds", "in channels -> rooms", "in channel_participants ->
participants". The room could tell its world, but the note looks both up, and so does this design. Only `server_agents.agent_id`
links the sides by a key ("conceptually, not enforced by FK"). The note's `server_type` has no source in an operation: it stays
NULL.

This module has the tables and views. The paths, each operation in a few lines, are `variants/schema/todays_flow.py`: Options A and
B take them over ("Existing code mostly unchanged"). The statements are `central_store.py`, `central_members.py`, `root_messages.py`
and `agent_store.py` beside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import MetaData

from variants.contract import Defect, Gap, Options, Reading, Side, Task, View
from variants.schema.agent_indexes import drawn_agent_tables
from variants.schema.agent_store import AgentStore
from variants.schema.agent_views import agent_views
from variants.schema.central_members import AGENT_VIEW, MEMBER_VIEW
from variants.schema.central_places import SERVERS_AND_CHANNELS_VIEWS
from variants.schema.central_store import CentralStore
from variants.schema.levels import drawn_level
from variants.schema.root_messages import RootMessages, message_view
from variants.schema.todays_flow import TodaysFlow
from workloads.operations import Context, Read, Write


class Dual:
    """Full central tables and full agent tables."""

    name = "dual"

    def __init__(self, options: Options) -> None:
        self.tables: Mapping[Side, MetaData] = {Side.CENTRAL: MetaData(), Side.AGENT: MetaData()}
        level = drawn_level(options)
        central = CentralStore(self.tables[Side.CENTRAL], level, minimal=False)
        messages = RootMessages(self.tables[Side.CENTRAL], central.channels.c.id, level)
        agents = drawn_agent_tables(self.tables[Side.AGENT], level)
        if options.cross_side_foreign_keys:
            central.link_agents(agents.agents)
        self._flow = TodaysFlow(central, messages, AgentStore(agents))

    def write(self, operation: Write, context: Context) -> Sequence[Task]:
        """Central and agent transactions, in the note's order."""
        return self._flow.write(operation, context)

    def read(self, operation: Read) -> Reading:
        """Pages and lists centrally, an agent's context from its memories."""
        return self._flow.read(operation)

    def views(self) -> Mapping[str, View]:
        """Central facts from the central tables, agents' facts from theirs."""
        return {
            **SERVERS_AND_CHANNELS_VIEWS,
            "c_agent": AGENT_VIEW,
            "c_member": MEMBER_VIEW,
            "c_message": message_view(),
            **agent_views(),
        }

    def gaps(self) -> Sequence[Gap]:
        """Nothing: everything is stored on both sides."""
        return ()

    def defects(self) -> Sequence[Defect]:
        """Nothing: the note's flow is written out in full."""
        return ()

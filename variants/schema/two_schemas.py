"""The write and read paths over a central and an agent schema: today's code as the design note draws it.

Central first, in one transaction; then one transaction for each agent. A reply goes agent first, then central. `dual` runs it
over full central tables, `option_b` over minimal ones ("existing code mostly unchanged").
"""

from __future__ import annotations

from collections.abc import Sequence

from variants.contract import Reading, Task, Writing
from variants.schema.agent_store import AgentStore
from variants.schema.agent_tasks import alone, follow, receive, register, tell
from variants.schema.central_store import CentralStore
from variants.schema.root_messages import RootMessages, central_edit, central_write
from workloads.operations import (
    AddAgent,
    Context,
    CreateChannel,
    CreateServer,
    Delete,
    Edit,
    Join,
    LatestPage,
    Leave,
    PageBack,
    Read,
    RecallContext,
    Reply,
    Send,
    Write,
)


class TwoSchemas:
    """One generator for each operation and side."""

    def __init__(self, central: CentralStore, messages: RootMessages, agents: AgentStore) -> None:
        self.central = central
        self.messages = messages
        self.agents = agents

    def write(self, operation: Write, context: Context) -> Sequence[Task]:
        """Tasks in the order of the note's data flow."""

        def agent(name: str) -> Writing:
            if isinstance(operation, (Send, Reply)):
                return receive(self.agents, name, operation, context)
            return follow(self.agents, name, operation, context)

        match operation:
            case AddAgent():
                return [register(self.agents, operation), *alone(self._central(operation, context))]
            case CreateServer() | CreateChannel() | Join():
                return alone(self._central(operation, context))
            case Send() | Reply() | Edit() | Delete() | Leave():
                return tell(operation, context, self._central(operation, context), agent)

    def _central(self, operation: Write, context: Context) -> Writing:
        match operation:
            case Edit():
                return central_edit(self.messages, operation, context)
            case CreateServer():
                return central_write(self.central.add_server(operation))
            case CreateChannel():
                return central_write(self.central.add_channel(operation))
            case AddAgent():
                return central_write(self.central.add_agent(operation))
            case Join():
                return central_write(self.central.join(operation))
            case Leave():
                return central_write(self.central.leave(operation))
            case Send() | Reply():
                return central_write(self.messages.add(operation, context, operation.channel_id))
            case Delete():
                return central_write(self.messages.remove(operation, context))

    def read(self, operation: Read) -> Reading:
        """Pages and lists from the central side, an agent's context from its own."""
        match operation:
            case LatestPage() | PageBack():
                return self.messages.page(operation, operation.channel_id)
            case RecallContext():
                return self.agents.recall(operation)
            case _:
                return self.central.read(operation)

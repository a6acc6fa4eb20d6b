"""`dual_deployed`: what the note's "Current System: Dual Storage" runs today: elizaOS server 1.6.1 (October 2025).

The note draws the flow ("Store in central schema ... Convert to agent schema ... Agent sends response ... Convert back to central
schema") and each lookup once. This design has the statements that were recorded at the real server, storage only, over Socket.IO,
with 1, 2 and 4 agents: every statement a transaction of its own, but for the inserts that the server's adapter wraps in BEGIN and
COMMIT. What exists is looked up again and again ("Constant UUID translation"); what does not is inserted after the look, a world
and an entity plainly, a room ON CONFLICT DO NOTHING. Where the sequence differs from the recorded one:

- The notice that an agent is done (a lookup of room and world) ends each delivery. In the real server it comes after the reply,
  which is an operation of its own here.
- A channel's details are read where its room is made. The real server reads them at an agent's first message of a channel and
  remembers that in its process; a design has no process, so the absent room stands for the first message.
- The author of a reply looks up its room and world before it stores its own copy, not after, and makes them when they are absent:
  here an agent may speak in a channel in which it was told nothing; in the real server it only answers.
- The random id of an own reply is a hash of central id, agent and attempt: the harness needs equal ids from equal calls. By no
  formula of the server is it found from the central id, as there.
- A server is added without ON CONFLICT, since the domain refuses a second one of an id. Times that the server leaves to the
  database are the operation's. A reply's central link comes with the operation; the real server takes it from the answered
  memory, which is looked up here as well, unless it is known to be gone (there the look is made all the same). The edit number
  is this project's; the row that is read before an edit tells it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import MetaData

from variants.contract import Begin, Commit, Defect, Gap, Indexes, Options, Reading, Rejected, Side, Task, View, Writing
from variants.schema.agent_tasks import agent_task, alone, tell
from variants.schema.deployed_agents import DeployedAgentStore, own_reply_id
from variants.schema.deployed_central import DeployedCentralStore
from variants.schema.deployed_defects import deployed_defects
from variants.schema.deployed_tables import agent_tables, central_tables, link_agents
from variants.schema.deployed_views import deployed_views
from variants.schema.identity import memory_id, unique_uuid
from variants.statements import Statement
from workloads.answers import IsParticipantRow, ListedServerRow, ParticipantRow
from workloads.operations import (
    AddAgent,
    Context,
    CreateChannel,
    CreateServer,
    Delete,
    Edit,
    IsParticipant,
    Join,
    LatestPage,
    Leave,
    ListChannels,
    ListParticipants,
    ListServers,
    PageBack,
    Read,
    RecallContext,
    Reply,
    Send,
    Write,
)


class DualDeployed:
    """Full central tables and full agent tables, used as the real server uses them."""

    name = "dual_deployed"

    def __init__(self, options: Options) -> None:
        self.tables: Mapping[Side, MetaData] = {Side.CENTRAL: MetaData(), Side.AGENT: MetaData()}
        self._level = options.indexes or Indexes.DECLARED
        central = central_tables(self.tables[Side.CENTRAL], self._level)
        agents = agent_tables(self.tables[Side.AGENT], self._level)
        if options.cross_side_foreign_keys:
            link_agents(central, agents)
        self._central = DeployedCentralStore(central)
        self._agents = DeployedAgentStore(agents)

    def write(self, operation: Write, context: Context) -> Sequence[Task]:
        """Central first, then each agent; a reply first at its author."""

        def agent(name: str) -> Writing:
            if isinstance(operation, Delete):
                return self._look_for_copy(name, context)
            if isinstance(operation, Reply) and name == operation.agent_id:
                return self._answer(operation, context)
            if isinstance(operation, (Send, Reply)):
                return self._hear(name, operation, context)
            raise TypeError(f"agents are not told of a {type(operation).__name__}")

        match operation:
            case Reply():
                author, posted, *others = tell(operation, context, self._post(operation, context), agent)
                return [author, posted, agent_task(operation.agent_id, self._ignore(operation)), *others]
            case Send():
                return tell(operation, context, self._post(operation, context), agent)
            case Delete():
                return tell(operation, context, _one(self._central.remove(context)), agent)
            case Edit():
                return alone(self._edit(operation, context))
            case CreateServer():
                return alone(_one(self._central.add_server(operation)))
            case CreateChannel():
                return alone(_transaction(self._central.add_channel(operation)))
            case AddAgent():
                own = agent_task(operation.agent_id, self._register(operation))
                return [own, *alone(_one(self._central.add_agent(operation)))]
            case Join():
                return alone(_one(self._central.join(operation)))
            case Leave():
                return alone(self._leave(operation))

    def _post(self, operation: Send | Reply, context: Context) -> Writing:
        """The message is stored; a user's is checked for its channel first. The bus needs the channel's server."""
        if isinstance(operation, Send) and not (yield self._central.channel(operation.channel_id)):
            return Rejected("there is no such channel")
        yield self._central.add_message(operation, context)
        yield self._central.channel(operation.channel_id)
        return None

    def _hear(self, agent: str, operation: Send | Reply, context: Context) -> Writing:
        """An agent is told what somebody else said: world, room, author, three looks for the memory, the memory, the notice."""
        server = _server(context)
        yield self._central.participants(operation.channel_id)
        if not (yield self._agents.world(agent, server)):
            yield self._agents.add_world(agent, server, operation.at_ms)
        if not (yield self._agents.room(agent, operation.channel_id)):
            yield from self._make_room(agent, operation, server)
        author = operation.author_id if isinstance(operation, Send) else operation.agent_id
        if not (yield self._agents.entity(agent, author)):
            yield from _transaction(self._agents.add_entity(agent, author, operation.source_type, operation.at_ms))
        copy = memory_id(agent, str(context.message_id))
        # The bus looks whether it was told already, then the message handler does, then the insert itself.
        for _ in range(3):
            if (yield self._agents.memory(copy)):
                return None
        yield from _transaction(self._agents.add_memory(agent, operation, context, server))
        yield self._agents.room(agent, operation.channel_id)
        yield self._agents.world(agent, server)
        return None

    def _answer(self, operation: Reply, context: Context) -> Writing:
        """The author keeps its own copy, and looks for the central ids of room, world and what it answers."""
        agent, server = operation.agent_id, _server(context)
        room = yield self._agents.room(agent, operation.channel_id)
        if not (yield self._agents.world(agent, server)):
            yield self._agents.add_world(agent, server, operation.at_ms)
        if not room:
            yield from self._make_room(agent, operation, server)
        if not (yield self._agents.memory(own_reply_id(agent, context))):
            yield from _transaction(self._agents.add_own_reply(operation, context, server))
        if context.reply_to_id is not None:
            yield self._agents.memory(memory_id(agent, context.reply_to_id))
        return None

    def _make_room(self, agent: str, operation: Send | Reply, server: str) -> Writing:
        details = yield self._central.channel(operation.channel_id)
        yield self._agents.add_room(agent, operation, server, self._central.kind(details))
        return None

    def _ignore(self, operation: Reply) -> Writing:
        """The author is told its own reply too, and drops it as soon as it knows that it is in the channel."""
        yield self._central.participants(operation.channel_id)
        return None

    def _look_for_copy(self, agent: str, context: Context) -> Writing:
        """The id is that of version 1.2; since 1.3.2 no copy has it, so what would follow a find never does."""
        yield self._agents.memory(unique_uuid(agent, str(context.message_id)))
        return None

    def _edit(self, operation: Edit, context: Context) -> Writing:
        found = yield self._central.message(context)
        edited = self._central.edit(operation, context, found)
        if edited is None:
            return Rejected("the message is gone or has a newer edit")
        yield edited
        return None

    def _register(self, operation: AddAgent) -> Writing:
        """The agent, and the entity that its own replies are by; its room with itself is left out, since no message touches it."""
        if not (yield self._agents.agent(operation.agent_id)):
            yield from _transaction(self._agents.add_agent(operation))
        if not (yield self._agents.entity(operation.agent_id, operation.agent_id)):
            yield from _transaction(self._agents.add_itself(operation))
        return None

    def _leave(self, operation: Leave) -> Writing:
        """Who is there is read; then, in a transaction, all are removed and the others put back; no agent is told."""
        channel = operation.channel_id
        present = [member for (member,) in (yield self._central.participants(channel))]
        rest = [member for member in present if member != operation.member.id]
        if rest == present:
            return None
        put_back = [self._central.join_all(channel, rest)] if rest else []
        yield from _transaction(self._central.touch(channel, operation.at_ms), self._central.leave_all(channel), *put_back)
        yield self._central.channel(channel)
        return None

    def read(self, operation: Read) -> Reading:
        """Whole rows, filtered in the program where the real server does so."""
        match operation:
            case LatestPage() | PageBack():
                return (yield from self._central.page(operation))
            case RecallContext():
                return (yield from self._agents.recall(operation))
            case ListChannels():
                return (yield from self._central.list_channels(operation))
            case ListParticipants():
                return [ParticipantRow(*row) for row in (yield self._central.participants(operation.channel_id))]
            case IsParticipant():
                rows = yield self._central.participants(operation.channel_id)
                return [IsParticipantRow((operation.member_id,) in [tuple(row) for row in rows])]
            case ListServers():
                found = []
                for server, name, *_ in (yield self._central.servers):
                    agents = yield self._central.agents_of(server)
                    if (operation.agent_id,) in [tuple(row) for row in agents]:
                        found.append(ListedServerRow(server, name))
                return found

    def views(self) -> Mapping[str, View]:
        """Central facts from the central tables, agents' facts from theirs."""
        return deployed_views()

    def gaps(self) -> Sequence[Gap]:
        """Nothing: its tables could hold everything."""
        return ()

    def defects(self) -> Sequence[Defect]:
        """What its code leaves undone, and what its databases of versions 1.2 to 1.4 do not hold it to."""
        return deployed_defects(self._level)


def _server(context: Context) -> str:
    if context.channel is None:
        raise TypeError("a message needs its channel in the context")
    return context.channel.server_id


def _one(statement: Statement) -> Writing:
    """One statement, which is a transaction of its own."""
    yield statement
    return None


def _transaction(first: Statement, *more: Statement) -> Writing:
    """Statements whose rows nobody needs, in one transaction."""
    yield Begin(first.side)
    yield first
    yield from more
    yield Commit(first.side)
    return None

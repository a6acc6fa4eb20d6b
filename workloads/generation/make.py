"""A generated workload as operations: made from the columns as they are asked for, texts cut as they are needed."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import cast

from workloads.errors import InputError
from workloads.generation.columns import Block, blocks
from workloads.generation.draws import Draws
from workloads.generation.names import Names
from workloads.generation.rows import Kind, Row
from workloads.generation.spec import WorkloadSpec
from workloads.operations import (
    AddAgent,
    ChannelKind,
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
    Member,
    Operation,
    PageBack,
    RecallContext,
    Reply,
    Role,
    Send,
    Write,
)
from workloads.text import corpus, metadata
from workloads.workload import Workload

SOURCE = "generated"
METADATA_VARIETY = 512
OF_CHANNEL, OF_MESSAGE, OF_REPLY, OF_EDIT = 1_000_003, 7_919, 15_485_863, 104_729
"""Primes: each text begins at another place of the corpus, wherever and whenever it is asked for."""


def workload_of(spec: WorkloadSpec, seed: int, *, name: str = "generated") -> Workload:
    """The workload of a specification; every seed from 0 gives another one, and always the same.

    `parameters` hold the whole specification, so that the workload can be made again from them.
    """
    if seed < 0:
        raise InputError(f"seed is {seed}: give a whole number from 0")
    # Words and metadata are drawn when they are first needed, and once.
    maker = cache(lambda: Maker(spec, seed))
    return Workload(
        name,
        {**spec.model_dump(mode="json"), "seed": seed},
        lambda: cast("Iterator[Write]", _operations(maker(), spec, seed, measured=False)),
        lambda: _operations(maker(), spec, seed, measured=True),
    )


def _operations(maker: Maker, spec: WorkloadSpec, seed: int, *, measured: bool) -> Iterator[Operation]:
    for block in blocks(spec, seed):
        if block.measured == measured:
            yield from maker.operations(block)
        elif block.measured:
            return


class Maker:
    """Makes operations of rows. It knows nothing of what came before: any block can be made without the others."""

    def __init__(self, spec: WorkloadSpec, seed: int) -> None:
        draws = Draws.of(seed)
        self._spec = spec
        self._names = Names(spec.ids)
        self._corpus = corpus(draws.texts)
        self._metadata = [metadata(draws.texts) for _ in range(METADATA_VARIETY)]
        self._private = (draws.channels.random(spec.channels) < spec.private_share).tolist()

    def operations(self, block: Block) -> Iterator[Operation]:
        """The operations of a block."""
        return map(self.operation, block.rows())

    def operation(self, row: Row) -> Operation:
        """The operation of a row."""
        kind, at_ms, channel, actor, number, target, text_bytes = row
        names = self._names
        match kind:
            case Kind.SEND:
                return self._send(at_ms, channel, actor, number, target, text_bytes)
            case Kind.REPLY:
                return self._reply(at_ms, channel, actor, number, target, text_bytes)
            case Kind.RECALL_CONTEXT:
                return RecallContext(names.agent(actor), names.channel(channel), number)
            case Kind.LATEST_PAGE:
                return LatestPage(names.channel(channel), number)
            case Kind.PAGE_BACK:
                return PageBack(names.channel(channel), at_ms, number)
            case Kind.EDIT:
                text = self._corpus.cut(channel * OF_CHANNEL + number * OF_EDIT, text_bytes)
                key = f"edit-{channel}-{number}"
                return Edit(key, at_ms, names.channel(channel), names.message(channel, target), text, number)
            case Kind.DELETE:
                key = f"delete-{channel}-{target}-{at_ms}"
                return Delete(key, at_ms, names.channel(channel), names.message(channel, target))
            case Kind.JOIN | Kind.JOIN_AGENT | Kind.LEAVE | Kind.LEAVE_AGENT:
                return self._move(kind, at_ms, channel, actor)
            case Kind.CREATE_CHANNEL:
                return self._channel(at_ms, channel, actor)
            case Kind.CREATE_SERVER:
                made = names.server(channel)
                return CreateServer(
                    f"create-server-{channel}", at_ms, made, f"Server {channel}", SOURCE, f"s{channel}", {"plan": "team"}
                )
            case Kind.ADD_AGENT:
                return AddAgent(f"add-{channel}-{actor}", at_ms, names.server(channel), names.agent(actor), f"Agent {actor}")
            case Kind.LIST_CHANNELS:
                return ListChannels(names.server(channel))
            case Kind.LIST_PARTICIPANTS:
                return ListParticipants(names.channel(channel))
            case Kind.IS_PARTICIPANT:
                return IsParticipant(names.channel(channel), names.user(actor))
            case Kind.LIST_SERVERS:
                return ListServers(names.agent(actor))
        raise ValueError(f"row {row} is of no kind that is known")

    def _send(self, at_ms: int, channel: int, user: int, sequence: int, target: int, text_bytes: int) -> Send:
        names, place = self._names, channel * OF_CHANNEL + sequence * OF_MESSAGE
        return Send(
            names.message(channel, sequence),
            at_ms,
            names.channel(channel),
            names.user(user),
            self._corpus.cut(place, text_bytes),
            SOURCE,
            names.message(channel, target) if target else None,
            self._metadata[place % METADATA_VARIETY],
        )

    def _reply(self, at_ms: int, channel: int, agent: int, number: int, target: int, text_bytes: int) -> Reply:
        names, place = self._names, number * OF_REPLY
        return Reply(
            names.reply(number),
            at_ms,
            names.channel(channel),
            names.agent(agent),
            self._corpus.cut(place, text_bytes),
            SOURCE,
            names.message(channel, target) if target > 0 else names.reply(-target),
            self._metadata[place % METADATA_VARIETY],
        )

    def _move(self, kind: int, at_ms: int, channel: int, actor: int) -> Join | Leave:
        is_agent = kind in {Kind.JOIN_AGENT, Kind.LEAVE_AGENT}
        member = Member(self._names.agent(actor), Role.AGENT) if is_agent else Member(self._names.user(actor), Role.USER)
        what, move = ("join", Join) if kind in {Kind.JOIN, Kind.JOIN_AGENT} else ("leave", Leave)
        # Times of a channel never repeat, so they tell its moves apart.
        return move(f"{what}-{channel}-{at_ms}", at_ms, self._names.channel(channel), member)

    def _channel(self, at_ms: int, channel: int, server: int) -> CreateChannel:
        return CreateChannel(
            key=f"create-channel-{channel}",
            at_ms=at_ms,
            channel_id=self._names.channel(channel),
            server_id=self._names.server(server),
            name=f"channel {channel}",
            kind=self._kind(channel),
            source_type=SOURCE,
            source_id=f"c{channel}",
            topic=f"About number {channel}",
            metadata={"position": channel},
        )

    def _kind(self, channel: int) -> ChannelKind:
        spec = self._spec
        if 0 <= channel - spec.channels < spec.direct_channels:
            return ChannelKind.DIRECT
        return ChannelKind.PRIVATE if self._private[channel % spec.channels] else ChannelKind.PUBLIC

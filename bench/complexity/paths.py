"""Performs everything there is to ask of a design on a store of it, and keeps what it sent.

A design's paths depend on the rows that come back, so they are walked on a real server: the scripted world, which has every
operation, every refusal and every read, and then each kind of operation alone, for its statements.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field

from bench.anatomy.unit import Record, recorded
from bench.drive.drivers import Links, run
from bench.drive.flights import Atomicity, Exchange, operation_flights, reading_flights
from bench.scenes import FIRST, KINDS, WARM, exists, scene
from bench.verify.world import all_reads, whole_story
from variants.contract import Design, Query
from workloads.model import Model, Refused
from workloads.operations import (
    IsParticipant,
    LatestPage,
    ListChannels,
    ListParticipants,
    ListServers,
    PageBack,
    Read,
    RecallContext,
    Role,
    Write,
    kind_of,
)

AGENTS = 2
"""Agents in the channel of the operations whose statements are told."""


@dataclass(slots=True)
class Sent:
    """What was sent: distinct statements of each path, and the statements of single operations by kind."""

    queries: dict[str, set[Query]] = field(default_factory=lambda: {"write": set(), "read": set()})
    counts: dict[str, int] = field(default_factory=dict)


class Walker:
    """A design at work on one connection, with the reference model that says what it is told."""

    def __init__(self, design: Design, links: Links) -> None:
        self._design = design
        self._links = links
        self._model = Model()
        self.sent = Sent()

    def write_everything(self) -> None:
        """The scripted world, then every kind of write in a channel with agents, warm and as a first contact."""
        for step in whole_story():
            self._write(step.write)
        for state in (WARM, FIRST):
            for kind in KINDS:
                k = AGENTS if exists(kind, AGENTS, state) else 0
                if exists(kind, k, state):
                    played = scene(kind, k, state, f"{kind}-{state}")
                    for operation in played.setup:
                        self._write(operation)
                    counts = [self._write(operation) for operation in played.target]
                    self.sent.counts[kind if state == WARM else f"{kind}, first contact"] = sum(counts)

    def read_everything(self) -> None:
        """Every read of everything in the scripted world, and one of each kind for its statements."""
        end_ms = whole_story()[-1].write.at_ms
        for operation in all_reads(end_ms):
            self._read(operation)
        for operation in self._one_of_each():
            self.sent.counts[kind_of(operation)] = self._read(operation)

    def _write(self, operation: Write) -> int:
        """The statements that a write sends, refused or not."""
        context = self._model.context(operation)
        record = Record()
        tasks = self._design.write(operation, context)
        run(self._links, recorded(operation_flights(tasks, Atomicity.PER_SIDE, Exchange.PLAIN), record))
        with suppress(Refused):
            self._model.apply(operation, context)
        return self._keep("write", record)

    def _read(self, operation: Read) -> int:
        record = Record()
        run(self._links, recorded(reading_flights(self._design.read(operation)), record))
        return self._keep("read", record)

    def _keep(self, path: str, record: Record) -> int:
        statements = [statement for statement, _ in record.executed()]
        self.sent.queries[path] |= {statement.constant for statement in statements}
        return len(statements)

    def _one_of_each(self) -> list[Read]:
        played = scene("send", AGENTS, WARM, f"send-{WARM}")
        members = self._model.context(played.target[0]).members
        agent, user = (next(member.id for member in members if member.role is role) for role in (Role.AGENT, Role.USER))
        channel, server = played.channel_id, played.server_id
        return [
            LatestPage(channel),
            PageBack(channel, played.target[0].at_ms),
            RecallContext(agent, channel),
            ListChannels(server),
            ListParticipants(channel),
            IsParticipant(channel, user),
            ListServers(agent),
        ]

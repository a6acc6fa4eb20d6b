"""The reads of people in a generated workload."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import astuple

import numpy as np

from workloads.ids import named_id
from workloads.operations import (
    IsParticipant,
    LatestPage,
    ListChannels,
    ListParticipants,
    ListServers,
    PageBack,
    Read,
)
from workloads.parameters import GeneratorParameters
from workloads.rooms import Room


class ReadMix:
    """Which reads follow a message, all of the message's own channel, server or agents."""

    def __init__(self, parameters: GeneratorParameters, users: Sequence[str]) -> None:
        self._per_message = parameters.reads_per_message
        self._edges = np.cumsum(np.array(astuple(parameters.reads)) / sum(astuple(parameters.reads)))
        self._users = users
        self._agents = [named_id(f"agent-{number}") for number in range(parameters.agents)]

    def after_message(self, room: Room, now_ms: int, rng: np.random.Generator) -> Iterator[Read]:
        """As many reads as the mean says: its whole part always, one more with the probability of the rest."""
        whole = int(self._per_message)
        for _ in range(whole + int(rng.random() < self._per_message - whole)):
            yield self._one(room, now_ms, rng)

    def _one(self, room: Room, now_ms: int, rng: np.random.Generator) -> Read:
        match int(self._edges[:-1].searchsorted(rng.random(), side="right")):
            case 0:
                return LatestPage(room.id)
            case 1:
                opened_ms = now_ms if room.opened_ms is None else room.opened_ms
                return PageBack(room.id, opened_ms + int(rng.random() * (now_ms - opened_ms)))
            case 2:
                return ListChannels(room.server_id)
            case 3:
                return ListParticipants(room.id)
            case 4:
                # Half of the questions are about somebody who is there.
                among = room.users if room.users and rng.random() < 0.5 else self._users
                return IsParticipant(room.id, among[int(rng.random() * len(among))])
            case _:
                return ListServers(self._agents[int(rng.random() * len(self._agents))]) if self._agents else LatestPage(room.id)

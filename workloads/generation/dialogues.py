"""Direct channels: a person writes, waits for the agent's answer, thinks, and writes again. Real seconds. Pure."""

from __future__ import annotations

import heapq
import math

import numpy as np

from workloads.generation.draws import log_normals, uniforms
from workloads.generation.spec import WorkloadSpec

MULTIPLIER = 7_919
"""A prime, so that neighbouring direct channels belong to people who are no neighbours."""

Turn = tuple[float, int, int, float]
"""When, in which direct channel (from 0), of which user, and how long the answer takes."""


class Dialogues:
    """The conversations of all direct channels; each begins by chance and lasts as long as it lasts."""

    def __init__(self, spec: WorkloadSpec, rng: np.random.Generator) -> None:
        self._channels, self._users = spec.direct_channels, spec.users
        self._has_agent = spec.agents_per_channel > 0
        self._mean_messages = spec.direct_messages_mean
        self._mean_gap_s = self._mean_messages / (spec.direct_share * spec.messages_per_s)
        self._chance = uniforms(rng)
        self._wait_s = log_normals(rng, spec.agent_delay_median_s, spec.agent_delay_sigma)
        self._think_s = log_normals(rng, spec.direct_think_median_s, spec.direct_think_sigma)
        self._begins_s = self._gap_s()
        self._open: list[tuple[float, int, int, int]] = []
        self._begun = 0

    def until(self, end_s: float) -> list[Turn]:
        """The turns that come next and before this time, in order."""
        turns: list[Turn] = []
        while True:
            next_s = self._open[0][0] if self._open else math.inf
            if min(next_s, self._begins_s) >= end_s:
                return turns
            if self._begins_s <= next_s:
                self._begin()
            else:
                turns.append(self._turn())

    def _begin(self) -> None:
        channel = int(self._chance() * self._channels)
        # Whoever wrote last writes again where the other one is an agent; two people take turns.
        heapq.heappush(self._open, (self._begins_s, self._begun, channel, 0))
        self._begun += 1
        self._begins_s += self._gap_s()

    def _turn(self) -> Turn:
        at_s, number, channel, turn = heapq.heappop(self._open)
        wait_s, think_s = self._wait_s(), self._think_s()
        if self._chance() >= 1 / self._mean_messages:
            heapq.heappush(self._open, (at_s + wait_s + think_s, number, channel, turn + 1))
        side = 0 if self._has_agent else turn % 2
        return at_s, channel, partner(channel, side, self._users), wait_s

    def _gap_s(self) -> float:
        return -self._mean_gap_s * math.log(1.0 - self._chance())


def partner(channel: int, side: int, users: int) -> int:
    """The person of a direct channel, or the first and the second one where no agent is there."""
    if users == 1:
        return 0
    return (channel * MULTIPLIER + side * (1 + channel // users % (users - 1))) % users

"""Who writes: in every channel the next author, mostly one of the last few, at times somebody of old or somebody new.

A channel alternates between stretches of dialogue, in which two people take turns, and stretches of a crowd. In both the next
author is found by how many others have spoken since: the k-th latest speaker with a probability that falls with k, or somebody who
is not among them. That is the author of any earlier message of the channel, or a newcomer to it: who wrote much is likely to write
more, and no list of regulars is needed (H. A. Simon, On a class of skew distribution functions, Biometrika 42 (1955) 425). People
go for good too, most of them soon. Fitted to freeCodeCamp's Gitter rooms of 2016.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

from workloads.errors import InputError

DRAWN_TOGETHER = 4_096
LATEST_MAX = 399
"""Speakers that a channel holds by how lately they spoke."""
ROOM_SAMPLE, WORLD_SAMPLE = 256, 2_048
"""Of the earlier messages of a channel, and of all channels, the authors of so many are held."""
BAR_MAX = 1 - 1e-12
RESTLESS_MESSAGES = 200
"""Who has written so much is not counted any more, and does not go."""


@dataclass(frozen=True, slots=True)
class Turns:
    """Weights of who is next: the latest speaker, the one before, the third, an earlier one by rank ** -exponent, somebody else."""

    latest: float
    second: float
    third: float
    earlier: float
    exponent: float
    other: float

    def __post_init__(self) -> None:
        weights = (self.latest, self.second, self.third, self.earlier, self.other)
        fit = all(math.isfinite(weight) and weight >= 0 for weight in (*weights, self.exponent))
        if not (fit and sum(weights) > 0):
            raise InputError(f"authors: turns are {[*weights]}, exponent {self.exponent!r}: give numbers from 0, a weight above 0")

    def edges(self) -> list[float]:
        """Cumulative probabilities of the remembered speakers, the latest first; what is missing to 1 is somebody else."""
        rank = np.arange(4, LATEST_MAX + 1.0) ** -self.exponent
        weights = np.concatenate([[self.latest, self.second, self.third], self.earlier * rank / rank.sum()])
        edges: list[float] = (np.cumsum(weights) / (weights.sum() + self.other)).tolist()
        return edges


@dataclass(frozen=True, slots=True)
class AuthorLaw:
    """How the next author of a channel is found.

    `dialogue_share` of the stretches are dialogues; a stretch has `stretch_messages` on average. Of the authors who are not among a
    channel's latest speakers, `newcomer_share` are new to the channel; the others wrote an earlier message of it, any one. Of the
    newcomers `visitor_share` wrote a message elsewhere; the others are users who never wrote, or visitors once all did. After a
    user's n-th message the user is gone from among the latest speakers with a probability of `leaving * n ** -settling`.
    """

    dialogue: Turns = Turns(latest=0.42, second=0.48, third=0.045, earlier=0.02, exponent=2.6, other=0.035)
    crowd: Turns = Turns(latest=0.37, second=0.165, third=0.105, earlier=0.2, exponent=2.0, other=0.16)
    dialogue_share: float = 0.67
    stretch_messages: float = 65.0
    newcomer_share: float = 0.49
    visitor_share: float = 0.19
    leaving: float = 0.28
    settling: float = 0.55

    def __post_init__(self) -> None:
        for name in ("dialogue_share", "newcomer_share", "visitor_share", "leaving"):
            if not 0 <= getattr(self, name) <= 1:
                raise InputError(f"authors: {name} is {getattr(self, name)!r}: give a number from 0 to 1")
        if not (math.isfinite(self.stretch_messages) and self.stretch_messages >= 1):
            raise InputError(f"authors: stretch_messages is {self.stretch_messages!r}: give a number from 1")
        if not (math.isfinite(self.settling) and self.settling >= 0):
            raise InputError(f"authors: settling is {self.settling!r}: give a number from 0")


@dataclass(slots=True)
class _Sample:
    """The authors of some of the messages told so far, each message alike; `due` is the next one that will be taken in.

    K.-H. Li, Reservoir-sampling algorithms of time complexity O(n(1 + log(N/n))), ACM Transactions on Mathematical Software 20
    (1994) 481, algorithm L: what is passed over is drawn at once. `bar` is what a message's own lot would have to be below.
    """

    most: int
    authors: list[int] = field(default_factory=list)
    told: int = 0
    due: int = 1
    bar: float = BAR_MAX

    def take(self, author: int, uniform: Callable[[], float]) -> None:
        """Take in the message that was told just now."""
        if len(self.authors) < self.most:
            self.authors.append(author)
        else:
            self.authors[int(uniform() * self.most)] = author
        self.due = self.told + 1
        if len(self.authors) == self.most:
            self.bar *= (1 - uniform()) ** (1 / self.most)
            self.due += int(math.log1p(-uniform()) / math.log1p(-self.bar))

    def any(self, uniform: Callable[[], float]) -> int:
        """The author of any of them; there is at least one."""
        return self.authors[int(uniform() * len(self.authors))]


@dataclass(slots=True)
class _Room:
    """The latest speakers of a channel, the latest first; a sample of all; and how long its present stretch still goes on."""

    edges: list[float]
    sample: _Sample = field(default_factory=lambda: _Sample(ROOM_SAMPLE))
    latest: list[int] = field(default_factory=list)
    left: int = 0


class Authors:
    """The authors of all channels; users are numbered below `users`, in the order in which they first write.

    Memory grows with the channels in which somebody wrote and with users, not with messages.
    """

    def __init__(self, law: AuthorLaw, channels: int, users: int, rng: np.random.Generator) -> None:
        if channels < 1 or users < 1:
            raise InputError(f"authors: there are {channels} channels and {users} users: give at least one of each")
        self._law = law
        self._dialogue, self._crowd = law.dialogue.edges(), law.crowd.edges()
        # log(1 - p) of a geometric number with this mean; a mean of 1 is always 1.
        self._stretch = math.log1p(-1 / law.stretch_messages) if law.stretch_messages > 1 else -math.inf
        self._goes = [0.0, *(law.leaving * np.arange(1.0, RESTLESS_MESSAGES) ** -law.settling).tolist(), 0.0]
        self._users = users
        self._seen = 0
        self._written = bytearray(users)
        self._rooms: dict[int, _Room] = {}
        self._world = _Sample(WORLD_SAMPLE)
        self._uniform: Callable[[], float] = _uniforms(rng).__next__

    def next(self, channel: int) -> int:
        """The author of the channel's next message."""
        uniform = self._uniform
        room = self._rooms.get(channel)
        if room is None:
            room = self._rooms[channel] = _Room(self._crowd)
        if not room.left:
            self._turn(room)
        room.left -= 1
        latest = room.latest
        place = bisect_right(room.edges, uniform())
        user = latest.pop(place) if place < len(latest) else self._other(room)
        here, world = room.sample, self._world
        here.told += 1
        if here.told >= here.due:
            here.take(user, uniform)
        world.told += 1
        if world.told >= world.due:
            world.take(user, uniform)
        written = self._written[user]
        if written < RESTLESS_MESSAGES:
            self._written[user] = written = written + 1
            if uniform() < self._goes[written]:
                return user
        latest.insert(0, user)
        if len(latest) > LATEST_MAX:
            latest.pop()
        return user

    def forget(self, channel: int, user: int) -> None:
        """The user left the channel and is not among its latest speakers any more."""
        room = self._rooms.get(channel)
        if room is not None and user in room.latest:
            room.latest.remove(user)

    def _turn(self, room: _Room) -> None:
        room.edges = self._dialogue if self._uniform() < self._law.dialogue_share else self._crowd
        room.left = 1 + int(math.log1p(-self._uniform()) / self._stretch)

    def _other(self, room: _Room) -> int:
        """Somebody who is not among a channel's latest speakers, or at least need not be."""
        known = room.sample.told > 0 and self._uniform() >= self._law.newcomer_share
        user = room.sample.any(self._uniform) if known else self._newcomer()
        if user in room.latest:
            room.latest.remove(user)
        return user

    def _newcomer(self) -> int:
        visits = self._world.told > 0 and self._uniform() < self._law.visitor_share
        if visits or self._seen == self._users:
            return self._world.any(self._uniform)
        self._seen += 1
        return self._seen - 1


def _uniforms(rng: np.random.Generator) -> Iterator[float]:
    while True:
        yield from rng.random(DRAWN_TOGETHER).tolist()

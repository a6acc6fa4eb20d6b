"""When people write and in which channel: arrivals, dialogues of direct channels and the storm, in one order of time. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from workloads.generation.arrivals import arrivals
from workloads.generation.dialogues import Dialogues
from workloads.generation.draws import Draws
from workloads.generation.laws_of import arrival_law, channel_shares
from workloads.generation.spec import WorkloadSpec

ROWS_OF_BLOCK = 16_384
ROWS_OF_SPAN = 1_024
"""What is drawn together, in the mean, where group channels and direct ones are merged."""
NOBODY = -1


@dataclass(frozen=True, slots=True, eq=False)
class Traffic:
    """Messages in order of time, `t_s` in real seconds: columns of equal length.

    `place` is a channel: the group channels first, then the direct ones, then those of the storm. `user` is who writes where that
    is settled, else -1. `wait_s` is how long the agent of a direct channel takes, 0 elsewhere.
    """

    t_s: NDArray[np.float64]
    place: NDArray[np.int64]
    user: NDArray[np.int64]
    wait_s: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.t_s)

    def between(self, start: int, end: int) -> Traffic:
        """The rows from `start` to before `end`."""
        return Traffic(*(getattr(self, field.name)[start:end] for field in fields(self)))

    @classmethod
    def merged(cls, one: Traffic, other: Traffic) -> Traffic:
        """Both in one order of time; of two at the same time, the one of the first."""
        columns = (np.concatenate([getattr(one, field.name), getattr(other, field.name)]) for field in fields(cls))
        whole = cls(*columns)
        order = np.argsort(whole.t_s, kind="stable")
        return cls(*(getattr(whole, field.name)[order] for field in fields(cls)))


def traffic(spec: WorkloadSpec, draws: Draws) -> Iterator[tuple[bool, Traffic]]:
    """The traffic of a workload in blocks, each with whether it is measured; what is not measured comes first."""
    stream = _Cut(_endless(spec, draws))
    for rows in stream.take(spec.preload):
        yield False, rows
    storm = _storm(spec, draws, stream.now_s)
    done = 0
    for rows in stream.take(spec.messages):
        until = int(storm.t_s.searchsorted(rows.t_s[-1]))
        yield True, Traffic.merged(rows, storm.between(done, until))
        done = until
    if done < len(storm):
        yield True, storm.between(done, len(storm))


class _Cut:
    """A stream of blocks from which given numbers of rows are taken."""

    def __init__(self, blocks: Iterator[Traffic]) -> None:
        self._blocks = blocks
        self._left: Traffic | None = None
        self.now_s = 0.0

    def take(self, count: int) -> Iterator[Traffic]:
        """The next rows, so many of them, in blocks that are not empty."""
        while count > 0:
            left = self._left if self._left is not None else next(self._blocks)
            size = min(count, len(left), ROWS_OF_BLOCK)
            self._left = left.between(size, len(left)) if size < len(left) else None
            if size:
                self.now_s = float(left.t_s[size - 1])
                count -= size
                yield left.between(0, size)


def _endless(spec: WorkloadSpec, draws: Draws) -> Iterator[Traffic]:
    if spec.direct_share == 0:
        yield from _groups(spec, draws)
        return
    dialogues = Dialogues(spec, draws.direct)
    for rows, end_s in _spans(spec, draws):
        turns = dialogues.until(end_s)
        columns = list(zip(*turns, strict=True)) if turns else [(), (), (), ()]
        direct = Traffic(
            np.array(columns[0], dtype=np.float64),
            np.array(columns[1], dtype=np.int64) + spec.channels,
            np.array(columns[2], dtype=np.int64),
            np.array(columns[3], dtype=np.float64),
        )
        yield Traffic.merged(rows, direct)


def _spans(spec: WorkloadSpec, draws: Draws) -> Iterator[tuple[Traffic, float]]:
    """The traffic of group channels a short time after the other, and until when it is; nothing but time where all is direct."""
    step_s = ROWS_OF_SPAN / spec.messages_per_s
    end_s = step_s
    for block in _groups(spec, draws) if spec.direct_share < 1 else ():
        start = 0
        while (cut := int(block.t_s.searchsorted(end_s))) < len(block):
            yield block.between(start, cut), end_s
            start, end_s = cut, end_s + step_s
        yield block.between(start, len(block)), float(block.t_s[-1])
    while True:
        yield _of_groups(np.empty(0), np.empty(0, np.int64)), end_s
        end_s += step_s


def _groups(spec: WorkloadSpec, draws: Draws) -> Iterator[Traffic]:
    per_s = spec.messages_per_s * (1 - spec.direct_share)
    for block in arrivals(arrival_law(spec), channel_shares(spec), per_s, draws.arrivals):
        if len(block.t_s):
            yield _of_groups(block.t_s, block.channel.astype(np.int64))


def _of_groups(t_s: NDArray[np.float64], channel: NDArray[np.int64]) -> Traffic:
    return Traffic(t_s, channel, np.full(len(t_s), NOBODY, np.int64), np.zeros(len(t_s)))


def _storm(spec: WorkloadSpec, draws: Draws, begins_s: float) -> Traffic:
    """One account in each of its channels once, in random order."""
    count = spec.storm_channels
    t_s = begins_s + np.sort(draws.storm.random(count)) * spec.storm_span_s
    place = spec.channels + spec.direct_channels + draws.storm.permutation(count)
    return Traffic(t_s, place, np.full(count, storm_account(spec), np.int64), np.zeros(count))


def storm_account(spec: WorkloadSpec) -> int:
    """The user who writes the storm: one behind all others."""
    return spec.users + (spec.messages if spec.newcomers else 0)

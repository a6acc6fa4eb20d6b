"""Random numbers of a run: each part of it draws from a stream of its own, so that no two parts draw the same ones. Pure."""

from __future__ import annotations

import enum

import numpy as np

_APART = 10**12
"""What workload seeds of one part are from those of the next: more than seeds and sessions of any usual run reach."""


class Stream(enum.IntEnum):
    """What draws. A number is never used again for something else: stored runs are summarised by it once more."""

    PAIRED = 11
    FACTORS = 12
    READS = 13
    GROWTH = 14
    LADDER = 15
    ISOLATED = 16
    ISOLATED_ORDER = 17
    COSTS = 18
    PGBENCH = 19
    PGBENCH_WORLD = 20
    LOAD = 21
    LOAD_SEARCH = 22
    LOAD_ARRIVALS = 23
    LOAD_SERIES = 24
    LOAD_ORDER = 25
    LOAD_LEVELS = 31
    READS_WORLD = 26
    READS_WRITES = 27
    GROWTH_WORLD = 28
    GROWTH_SPEECH = 29
    AA = 30
    SUMMARY = 51
    SUMMARY_READS = 52
    SUMMARY_ORDERS = 53
    SUMMARY_LADDER = 54
    SUMMARY_COSTS = 55
    SUMMARY_PGBENCH = 56
    SUMMARY_AA = 57
    RANKING = 58
    COVERAGE = 59
    FAULTS_KILLS = 61
    FAULTS_STREAMS = 62
    SWARM = 71


def generator(seed: int, stream: Stream, *numbers: int) -> np.random.Generator:
    """The generator of a part; `numbers` tell its sessions, blocks or repeats apart, as many of them each time."""
    return np.random.default_rng([seed, stream, *numbers])


def session_seed(seed: int, number: int) -> int:
    """The seed of the workload of a paired session, by its number."""
    return seed * 1_000 + number


def workload_seed(seed: int, stream: Stream, number: int) -> int:
    """The seed of a workload of another part, which no paired session has."""
    return session_seed(seed, number) + stream * _APART

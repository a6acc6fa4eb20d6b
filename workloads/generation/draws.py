"""Random numbers of a generated workload: a generator for each concern, so that one can change without moving the others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workloads.laws import LogNormal, mixed_bytes

_BLOCK = 4096


@dataclass(frozen=True, slots=True)
class Draws:
    """One generator for each concern; a new one comes last, so that the others stay what they are."""

    arrivals: np.random.Generator
    authors: np.random.Generator
    lengths: np.random.Generator
    links: np.random.Generator
    direct: np.random.Generator
    storm: np.random.Generator
    leaves: np.random.Generator
    renewals: np.random.Generator
    changes: np.random.Generator
    channels: np.random.Generator
    readers: np.random.Generator
    agents: np.random.Generator
    delays: np.random.Generator
    agent_lengths: np.random.Generator
    moves: np.random.Generator
    reads: np.random.Generator
    restart: np.random.Generator
    texts: np.random.Generator

    @classmethod
    def of(cls, seed: int) -> Draws:
        """The generators of a seed from 0."""
        children = np.random.SeedSequence(seed).spawn(len(fields(cls)))
        return cls(*(np.random.Generator(np.random.PCG64(child)) for child in children))


def uniforms(rng: np.random.Generator) -> Callable[[], float]:
    """Gives one number from 0 to below 1 at each call; drawn by the block, since one at a time takes ten times as long."""
    return _endless(lambda: rng.random(_BLOCK)).__next__


def log_normals(rng: np.random.Generator, median: float, sigma: float) -> Callable[[], float]:
    """Gives one number at each call, of this median and spread."""
    law = LogNormal(median, sigma)
    return _endless(lambda: law.draw(_BLOCK, rng)).__next__


def lengths(rng: np.random.Generator, parts: tuple[tuple[float, float, float], ...], longest: int) -> Callable[[], int]:
    """Gives one length at each call."""
    return _endless(lambda: mixed_bytes(_BLOCK, parts, rng, most=longest)).__next__


def _endless(block: Callable[[], NDArray[Any]]) -> Iterator[Any]:
    while True:
        yield from block().tolist()

"""The isolated trials by name, in the order in which they are measured. Pure.

A randomised complete block design: each block holds every design once, in an order of its own, so that what a machine does in the
course of an hour falls on all designs alike. The names in this order are stored with the run before its first trial.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bench.streams import Stream, generator

PREFIX = "isolated-"


def trials(designs: Sequence[str], blocks: int, seed: int) -> Iterator[str]:
    """The name of each trial, block by block."""
    for block in range(blocks):
        for place in generator(seed, Stream.ISOLATED_ORDER, block).permutation(len(designs)):
            yield trial(block, designs[place])


def trial(block: int, design: str) -> str:
    """The name of a design's trial in a block."""
    return f"{PREFIX}{block:03d}-{design}"


def block_and_design(name: str) -> tuple[int, str]:
    """What a trial's name says."""
    block, _, design = name.removeprefix(PREFIX).partition("-")
    return int(block), design

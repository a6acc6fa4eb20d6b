"""The trials of growth by name, in their order. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bench.configuration.model import Configuration
from bench.growth.sizes import AGENTS, CHANNELS, ROWS
from bench.growth.stream import Stream

PREFIX, COUNTS, MESSAGES = "growth-", "growth-counts-", "growth-messages-"

WALL = "wall.jsonl"
"""The file of a stream's trial."""

REPEATED_UP_TO = 100_000
"""Streams up to this length are driven `REPETITIONS` times, longer ones once: their own tenths show whether they are even."""

REPETITIONS = 3


def trials(configuration: Configuration, designs: Iterable[str]) -> Iterator[str]:
    """Every trial of growth that a configuration asks for."""
    if configuration.growth_agents:
        yield from map(counts_trial, designs)
        yield axis_trial(AGENTS)
    if configuration.growth_rows:
        yield axis_trial(ROWS)
    if configuration.growth_channels:
        yield axis_trial(CHANNELS)
    yield from map(wall_trial, streams(configuration))


def streams(configuration: Configuration) -> list[Stream]:
    """The streams of messages, the shortest first."""
    return [
        Stream(configuration.growth_messages_design, messages, repetition)
        for messages in configuration.growth_messages
        for repetition in range(REPETITIONS if messages <= REPEATED_UP_TO else 1)
    ]


def rows_designs(configuration: Configuration, designs: Iterable[str]) -> list[str]:
    """The designs whose stores are filled for growth in rows: those that are not left out, or all where that leaves none."""
    every = list(designs)
    return [name for name in every if name not in configuration.growth_rows_left_out] or every


def axis_trial(axis: str) -> str:
    """The name of the trial that measures an axis."""
    return f"{PREFIX}{axis}"


def counts_trial(design: str) -> str:
    """The name of the trial that counts a design's sends."""
    return f"{COUNTS}{design}"


def wall_trial(stream: Stream) -> str:
    """The name of the trial that drives a stream."""
    return f"{MESSAGES}{stream.messages}-{stream.repetition}"

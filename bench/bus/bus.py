"""How agents are told of an operation: the factor, with what a bus does when an agent's process fails. Pure."""

from __future__ import annotations

import enum

from bench.traits import Traits


class Bus(enum.StrEnum):
    """The factor: who waits for the agents, and what becomes of a delivery whose handling failed.

    SYNC: the client runs every task itself, so there is no queue. The others are asynchronous: the client runs its tasks up to the
    central one and returns; the tasks behind it wait in a queue in memory, one delivery each, and a process of the agents handles
    them one after another. RESTARTED: at an error that process starts again and all that waits in its memory is gone, as in the
    real server, whose bus is an emitter in memory. REDELIVERED: a delivery that was not acknowledged comes again.
    """

    SYNC = "sync"
    RESTARTED = "async_restarted"
    REDELIVERED = "async_redelivered"

    @property
    def is_async(self) -> bool:
        """Whether the client returns before the agents have stored anything."""
        return self is not Bus.SYNC


ATTEMPTS_MAX = 3
"""How often a bus that redelivers gives one delivery to the agents' process before it puts it aside."""


def without_bus(traits: Traits, bus: Bus) -> str | None:
    """Why a design with these traits has nothing to put on a bus, in one line; None when it has, or needs none."""
    return "no agent has a task of its own that could wait on a bus" if bus.is_async and not traits.by_relay else None

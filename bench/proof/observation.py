"""What was read from a store's canonical views."""

from __future__ import annotations

from dataclasses import dataclass

from workloads.projection import Projection


@dataclass(frozen=True, slots=True)
class Sequenced:
    """The place of a message in its channel's order, as a view gives it: `agent` is None in the central view."""

    agent: str | None
    channel: str
    message: str | None
    created_at_ms: int
    seq: int


@dataclass(frozen=True, slots=True)
class Mapped:
    """One stored link between a central id and an agent's own; `agent` is None where it is the central side's own (Option A)."""

    agent: str | None
    kind: str
    central_id: str | None
    local_id: str


@dataclass(frozen=True, slots=True)
class Observation:
    """What a store says: its facts, its order of messages, its id mapping (None for a design without a second id space)."""

    projection: Projection
    order: tuple[Sequenced, ...]
    id_map: tuple[Mapped, ...] | None

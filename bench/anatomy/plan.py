"""What is to be counted: cells of kind, agents in the channel, state and atomicity. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bench.drive.flights import DIRECT, Atomicity
from bench.errors import UserError
from bench.scenes import FIRST, KINDS, WARM, Scene, exists, scene

SCENES_MAX = 999
"""Scenes of a cell are numbered with three digits, so that ids, and with them rows, are of one length in every scene."""

AGENTS_MAX = 50
"""The largest k; an agent's reply to everybody makes the set-up of a scene grow with its square."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One kind of operation with `k` agents in the channel, warm or as a first contact, per side or joined."""

    atomicity: Atomicity
    kind: str
    k: int
    state: str


@dataclass(frozen=True, slots=True)
class AnatomyPlan:
    """Which cells, and how many scenes of each: `ks` are the agents in the channel, told of each other's replies or not.

    Raises `UserError` for what cannot be counted.
    """

    ks: tuple[int, ...] = (0, 1, 2, 4)
    scenes: int = 6
    atomicities: tuple[Atomicity, ...] = DIRECT
    kinds: tuple[str, ...] = KINDS
    peer_delivery: bool = True

    def __post_init__(self) -> None:
        if not 1 <= self.scenes <= SCENES_MAX:
            raise UserError(f"anatomy scenes {self.scenes}: give a number from 1 to {SCENES_MAX}")
        wrong = [k for k in self.ks if not 0 <= k <= AGENTS_MAX]
        if wrong or not self.ks:
            raise UserError(f"anatomy agents {', '.join(map(str, wrong)) or '(none)'}: give numbers from 0 to {AGENTS_MAX}")
        unknown = [kind for kind in self.kinds if kind not in KINDS]
        if unknown:
            raise UserError(f"anatomy kinds {', '.join(unknown)}: known are {', '.join(KINDS)}")

    def cells(self) -> tuple[Cell, ...]:
        """All cells that exist, in a fixed order."""
        return tuple(Cell(atomicity, kind, k, state) for atomicity in self.atomicities for kind, k, state in self._shapes())

    def warm_ups(self) -> tuple[tuple[str, int, str], ...]:
        """Kind, k and state of the scenes that make a connection know every statement: each kind at its largest k."""
        largest = {(kind, state): k for kind, k, state in sorted(self._shapes(), key=lambda shape: shape[1])}
        return tuple((kind, k, state) for (kind, state), k in largest.items())

    def _shapes(self) -> Iterator[tuple[str, int, str]]:
        for k in dict.fromkeys(self.ks):
            for kind in self.kinds:
                for state in (WARM, FIRST):
                    if exists(kind, k, state):
                        yield kind, k, state


def scenes_of(number: int, cell: Cell, count: int) -> list[Scene]:
    """The scenes of the cell with this number in the plan; names are of one length, so that all their rows are, too."""
    return [scene(cell.kind, cell.k, cell.state, f"c{number:04}s{place:03}") for place in range(count)]


def warm_up_scene(number: int, shape: tuple[str, int, str]) -> Scene:
    """A scene that is run and not counted."""
    kind, k, state = shape
    return scene(kind, k, state, f"w{number:04}")

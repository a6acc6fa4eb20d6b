"""The named cells: levels of the factors at which every design meets the same faults, each with its question. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from bench.bus.bus import Bus, without_bus
from bench.cells import without_statements
from bench.drive.conflict import Conflict
from bench.drive.flights import Atomicity
from bench.errors import UserError
from bench.factors import Ids, Levels
from bench.suggesting import unknown
from bench.traits import Traits


@dataclass(frozen=True, slots=True)
class Cell:
    """A level of each factor and of the bus, and the question of the design note that a design's outcome there answers."""

    name: str
    levels: Levels
    bus: Bus
    question: str

    @property
    def attempts(self) -> int:
        """How many attempts an operation gets at most."""
        return 1 + self.levels.retry

    @property
    def is_fresh(self) -> bool:
        """Whether each attempt writes under an id of its own."""
        return self.levels.ids is Ids.FRESH

    def missing(self, traits: Traits) -> str | None:
        """Why a design with these traits has no such cell, in one line; None when it has it."""
        return without_statements(traits, self.levels) or without_bus(traits, self.bus)


_PROBLEM_3 = 'problem 3, "Potential for inconsistency if one side fails"'
_QUESTION_3 = 'open question 3, "Should MessageBusCore be synchronous or async?"'

CELLS: tuple[Cell, ...] = (
    Cell("per_side", Levels(), Bus.SYNC, f"{_PROBLEM_3}: is it, when nobody tries again?"),
    Cell(
        "per_side_fresh",
        Levels(ids=Ids.FRESH, retry=1),
        Bus.SYNC,
        f"{_PROBLEM_3}: does a retry under a new id heal it, or double the message?",
    ),
    Cell(
        "per_side_derived",
        Levels(conflict=Conflict.ON_CONFLICT, retry=1),
        Bus.SYNC,
        f"{_PROBLEM_3}: is one idempotent retry enough?",
    ),
    Cell("joined", Levels(atomicity=Atomicity.JOINED), Bus.SYNC, f"{_PROBLEM_3}: does one transaction for both sides end it?"),
    Cell(
        "joined_derived",
        Levels(atomicity=Atomicity.JOINED, conflict=Conflict.ON_CONFLICT, retry=1),
        Bus.SYNC,
        f"{_PROBLEM_3}: does one transaction with an idempotent retry leave anything to wish for?",
    ),
    Cell(
        "outbox",
        Levels(atomicity=Atomicity.OUTBOX),
        Bus.SYNC,
        'open question 1, "Should central tables be in a separate database?": what does an outbox keep of one transaction?',
    ),
    Cell("async_restart", Levels(), Bus.RESTARTED, f"{_QUESTION_3}: what is lost when the agents' process starts again?"),
    Cell(
        "async_redelivery",
        Levels(conflict=Conflict.ON_CONFLICT),
        Bus.REDELIVERED,
        f"{_QUESTION_3}: does a bus that delivers again heal what a restart loses?",
    ),
)
"""All of them, in the order in which tables show them."""

_BY_NAME = {cell.name: cell for cell in CELLS}
NAMES: tuple[str, ...] = tuple(_BY_NAME)


def cell_named(name: str) -> Cell:
    """The cell of this name; `UserError` with what may be meant for any other name."""
    if name not in _BY_NAME:
        raise UserError(unknown("cell", name, _BY_NAME))
    return _BY_NAME[name]

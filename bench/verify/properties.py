"""What is promised of every design, by name, and what a broken promise looks like. Pure."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from workloads.operations import Read, Write


class Property(enum.StrEnum):
    """The promises, in the order in which they are checked and told."""

    CONTRACT = "contract"
    STATEMENTS = "statements"
    DETERMINISM = "determinism"
    STORY = "story"
    ANSWERS = "answers"
    VIEWS = "views"
    FACTS = "facts"
    SHORTFALLS = "shortfalls"
    OPTIONS = "options"
    RANDOM_STORIES = "random-stories"
    ALTERED_CELLS = "altered-cells"
    DELETED_ROWS = "deleted-rows"
    SILENCE = "silence"


SENTENCES: Mapping[Property, str] = MappingProxyType(
    {
        Property.CONTRACT: "its tasks and reads yield what the contract allows, commit in turn, end and never raise",
        Property.STATEMENTS: "every statement fits the tables that the design declares",
        Property.DETERMINISM: "the same write with the same answers gives the same tasks",
        Property.STORY: "every operation of a scripted story ends as the reference model says, in every way of running it",
        Property.ANSWERS: "every read is answered as the reference model answers",
        Property.VIEWS: "the canonical views are there with their columns, and only read",
        Property.FACTS: "what is stored is what the reference model knows, less the declared gaps and defects",
        Property.SHORTFALLS: "each declared gap and defect is of the closed lists and shows in the story",
        Property.OPTIONS: "it works for every set of options or says which it does not offer, and without delivery to peers",
        Property.RANDOM_STORIES: "all of this holds for stories nobody wrote",
        Property.ALTERED_CELLS: "a cell altered by raw SQL is seen by the proof or refused, or its column says why not",
        Property.DELETED_ROWS: "a row deleted by raw SQL is seen by the proof or refused",
        Property.SILENCE: "it prints nothing",
    }
)
"""What each property promises, in one sentence each."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A broken promise with the shortest example that is known: `writes` in order, then `read` if a read shows it.

    `found` has a line for each thing that is wrong; the first one is the example's.
    """

    promise: Property
    expected: str
    found: str
    writes: tuple[Write, ...] = ()
    read: Read | None = None
    way: str | None = None
    """How the operations were run, such as `per_side, plain`."""
    endless: bool = False
    """A call did not come back: whoever looks again waits as long again."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One property after the checks: kept, broken (`fault`), or not checked because another one is broken (`not_checked`)."""

    promise: Property
    fault: Fault | None = None
    not_checked: str | None = None

    @property
    def holds(self) -> bool:
        """Whether the promise was checked and kept."""
        return self.fault is None and self.not_checked is None

"""What a story leaves for each design to say: worked out once for all designs with the same gaps and defects. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from bench.proof.compare import facts_differ, mapping_differs, order_differs
from bench.proof.masks import Expected, Kind, expected_of, masked_answer
from bench.proof.observation import Observation
from bench.verify.rehearsal import Rehearsal
from workloads.answers import AnswerRow
from workloads.operations import Read

Answered = Sequence[tuple[Read, Sequence[AnswerRow]]]
T = TypeVar("T")


class Holding:
    """A rehearsed story with the facts and answers that a set of gaps and defects leaves of it."""

    def __init__(self, story: Rehearsal) -> None:
        self.story = story
        self._facts: dict[frozenset[Kind], Expected] = {}
        self._answers: dict[frozenset[Kind], Answered] = {}

    def facts(self, kinds: frozenset[Kind]) -> Expected:
        """The facts that a design with these shortfalls must deliver."""
        if kinds not in self._facts:
            self._facts[kinds] = expected_of(self.story.model, kinds)
        return self._facts[kinds]

    def answers(self, kinds: frozenset[Kind]) -> Answered:
        """The answers that a design with these shortfalls must give."""
        if kinds not in self._answers:
            model = self.story.model
            self._answers[kinds] = tuple((read, masked_answer(read, kinds, model)) for read in self.story.reads)
        return self._answers[kinds]

    def differences(self, kinds: frozenset[Kind], seen: Observation) -> list[str]:
        """One line for each fact that a store has otherwise, as the same-work proof tells them."""
        linked = [] if seen.id_map is None else mapping_differs(seen.id_map, seen.projection)
        return [*map(str, facts_differ(self.facts(kinds), seen.projection)), *order_differs(seen.order), *linked]

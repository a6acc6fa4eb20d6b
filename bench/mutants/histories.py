"""Histories with a mistake in them: the store is what it is, and clients were told otherwise. Pure."""

from __future__ import annotations

import itertools

from bench.checker.columns import NEVER
from bench.checker.rows import Rows
from bench.mutants import victims
from bench.mutants.stores import CLOCK, CODE, CRASH, StoreMutant, mutant
from bench.mutants.victims import Generator, drawn


def acknowledges_before_commit(rows: Rows, generator: Generator) -> None:
    """A client is told ok and nothing is there."""
    _, message = drawn(victims.plain_messages(rows, ("send",)), generator)
    victims.drop_central(rows, message.message)
    victims.drop_copies(rows, message.message)


def swallows_an_error(rows: Rows, generator: Generator) -> None:
    """COMMIT is answered ROLLBACK and the client is told ok."""
    operated, message = drawn(victims.plain_messages(rows, ("send",)), generator)
    victims.drop_central(rows, message.message)
    victims.drop_copies(rows, message.message)
    victims.change_told(rows, operated, truth="aborted")


def reports_failure_after_commit(rows: Rows, generator: Generator) -> None:
    """A client is told that what is there failed."""
    operated, _ = drawn(victims.plain_messages(rows), generator)
    victims.change_told(rows, operated, told="fail")


def never_answers(rows: Rows, generator: Generator) -> None:
    """An operation has no end."""
    operated, _ = drawn(victims.plain_messages(rows), generator)
    victims.change_told(rows, operated, told="pending", done_ns=NEVER)


def takes_its_place_later(rows: Rows, generator: Generator) -> None:
    """A message comes before one that was answered before it began."""
    first, second = drawn(_neighbours(rows), generator)
    central = {message.message: message for message in rows.c_message}
    victims.swap_places(rows.c_message, central[first], central[second])
    for agent in {copy.agent for copy in victims.copies_of(rows, first)}:
        own = {copy.message: copy for copy in rows.a_message if copy.agent == agent}
        victims.swap_places(rows.a_message, own[first], own[second])


def _neighbours(rows: Rows) -> list[tuple[str, str]]:
    """Two messages, one right behind the other centrally, that have their copies at the same agents."""
    own = sorted(rows.c_message, key=lambda message: message.seq)
    holders = {message.message: {copy.agent for copy in victims.copies_of(rows, message.message)} for message in own}
    pairs = ((first.message, second.message) for first, second in itertools.pairwise(own))
    return [(first, second) for first, second in pairs if holders[first] == holders[second]]


HISTORIES: tuple[StoreMutant, ...] = (
    mutant(acknowledges_before_commit, CRASH, "I1"),
    mutant(swallows_an_error, CODE, "I1"),
    mutant(reports_failure_after_commit, CODE, "I2"),
    mutant(never_answers, CODE, "I20"),
    mutant(takes_its_place_later, CLOCK, "I7"),
)
"""Mistakes that only what clients were told shows."""

"""Holding the answers of a store against the reference model."""

from __future__ import annotations

from collections.abc import Iterable

from bench.drive.drivers import Links, Told
from bench.perform import read
from bench.proof.masks import masked_answer, shortfalls_of
from bench.stores import Store
from workloads.model import Model
from workloads.operations import LatestPage, PageBack, Read, RecallContext

ORDERED = (LatestPage, PageBack, RecallContext)


def wrong_answers(store: Store, links: Links, model: Model, reads: Iterable[Read]) -> list[str]:
    """One line for each read that is answered otherwise than the model answers, less the declared shortfalls."""
    kinds = shortfalls_of(store.design)
    lines = []
    for asked in reads:
        completion = read(store.design, links, asked)
        if completion.told is not Told.OK:
            lines.append(f"{asked}: {completion}")
            continue
        found = tuple(completion.value)
        expected = tuple(masked_answer(asked, kinds, model))
        if not isinstance(asked, ORDERED):
            found, expected = tuple(sorted(found)), tuple(sorted(expected))
        if found != expected:
            lines.append(f"{asked}: answered {found}, expected {expected}")
    return lines

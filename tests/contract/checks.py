"""Holding a store against the reference model: answers and facts."""

from __future__ import annotations

from collections.abc import Iterable

from bench.drive.drivers import Links, Told
from bench.perform import read
from bench.proof.compare import prove
from bench.proof.masks import kinds_of, masked_answer
from bench.proof.observe import observe
from bench.stores import Store
from workloads.model import Model
from workloads.operations import LatestPage, PageBack, Read, RecallContext

ORDERED = (LatestPage, PageBack, RecallContext)


def wrong_answers(store: Store, links: Links, model: Model, reads: Iterable[Read]) -> list[str]:
    """One line for each read that is answered otherwise than the model answers, less the declared gaps."""
    gaps = kinds_of(store.design.gaps())
    lines = []
    for asked in reads:
        completion = read(store.design, links, asked)
        if completion.told is not Told.OK:
            lines.append(f"{asked}: {completion}")
            continue
        found = tuple(completion.value)
        expected = tuple(masked_answer(asked, model.answer(asked), gaps, model))
        if not isinstance(asked, ORDERED):
            found, expected = tuple(sorted(found)), tuple(sorted(expected))
        if found != expected:
            lines.append(f"{asked}: answered {found}, expected {expected}")
    return lines


def wrong_facts(store: Store, model: Model) -> tuple[str, ...]:
    """What the same-work proof says against the store."""
    return prove(store.design.name, store.design.gaps(), model, observe(store)).differences

"""Which variants a command is about."""

from __future__ import annotations

import re

from bench import registry
from bench.cells import variant_of
from bench.errors import UserError
from bench.factors import name, parse
from bench.latency.variants import Entry
from bench.load.variation import loaded

ALL = "all"


def variants(text: str, *, alone: bool) -> list[str]:
    """The variants of a comma-separated list, or all designs; each once. Raises `UserError` for one that cannot be under load."""
    entries = [Entry(*parse(part.strip())) for part in _parts(text)] if text != ALL else [Entry(one) for one in registry.OURS]
    found = list(dict.fromkeys(entries))
    if not found:
        raise UserError("--design: name a design, or all")
    if alone and len(found) > 1:
        raise UserError("--design: with --web name one design; Locust's page lets you choose another one for the next run")
    makes = registry.load([entry.design for entry in found])
    for entry in found:
        variant_of(entry.design, makes[entry.design], entry.levels)
        if not loaded([entry]):
            raise UserError(
                f"variant {name(entry.design, entry.levels)} cannot be under load: a part of its work is not its client's; see"
                " docs/open-loop.md"
            )
    return [entry.name for entry in found]


def _parts(text: str) -> list[str]:
    """The list, not divided at the commas inside of brackets."""
    return [part for part in re.split(r",(?![^\[]*\])", text) if part.strip()]

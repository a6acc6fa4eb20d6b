"""The measures by the name that `claims.toml` uses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from bench.claims import behaviour, code, reads, structure, writes
from bench.claims.catalogue import Claim
from bench.claims.verdict import Evidence, Verdict

Measure = Callable[[Evidence, Claim], Verdict]
"""Judges a claim by a run; raises `Missing` for what the run does not have."""

MEASURES: Mapping[str, Measure] = MappingProxyType(
    {
        "twofold": writes.twofold,
        "copies_remain": writes.copies_remain,
        "translation": writes.translation,
        "translation_removed": writes.translation_removed,
        "fewer_lookups": writes.fewer_lookups,
        "metadata_in_both": writes.metadata_in_both,
        "metadata_once": writes.metadata_once,
        "half_the_metadata": writes.half_the_metadata,
        "lighter_central": writes.lighter_central,
        "same_statements": writes.same_statements,
        "tables_listed": structure.tables_listed,
        "two_tables_fewer": structure.two_tables_fewer,
        "more_tables": structure.more_tables,
        "single_schema": structure.single_schema,
        "told_apart": structure.told_apart,
        "ids_of_any_form": structure.ids_of_any_form,
        "less_code": code.less_code,
        "null_filter": reads.null_filter,
        "one_side_fails": behaviour.one_side_fails,
        "faster": behaviour.faster,
        "figures_for_the_choice": behaviour.figures_for_the_choice,
    }
)

"""Looks at large stores: the plans of all reads, what needs each index, and how many rows there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bench.reads.asked import targets
from bench.reads.explain import read_plans, table_rows
from bench.reads.indexes import found_indexes, justified
from bench.reads.large import Large
from bench.reads.plans import indexes_used
from bench.results.schema import IndexUse, ReadPlan, TableRows


@dataclass(frozen=True, slots=True)
class Seen:
    """What there is to see of all variants."""

    plans: Sequence[ReadPlan]
    indexes: Sequence[IndexUse]
    tables: Sequence[TableRows]


def look(large: Large) -> Seen:
    """Plans, indexes and rows of every store."""
    plans: list[ReadPlan] = []
    indexes: list[IndexUse] = []
    tables: list[TableRows] = []
    asked = targets(large.world)
    for one in large.stores:
        own = read_plans(one.store, one.name, asked)
        indexes += justified(one.name, *found_indexes(one.store), indexes_used(own))
        tables += [TableRows(variant=one.name, table=table, rows=rows) for table, rows in table_rows(one.store).items()]
        plans += own
    return Seen(plans, indexes, tables)

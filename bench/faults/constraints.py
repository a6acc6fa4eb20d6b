"""The foreign keys of a design, as its tables declare them: what they tie to what, and which cross the sides. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import ForeignKeyConstraint, MetaData

from bench.results.faults_schema import ConstraintRecord, TableRecord
from variants.contract import Design, Side

_NOTHING = "NO ACTION"


def foreign_keys(design: Design) -> Iterator[ConstraintRecord]:
    """Every foreign key, in the order of tables and columns."""
    for side, metadata in design.tables.items():
        for table in sorted(metadata.tables.values(), key=lambda found: found.name):
            for constraint in sorted(table.foreign_key_constraints, key=lambda found: list(found.column_keys)):
                refers_side = _side_of(design, constraint.referred_table.metadata, side)
                yield ConstraintRecord(
                    design=design.name,
                    name=_name(table.name, constraint),
                    table=table.name,
                    columns=list(constraint.column_keys),
                    side=str(side),
                    refers_to=constraint.referred_table.name,
                    refers_side=str(refers_side),
                    across=refers_side is not side,
                    on_delete=(constraint.ondelete or _NOTHING).upper(),
                )


def tables(design: Design) -> Iterator[TableRecord]:
    """Every table, in the order of sides and names, with whether a key of it crosses."""
    crossing = {(key.side, key.table) for key in foreign_keys(design) if key.across}
    for side, metadata in design.tables.items():
        for name in sorted(table.name for table in metadata.tables.values()):
            yield TableRecord(design=design.name, side=str(side), table=name, crosses=(str(side), name) in crossing)


def _side_of(design: Design, metadata: MetaData, own: Side) -> Side:
    return next((side for side, found in design.tables.items() if found is metadata), own)


def _name(table: str, constraint: ForeignKeyConstraint) -> str:
    """Its name, or the one that the server gives to a constraint without any."""
    return str(constraint.name) if constraint.name is not None else f"{table}_{'_'.join(constraint.column_keys)}_fkey"

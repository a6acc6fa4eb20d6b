"""Who is left out of which comparison: a design that did less work, or other work, for a kind of operation. Pure.

A gap or a defect is declared for a design as a whole, and counted on each workload. Where it touched rows, the operation kinds of
`variants.shortfalls.TOUCHES` cost the design something else than they cost the others: its own figures stay, and no "A against
B" is made of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from bench.charts.palette import design_of
from bench.results.schema import LeftOut, ProofRecord
from variants.shortfalls import TOUCHES

ANATOMY, LATENCY, COSTS, LOAD = "anatomy", "latency", "costs", "load"
PARTS = (LATENCY, ANATOMY, COSTS, LOAD)
"""The parts of a run whose proofs count shortfalls."""

_PART_OF = {LATENCY: LATENCY, "factors": LATENCY, "isolated": LATENCY, ANATOMY: ANATOMY, COSTS: COSTS, LOAD: LOAD}
"""The part that a trial belongs to, by what its name begins with."""

_TOUCHED = {str(kind): sorted(kinds) for kind, kinds in TOUCHES.items()}


def left_out(proofs: Sequence[ProofRecord]) -> list[LeftOut]:
    """One row for each part, design, kind of operation and shortfall that touched rows of that part's workload, all trials summed.

    A variant of a design has the shortfalls of the design itself, which are not repeated; what it has beside them stands under its
    own name.
    """
    rows: Counter[tuple[str, str, str]] = Counter()
    for proof in proofs:
        part = next((part for prefix, part in _PART_OF.items() if proof.trial.startswith(prefix)), None)
        if part is not None:
            rows.update({(part, proof.design, name): count for name, count in (*proof.gaps.items(), *proof.defects.items())})
    return [
        LeftOut(part=part, design=name, kind=kind, shortfall=shortfall, rows=count)
        for (part, name, shortfall), count in rows.items()
        if count and (name == design_of(name) or not rows[part, design_of(name), shortfall])
        for kind in _TOUCHED.get(shortfall, ())
    ]


def reasons(found: Collection[LeftOut], part: str, kind: str, *variants: str) -> list[LeftOut]:
    """Why these variants may not be compared by this kind of operation; nothing when they may.

    Variants of one design share its shortfalls, so only what one of them has beside those keeps them apart.
    """
    designs = set(map(design_of, variants))
    names = {*variants, *designs} if len(designs) > 1 else set(variants) - designs
    return [row for row in found if (row.part, row.kind) == (part, kind) and row.design in names]


def told(found: Collection[LeftOut]) -> str:
    """The reasons as prose: `option_b_envelope is left out of send: message content without agent, 12 rows`."""
    parts = [f"{row.design} is left out of {row.kind}: {row.shortfall.replace('_', ' ')}, {_rows(row.rows)}" for row in found]
    return "; ".join(dict.fromkeys(parts))


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"

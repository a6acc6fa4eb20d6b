"""What is told of runs of load, in lines. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bench.aligning import aligned
from bench.results.load_schema import LoadLevel
from bench.results.swarm_schema import SwarmRecord
from bench.swarm.agreement import Agreement, differing
from bench.swarm.growth import Grown

HEADING = (
    "variant",
    "users",
    "due/s",
    "rows",
    "done",
    "p50 ms",
    "p90 ms",
    "p99 ms",
    "lag p99 ms",
    "store",
    "to be compared",
)


def lines(records: Sequence[SwarmRecord], levels: Sequence[LoadLevel | None]) -> list[str]:
    """A table of the runs, and why one of them is not to be compared."""
    rows: list[tuple[str, ...]] = [HEADING]
    for record, level in zip(records, levels, strict=True):
        figures = {figure.q: figure for figure in level.quantiles} if level is not None else {}
        responses = [_ms(figures[q].response_ns if q in figures else None) for q in (0.5, 0.9, 0.99)]
        rows.append(
            (
                record.variant,
                str(record.users),
                f"{record.rate_per_s:g}",
                f"{record.rows:,}",
                f"{record.acknowledged:,}",
                *responses,
                _ms(level.lag_p99_ns if level is not None else None),
                "proved" if record.proof_holds else "NOT AS ACKNOWLEDGED",
                "yes" if not record.why else "no",
            )
        )
    found = list(aligned(rows, left=1))
    found += [f"{record.variant}: {why}" for record in records for why in record.why]
    return found


def agreeing(found: Mapping[float, Agreement], rate_per_s: float) -> list[str]:
    """How Locust's users and the open-loop instrument agree, by quantile of the response."""
    rows: list[tuple[str, ...]] = [("response", "variant", "users / open loop", "A/A", "noise bound")]
    for q, one in found.items():
        for variant, ratio in one.ratios.items():
            rows.append(
                (f"p{q * 100:g}", variant, f"{ratio:.3f}", f"{one.noise[variant]:.3f}", f"{1 / one.bound:.3f} to {one.bound:.3f}")
            )
    told = [f"At {rate_per_s:g} operations a second, due at the same times for both:", *aligned(rows, left=2)]
    for q, one in found.items():
        bound = f"{1 / one.mean_bound:.3f} to {one.mean_bound:.3f}"
        told.append(
            f"p{q * 100:g}: on average over all variants {one.mean:.3f} times the open loop's (noise bound {bound})"
            + (", which is no noise" if one.is_shifted else "")
        )
    beyond, shifted = differing(list(found.values())), [f"p{q * 100:g}" for q, one in found.items() if one.is_shifted]
    if beyond:
        told.append(f"Beyond the noise that A/A shows: {', '.join(beyond)}.")
    elif shifted:
        told.append(
            f"Of each variant the figures agree within the noise that A/A shows; their mean does not ({', '.join(shifted)})."
        )
    else:
        told.append("The figures agree within the noise that A/A shows.")
    return told


def growing(variant: str, found: Sequence[Grown]) -> list[str]:
    """What grew in a run, from its first third to its last."""
    rows: list[tuple[str, ...]] = [(f"{variant}: in the run", "first third", "last third", "unit", "")]
    rows += [(one.what, f"{one.first:,.0f}", f"{one.last:,.0f}", one.unit, "GROWS" if one.too_much else "") for one in found]
    return aligned(rows, left=1)


def _ms(value_ns: int | None) -> str:
    return "–" if value_ns is None else f"{value_ns / 1e6:.3f}"

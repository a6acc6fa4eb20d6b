"""Keeps the figures of docs/open-loop.md equal to those of a run: `python -m bench.load_page results/RUN` renews them.

What stands between two marks is written here from the run's summary; the rest is by hand.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.charts.palette import design_of, in_order
from bench.errors import UserError
from bench.load.purposes import RATE, SHARE
from bench.pages import DOCS, renew
from bench.results.files import read_record
from bench.results.folder import SUMMARY
from bench.results.load_schema import LoadLevel, LoadSummary
from bench.results.schema import Summary
from bench.stats.words import milliseconds

PAGE = DOCS / "open-loop.md"
_BLOCK = re.compile(r"(?P<open><!-- (?P<name>[a-z ]+), from a run -->\n).*?(?P<close><!-- end -->)", re.DOTALL)


def renewed(page: str, load: LoadSummary) -> str:
    """The page with its tables written anew. Pure."""
    tables = {"terms": _terms, "capacities": _capacities, "lag": _lag, "equal rates": _equal}
    return _BLOCK.sub(lambda found: found["open"] + "\n".join(tables[found["name"]](load)) + "\n" + found["close"], page)


def _terms(load: LoadSummary) -> Iterator[str]:
    yield (
        f"Objective {load.objective_ms:g} ms, {load.arrivals} arrivals, {load.processes} generating process(es) with"
        f" {load.connections} connections each, {load.exchange} exchange; {load.placement}."
    )


def _capacities(load: LoadSummary) -> Iterator[str]:
    yield "| variant | operations a second | left open by the searches | searches | bound by |"
    yield "|---|---:|---:|---:|---|"
    order = in_order(design_of(one.variant) for one in load.capacities)
    for one in sorted(load.capacities, key=lambda one: order.index(design_of(one.variant))):
        high = "no limit met" if one.high_per_s is None else f"{one.high_per_s:,.0f}"
        yield f"| `{one.variant}` | {one.rate_per_s:,.0f} | {one.low_per_s:,.0f} to {high} | {one.searches} | {one.bound_by} |"
    for one in load.capacities:
        if one.apart is not None:
            yield ""
            yield f"Shares of the capacity of `{one.variant}` are withheld: {one.apart}."


def _lag(load: LoadSummary) -> Iterator[str]:
    yield "| variant | share of its capacity | n | lag p50 | lag p99 | response p99 | generator busy | preempted | valid |"
    yield "|---|---:|---:|---:|---:|---:|---:|---:|---|"
    for one in _of(load, SHARE):
        lag = next((figure.lag_ns for figure in one.quantiles if figure.q == 0.5), None)
        yield (
            f"| `{one.variant}` | {one.percent} % | {one.n:,} | {milliseconds(lag)} | {milliseconds(one.lag_p99_ns)}"
            f" | {milliseconds(one.response_p99_ns)} | {100 * one.busy_share:.0f} % | {one.preempted:,} | {_valid(one)} |"
        )


def _equal(load: LoadSummary) -> Iterator[str]:
    yield "| offered a second | variant | n | response p50 | response p99 | of it, mean wait for the channel | valid |"
    yield "|---:|---|---:|---:|---:|---:|---|"
    for one in sorted(_of(load, RATE), key=lambda one: one.rate_per_s):
        p50 = next((figure.response_ns for figure in one.quantiles if figure.q == 0.5), None)
        yield (
            f"| {one.rate_per_s:,.0f} | `{one.variant}` | {one.n:,} | {milliseconds(p50)} | {milliseconds(one.response_p99_ns)}"
            f" | {milliseconds(round(one.channel_mean_ns))} | {_valid(one)} |"
        )


def _of(load: LoadSummary, purpose: str) -> list[LoadLevel]:
    found = [one for one in load.levels if one.purpose == purpose]
    order = in_order(design_of(one.variant) for one in found)
    return sorted(found, key=lambda one: (order.index(design_of(one.variant)), one.percent or 0))


def _valid(one: LoadLevel) -> str:
    return "cut short" if one.cut else "yes" if one.valid else "no"


def main(arguments: Sequence[str]) -> None:
    """Renew the page from the run in this folder."""
    if len(arguments) != 1:
        raise UserError("give the folder of one run with load: python -m bench.load_page results/RUN")
    load = read_record(Path(arguments[0]) / SUMMARY, Summary).load
    if load is None:
        raise UserError(f"{arguments[0]} has no load: run with --profile load")
    renew(PAGE, lambda page: renewed(page, load))


if __name__ == "__main__":
    main(sys.argv[1:])

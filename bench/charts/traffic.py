"""Pictures of traffic: what a trace is like, how a workload fares, and both laid over each other. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from bench.charts import traffic_checks_figure, traffic_panels
from bench.charts.chart import Chart, Table, Words
from bench.charts.drawing import chart
from bench.charts.traffic_panels import REAL, SEED, Place
from bench.spans import span
from bench.traffic.acceptance import Check
from bench.traffic.carrying import COARSE_S, DAYS_MIN
from bench.traffic.curves import DISTANCES, GAPS_S, RANKS, Curves, curves
from bench.traffic.description import Description, Traffic
from bench.traffic.people import people
from workloads.trace import Trace

SECTION = "traffic"
_COARSE = "times are too coarse"
_SEEDS_BELOW = "real trace in the middle, limits at the ends of each box"


def description_chart(trace: Trace, found: Description) -> Chart:
    """A trace in six small pictures; of people's rows, or of all rows where there are none of people."""
    own = people(trace)
    rows = own if len(own) else trace
    annotated = rows.annotated is not None and bool(rows.annotated.any())
    drawn = curves(rows, found.resolution_s, annotated_only=annotated)
    given = [(drawn, REAL)]
    panels = (
        Place("Gaps in a channel", traffic_panels.gaps, given if found.resolution_s < COARSE_S else (), _COARSE),
        Place("Hour of the day", traffic_panels.hours, given),
        Place("Who writes most", traffic_panels.channels_and_users, given),
        Place("Length of texts", traffic_panels.lengths, given, "no lengths"),
        Place("Replies: how far back", traffic_panels.distances, given, "no reply links"),
        Place("Messages a day", traffic_panels.daily, given),
    )
    what = "people's messages" if len(own) else "messages, none of a person"
    below = f"{len(rows):,} {what}, {span(found.all.length_s)}, {_count(found.people or found.all)}"
    words = Words(
        found.name, ("Of people's messages, where there are some.", "Shares of gaps and texts are on logarithmic axes."), below
    )
    return chart("describe", SECTION, words, curve_table(drawn), partial(traffic_panels.page, found.name, below, panels))


def acceptance_chart(title: str, checks: Sequence[Check]) -> Chart:
    """A strip for each line of the checks."""
    below = _SEEDS_BELOW if any(check.reason is None for check in checks) else ""
    how = ("Each strip runs from what is too little to what is too much.", "Left of a distance's strip there is nothing.")
    return chart(
        "checks", SECTION, Words(title, how, ""), table_of(checks), partial(traffic_checks_figure.draw, title, below, checks)
    )


def likeness_chart(title: str, below: str, real: Curves, annotated: Curves | None, seeds: Sequence[Curves], *, fine: bool) -> Chart:
    """Real traffic over every seed, in six small pictures.

    `annotated` has the reply links, None where none can be used; times are `fine` when they can tell gaps.
    """
    given = [*((each, SEED) for each in seeds), (real, REAL)]
    days = len(real.daily) * real.days_each
    linked = [] if annotated is None else [*((each, SEED) for each in seeds), (annotated, REAL)]
    panels = (
        Place("Gaps in a channel", traffic_panels.gaps, given if fine else (), _COARSE),
        Place("Hour of the day", traffic_panels.hours, given if days >= DAYS_MIN else (), f"under {DAYS_MIN} days"),
        Place("Channels", traffic_panels.channels, given),
        Place("Users", traffic_panels.users, given),
        Place("Length of texts", traffic_panels.lengths, given, "no lengths"),
        Place("Replies: how far back", traffic_panels.distances, linked, "no annotated reply links"),
    )
    words = Words(title, ("Black is real.", "Each thin line is a seed."), "")
    return chart("likeness", SECTION, words, curve_table(real), partial(traffic_panels.page_of_two, title, below, panels))


def table_of(checks: Sequence[Check]) -> Table:
    """Every measure of every seed, with limits and noise."""
    seeds = max((len(check.measured) for check in checks), default=0)
    heading = ("check", "name", "real", "low", "high", "median", "noise", "halves", "verdict", "reason")
    rows = tuple(
        (
            check.limit.number,
            check.limit.name,
            check.real,
            None if check.reason else check.low,
            None if check.reason else check.high,
            check.median,
            check.floor,
            check.halves,
            check.verdict.value,
            check.reason,
            *check.measured,
            *((None,) * (seeds - len(check.measured))),
        )
        for check in checks
    )
    return Table((*heading, *(f"seed_{seed}" for seed in range(1, seeds + 1))), rows)


def curve_table(drawn: Curves) -> Table:
    """The drawn points of one trace."""
    rows: list[tuple[str, float, float]] = []
    for name, places, shares in (
        ("gaps_longer_s", GAPS_S, drawn.gaps),
        ("channels_together", RANKS, drawn.channels),
        ("users_together", RANKS, drawn.users),
        ("replies_within", DISTANCES, drawn.distances),
    ):
        if shares is not None:
            rows += [(name, float(place), round(float(share), 6)) for place, share in zip(places, shares, strict=True)]
    return Table(("curve", "at", "share"), tuple(rows))


def _count(traffic: Traffic) -> str:
    return f"{traffic.channels:,} channels, {traffic.users:,} users"

"""How figures are told, the same everywhere. Pure. A real minus sign, a space before the percent sign."""

from __future__ import annotations

from bench.stats.ratio import Interval


def percent_change(ratio: float) -> str:
    """A ratio as the change it means: 0.896 is "−10.4 %", 1 is "0.0 %"; from twofold on as a multiple, "2.34×"."""
    if ratio >= 2:
        return f"{ratio:.3g}×"
    change = round(100 * (ratio - 1), 1)
    return f"{change:+.1f} %".replace("-", "−") if change else "0.0 %"


def share(value: float) -> str:
    """A share in percent with two decimals, as small as effects are that a run can find: 0.0062 is "0.62 %"."""
    return f"{100 * value:.2f} %"


def interval_in_words(interval: Interval) -> str:
    """A ratio with its bounds: "−10.4 % [−10.9 %, −9.8 %]"."""
    bounds = f"[{percent_change(interval.low)}, {percent_change(interval.high)}]"
    return f"{percent_change(interval.estimate)} {bounds}"


def milliseconds(latency_ns: int | None) -> str:
    """A latency with three significant digits in ms, from a second on in s; "–" for None."""
    if latency_ns is None:
        return "–"
    if latency_ns >= 1_000_000_000:
        return f"{_significant(latency_ns / 1e9)} s"
    return f"{_significant(latency_ns / 1e6)} ms"


def _significant(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}" if value >= 1 else f"{value:.3f}"

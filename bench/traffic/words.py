"""How figures of traffic are told: few digits, a sign for what is not there. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable

NOTHING = "-"
_SPANS = ((86_400.0, "d"), (3_600.0, "h"), (60.0, "min"))


def number(value: float | None) -> str:
    """Three significant digits, thousands parted by commas: 0.0369, 1.64, 31.2, 525,759."""
    if value is None or not math.isfinite(value):
        return NOTHING
    if value == 0:
        return "0"
    if abs(value) >= 100 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.{max(0, 2 - math.floor(math.log10(abs(value))))}f}" if abs(value) >= 1e-4 else f"{value:.1e}"


def percent(share: float | None) -> str:
    """A share as percent: 14.2 %, 3.51 %."""
    if share is None or not math.isfinite(share):
        return NOTHING
    return "under 0.01 %" if 0 < share < 1e-4 else f"{number(100 * share)} %"


def listed(values: Iterable[float] | None) -> str:
    """Several numbers: 3 / 34 / 399."""
    return NOTHING if values is None else " / ".join(map(number, values))


def percents(values: Iterable[float] | None) -> str:
    """Several shares: 36.1 / 48.2 / 12.4 / 3.35 %."""
    return NOTHING if values is None else " / ".join(percent(value).removesuffix(" %") for value in values) + " %"


def span(seconds: float) -> str:
    """A length of time in the largest unit that it fills twice: 358 d, 543 s."""
    for unit_s, name in _SPANS:
        if seconds >= 2 * unit_s:
            return f"{number(seconds / unit_s)} {name}"
    return f"{number(seconds)} s"


def resolution(step_s: float) -> str:
    """How fine times are: 1 ms, 1 s, 5 min, 1 d."""
    if step_s < 1:
        return "1 ms or finer"
    unit_s, name = next(((unit_s, name) for unit_s, name in _SPANS if step_s >= unit_s), (1.0, "s"))
    return f"{number(step_s / unit_s)} {name}"

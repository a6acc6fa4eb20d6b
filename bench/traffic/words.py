"""How figures of traffic are told: few digits, a sign for what is not there. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable

NOTHING = "-"


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

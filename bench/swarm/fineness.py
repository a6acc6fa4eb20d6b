"""How finely Locust counts: it rounds what it is told to whole milliseconds below 100 ms, by Python's own `round`.

A number says itself what rounding it means. This one keeps three digits, and never less than a microsecond, so that Locust's
tables, charts and reports show what they have room for; how many values they keep stays bounded.
"""

from __future__ import annotations

import math
from typing import Any

DIGITS = 3
DECIMALS_MAX = 3


class Fine(float):
    """Milliseconds that are rounded to three significant digits, however few decimals are asked for."""

    __slots__ = ()

    def __round__(self, ndigits: Any = None) -> Any:
        """The number with three significant digits, as a plain float."""
        del ndigits
        value = float(self)
        if not math.isfinite(value) or value == 0:
            return value
        return round(value, min(DECIMALS_MAX, DIGITS - 1 - math.floor(math.log10(abs(value)))))

"""Lengths of time in words, each in the unit that its reader needs. Pure."""

from __future__ import annotations

from bench.traffic.words import number

_UNITS = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))


def duration(seconds: float) -> str:
    """How long something takes, in whole units: `45 s`, `12 min`, `3 h 20 min`."""
    whole = max(0, round(seconds))
    if whole < 120:
        return f"{whole} s"
    minutes = round(whole / 60)
    if minutes < 120:
        return f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60} min"


def span(seconds: float) -> str:
    """A length of time in the largest unit that it fills twice: 358 d, 543 s."""
    return _in_unit(seconds, next((unit for unit in _UNITS if seconds >= 2 * unit[0]), _UNITS[-1]))


def resolution(step_s: float) -> str:
    """How fine times are: 1 ms, 1 s, 5 min, 1 d."""
    if step_s < 1:
        return "1 ms or finer"
    return _in_unit(step_s, next(unit for unit in _UNITS if step_s >= unit[0]))


def _in_unit(seconds: float, unit: tuple[int, str]) -> str:
    return f"{number(seconds / unit[0])} {unit[1]}"

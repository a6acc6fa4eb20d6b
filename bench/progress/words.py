"""Times and sizes in words, short enough for a line. Pure."""

from __future__ import annotations


def duration(seconds: float) -> str:
    """As in `45 s`, `12 min`, `3 h 20 min`; rounded to the unit that a reader needs."""
    whole = max(0, round(seconds))
    if whole < 120:
        return f"{whole} s"
    minutes = round(whole / 60)
    if minutes < 120:
        return f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60} min"


def size(count_bytes: float) -> str:
    """As in `900 kB`, `1.2 GB`, in powers of 1000."""
    value, unit = float(count_bytes), "B"
    for larger in ("kB", "MB", "GB", "TB"):
        if value < 1000:
            break
        value, unit = value / 1000, larger
    return f"{value:.0f} {unit}" if unit == "B" or value >= 10 else f"{value:.1f} {unit}"

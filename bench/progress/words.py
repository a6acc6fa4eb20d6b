"""Sizes in words, short enough for a line. Pure."""

from __future__ import annotations


def size(count_bytes: float) -> str:
    """As in `900 kB`, `1.2 GB`, in powers of 1000."""
    value, unit = float(count_bytes), "B"
    for larger in ("kB", "MB", "GB", "TB"):
        if value < 1000:
            break
        value, unit = value / 1000, larger
    return f"{value:.0f} {unit}" if unit == "B" or value >= 10 else f"{value:.1f} {unit}"

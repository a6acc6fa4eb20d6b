"""The three words for how something ended."""

from __future__ import annotations

import enum


class Told(enum.StrEnum):
    """What the client of an operation is told: it happened, it did not, or nobody knows."""

    OK = "ok"
    FAIL = "fail"
    INFO = "info"

"""The shortest story that still shows a fault: operations are left out as long as it does. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from workloads.operations import Write

TRIES_MAX = 400
"""Stories that are told at the most; each takes some hundredths of a second."""


def shortest(writes: Sequence[Write], shows: Callable[[Sequence[Write]], bool], tries_max: int = TRIES_MAX) -> tuple[Write, ...]:
    """A part of the writes of which `shows` holds and no single one can be left out, unless `tries_max` is reached before.

    Large pieces go first, from the end, since what comes last depends on what came before.
    """
    kept, tries = list(writes), 0
    size = max(1, len(kept) // 2)
    while True:
        removed = False
        end = len(kept)
        while end > 0:
            start = max(0, end - size)
            candidate = kept[:start] + kept[end:]
            if tries >= tries_max:
                return tuple(kept)
            tries += 1
            if shows(candidate):
                kept, removed = candidate, True
            end = start
        if size == 1 and not removed:
            return tuple(kept)
        if size > 1:
            size //= 2

"""In which order the variants perform an operation. Pure.

A place in the round shifts a latency by a few percent, and so does who went before. A Williams square holds every variant once at
every place and after every other one equally often (E. J. Williams, 1949); its rows are shuffled and its labels drawn anew for
each cycle.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np


def williams(n: int) -> list[list[int]]:
    """The rows of a Williams design for n treatments: n rows for even n, 2n for odd."""
    first = [0]
    for step in range(1, n):
        first.append((first[-1] + (step if step % 2 else n - step)) % n)
    rows = [[(item + shift) % n for item in first] for shift in range(n)]
    return rows if n % 2 == 0 else rows + [row[::-1] for row in rows]


def rounds(n: int, rng: np.random.Generator) -> Iterator[list[int]]:
    """Orders without end, balanced within each cycle."""
    rows = williams(n)
    while True:
        labels = rng.permutation(n)
        for index in rng.permutation(len(rows)):
            yield [int(labels[item]) for item in rows[index]]

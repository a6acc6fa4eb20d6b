"""What a ladder is: designs in an order in which each differs from the one before in one change, so that a difference has a cause.

A ladder is registered by an entry point of the group `storebench.ladders`: a callable without parameters that gives a `Ladder`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from variants.contract import Build


@dataclass(frozen=True, slots=True)
class Rung:
    """One variant of a ladder: `variant` as it is written everywhere, such as `hybrid` or `hybrid[joined]`.

    `change` says in a few words what is otherwise than on the rung before; of the first rung, what it is. `build` builds the
    design where that is registered by this ladder alone; None: it is a registered design.
    """

    variant: str
    change: str
    build: Build | None = None


@dataclass(frozen=True, slots=True)
class Ladder:
    """Two rungs or more, in order; `question` is what the ladder answers, in one line."""

    question: str
    rungs: tuple[Rung, ...]


MakeLadder = Callable[[], Ladder]
"""What an entry point of the group `storebench.ladders` gives."""

"""One broken invariant, as both checkers tell it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Violation:
    """`invariant` is broken for the thing that `key` names; `direction` says which way, in one word of `bench.checker.catalogue`.

    What the parts of a key are stands in the catalogue: for I4 the agent and the message. A holder that is not an agent is
    written `central`.
    """

    invariant: str
    key: tuple[str, ...]
    direction: str

    def __str__(self) -> str:
        """As in `I4 central-only: agent-1, message-7`."""
        return f"{self.invariant} {self.direction}: {', '.join(self.key)}"

"""The bullets of the design note that assert or ask something."""

from __future__ import annotations

import re
from dataclasses import dataclass

_OPENS = re.compile(
    r"\*\*(Problems|Benefits|Drawbacks|Reduction)\*\*:|This gives us:|## (Open Questions|Decision Points)\b",
)
_CLOSES = re.compile(r"---|#|\*\*[^*]+\*\*:")
_BULLET = re.compile(r"\s*(?:-|\d+\.)\s+(?P<text>\S.*)")


@dataclass(frozen=True, slots=True)
class Bullet:
    """One bullet or numbered item, with the line it stands on."""

    line: int
    text: str


def bullets(note: str) -> list[Bullet]:
    """Every bullet under Problems, Benefits, Drawbacks, "This gives us", Reduction, Open Questions and Decision Points."""
    found: list[Bullet] = []
    within = False
    for number, line in enumerate(note.splitlines(), start=1):
        if _OPENS.match(line):
            within = True
        elif _CLOSES.match(line):
            within = False
        elif within and (match := _BULLET.match(line)):
            found.append(Bullet(number, match["text"]))
    return found

"""Puts the answers of stored runs into docs/validity.md: `python -m bench.validity_page RUN...`.

An instrument that the first run did without is taken from the next that has it. What stands between the marks of a point is written
here; the rest of the page is by hand.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.errors import UserError
from bench.pages import DOCS, renew
from bench.results.folder import RunFolder
from bench.validity.answering import evidence_of, point_of, told
from bench.validity.point import Evidence, Point
from bench.visible import visible

PAGE = DOCS / "validity.md"
_BLOCK = re.compile(
    r"(?P<open><!-- answer of point (?P<number>[0-9]+) -->\n).*?(?P<close><!-- end of point (?P=number) -->)", re.DOTALL
)


def command(number: int) -> str:
    """What a reader types to see an answer for a run of his own."""
    return f".venv/bin/storebench validity results/RUN --point {number}"


def block(point: Point, evidence: Evidence) -> str:
    """The command of a point and its output, as Markdown."""
    lines = "\n".join(visible(line) for line in told(point, evidence))
    return f"```sh\n{command(point.number)}\n```\n\n```text\n{lines}\n```\n"


def renewed(page: str, of: Callable[[int], str]) -> str:
    """The page with what is given for each point, by its number, between its marks."""
    return _BLOCK.sub(lambda found: found["open"] + of(int(found["number"])) + found["close"], page)


def main(arguments: Sequence[str]) -> None:
    """Renew the page from these runs."""
    if not arguments:
        raise UserError("give the folders of runs below results/, the most complete one first")
    evidence = evidence_of([RunFolder.open(Path(argument)) for argument in arguments])
    renew(PAGE, lambda page: renewed(page, lambda number: block(point_of(number), evidence)))


if __name__ == "__main__":
    main(sys.argv[1:])

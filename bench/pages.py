"""The pages of docs/ of which parts are written from the code or from runs: renewed in the checkout that they belong to."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from bench.errors import UserError
from bench.report.grid import Grid
from bench.report.markdown import as_markdown

_BLOCK = re.compile(r"(?P<open><!-- (?P<name>[a-z ]+), from a run -->\n).*?(?P<close><!-- end -->)", re.DOTALL)

DOCS = Path(__file__).resolve().parents[1] / "docs"


def renew(page: Path, renewed: Callable[[str], str]) -> None:
    """Write the page anew from what it says. Raises UserError where there is no checkout."""
    if not page.is_file():
        raise UserError(f"{page} is not there: run this from a checkout of the project")
    page.write_text(renewed(page.read_text(encoding="utf-8")), encoding="utf-8")


def with_blocks(page: str, blocks: Mapping[str, Iterable[str]]) -> str:
    """The page with the lines of these blocks between their marks; a block that is not given stays as it is. Pure."""
    lines = {name: "".join(f"{line}\n" for line in found) for name, found in blocks.items()}
    return _BLOCK.sub(
        lambda block: block["open"] + lines[block["name"]] + block["close"] if block["name"] in lines else block[0], page
    )


def table(grid: Grid) -> Iterator[str]:
    """A table of the report as lines of Markdown."""
    yield f"| {' | '.join(grid.heading)} |"
    yield "|" + "".join("---:|" if place in grid.numbers else "---|" for place in range(len(grid.heading)))
    for row in grid.rows:
        yield f"| {' | '.join(str(as_markdown(cell)) for cell in row)} |"

"""Keeps the tables that docs/designs.md prints equal to those that the designs declare.

`python -m bench.designs_page` renews the page. Everything between a design's two marks is written here; the rest is by hand.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from bench.errors import UserError
from bench.registry import build, load
from bench.stores import ddl
from variants.contract import Design, Options

PAGE = Path(__file__).resolve().parents[1] / "docs" / "designs.md"
_BLOCK = re.compile(r"(?P<open><!-- tables of (?P<name>\w+), from the code -->\n).*?(?P<close><!-- end of tables -->)", re.DOTALL)


def printed(design: Design) -> str:
    """The statements that create the tables of a design and its indexes, as a block of Markdown."""
    statements = ("\n".join(line.rstrip() for line in statement.expandtabs(4).splitlines()) + ";" for statement in ddl(design))
    return "```sql\n" + "\n".join(statements) + "\n```\n"


def named(page: str) -> list[str]:
    """The designs whose tables the page prints, in its order."""
    return [found["name"] for found in _BLOCK.finditer(page)]


def renewed(page: str, block: Callable[[str], str]) -> str:
    """The page with what `block` gives for each design between its marks."""
    return _BLOCK.sub(lambda found: found["open"] + block(found["name"]) + found["close"], page)


def renewed_from_code(page: str) -> str:
    """The page with the tables of the designs as they are registered and built for one database."""
    designs = build(load(named(page)), Options())
    return renewed(page, lambda name: printed(designs[name]))


def main() -> None:
    """Renew the page of this checkout."""
    if not PAGE.is_file():
        raise UserError(f"{PAGE} is not there: run this from a checkout of the project")
    PAGE.write_text(renewed_from_code(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()

"""Keeps the tables that docs/designs.md prints, and the columns that the proof does not see, equal to what the designs declare.

`python -m bench.designs_page` renews the page. Everything between a design's two marks is written here; the rest is by hand.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from bench.pages import DOCS, renew
from bench.registry import build, load
from bench.stores import ddl, tables_of
from bench.verify.reasons import unobserved_parts
from variants.contract import Design, Options

PAGE = DOCS / "designs.md"
TABLES, UNOBSERVED = "tables", "unobserved"
_BLOCK = "(?P<open><!-- {0} of (?P<name>\\w+), from the code -->\n).*?(?P<close><!-- end of {0} -->)"


def printed(design: Design) -> str:
    """The statements that create the tables of a design and its indexes, as a block of Markdown."""
    statements = ("\n".join(line.rstrip() for line in statement.expandtabs(4).splitlines()) + ";" for statement in ddl(design))
    return "```sql\n" + "\n".join(statements) + "\n```\n"


def unobserved(design: Design) -> str:
    """What the proof does not see of a design's tables, each part with its reason, as a list of Markdown."""
    lines = [f"- {part}: {reason}" for table in tables_of(design) for part, reason in unobserved_parts(table)]
    return "\n".join(lines or ["Every column is seen."]) + "\n"


def named(page: str, what: str = TABLES) -> list[str]:
    """The designs of which the page has a block of this kind, in its order."""
    return [found["name"] for found in _blocks(what).finditer(page)]


def renewed(page: str, block: Callable[[str], str], what: str = TABLES) -> str:
    """The page with what `block` gives for each design between its marks of this kind."""
    return _blocks(what).sub(lambda found: found["open"] + block(found["name"]) + found["close"], page)


def renewed_from_code(page: str) -> str:
    """The page with tables and unseen columns of the designs as they are registered and built for one database."""
    designs = build(load({*named(page), *named(page, UNOBSERVED)}), Options())
    page = renewed(page, lambda name: printed(designs[name]))
    return renewed(page, lambda name: unobserved(designs[name]), UNOBSERVED)


def _blocks(what: str) -> re.Pattern[str]:
    return re.compile(_BLOCK.format(what), re.DOTALL)


if __name__ == "__main__":
    renew(PAGE, renewed_from_code)

"""Keeps the table of named workloads in docs/workloads.md equal to their files.

`python -m bench.catalogue_page` renews the page. What stands between the two marks is written here; the rest is by hand.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping

from bench.pages import DOCS, renew
from workloads import catalogue

PAGE = DOCS / "workloads.md"
_BLOCK = re.compile("(?P<open><!-- catalogue, from its files -->\n).*?(?P<close><!-- end of catalogue -->)", re.DOTALL)
_ABOUT = frozenset({"kind", "about", "default_point", "points"})
_HEADING = "| name | what it asks | what its file sets |\n|---|---|---|\n"


def table() -> str:
    """A row for each named workload: its name, its question, and the keys that its file sets, those of each point too."""
    return _HEADING + "".join(f"| {' | '.join(_row(name))} |\n" for name in catalogue.names())


def renewed(page: str) -> str:
    """The page with the table as the files are now."""
    return _BLOCK.sub(lambda found: found["open"] + table() + found["close"], page)


def _row(name: str) -> Iterator[str]:
    values = tomllib.loads(catalogue.read(name).text)
    yield f"`{name}`"
    yield str(values["about"])
    points = values.get("points", {})
    default = values.get("default_point")
    told = [f"`:{point}`{' (default)' if point == default else ''} {_keys(keys)}".strip() for point, keys in points.items()]
    yield "; ".join(filter(None, (_keys(values), *told)))


def _keys(values: Mapping[str, object]) -> str:
    return ", ".join(f"`{key} = {_value(value)}`" for key, value in values.items() if key not in _ABOUT)


def _value(value: object) -> str:
    """A value as TOML, long numbers with their thousands apart."""
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return f"{value:_}"
    return f'"{value}"' if isinstance(value, str) else str(value)


if __name__ == "__main__":
    renew(PAGE, renewed)

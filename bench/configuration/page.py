"""Keeps the tables of docs/configuration.md equal to what the keys say of themselves, and to the profiles.

`python -m bench.configuration.page` renews the page. What stands between two marks is written here; the rest is by hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bench.configuration import profiles
from bench.configuration.model import Configuration, TraceConfiguration
from bench.configuration.resolving import resolve
from bench.configuration.toml import written
from bench.pages import DOCS, renew
from workloads.key import keys

PAGE = DOCS / "configuration.md"
_BLOCK = re.compile(r"(?P<open><!-- (?P<name>[a-z ]+), from the code -->\n).*?(?P<close><!-- end -->)", re.DOTALL)


def renewed(page: str) -> str:
    """The page with its tables written anew."""
    tables = {
        "keys of the default run": lambda: _keys(Configuration),
        "keys of a replay": lambda: _keys(TraceConfiguration),
        "profiles": _profiles,
    }
    return _BLOCK.sub(lambda found: found["open"] + "\n".join(tables[found["name"]]()) + "\n" + found["close"], page)


def _keys(kind: type[Configuration | TraceConfiguration]) -> Iterator[str]:
    yield "| key | meaning | unit | default | source of the default |"
    yield "|---|---|---|---|---|"
    for name, key in keys(kind).items():
        field = kind.model_fields[name]
        default = "must be given" if field.is_required() else _code(field.default)
        yield f"| `{name}` | {_cell(key.meaning)} | {_cell(key.unit)} | {default} | {_cell(key.source)} |"


def _profiles() -> Iterator[str]:
    sizes = {name: profiles.load(name) for name in profiles.NAMES}
    configurations = {name: resolve(profile=name).configuration for name in profiles.NAMES}
    varied = [key for key in Configuration.model_fields if any(key in size for size in sizes.values())]
    yield f"| key | {' | '.join(profiles.NAMES)} |"
    yield "|---|" + "---|" * len(profiles.NAMES)
    for key in varied:
        yield f"| `{key}` | " + " | ".join(_code(getattr(configurations[name], key)) for name in profiles.NAMES) + " |"


def _code(value: object) -> str:
    return "not set" if value is None else f"`{written(value)}`"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    renew(PAGE, renewed)

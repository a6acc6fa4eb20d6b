"""The profiles: how large a run is made, each a file of configuration that comes with the program."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib.resources import files

from bench.errors import UserError
from bench.foreign import shown
from bench.suggesting import nearest

SIZES = ("quick", "standard", "full")
"""Profiles that measure everything, the smaller ones first; the others are of one instrument each."""

NAMES = (
    "quick",
    "standard",
    "full",
    "cost",
    "faults-quick",
    "faults-standard",
    "faults-full",
    "growth",
    "isolated",
    "ladder",
    "load",
    "paired",
    "pgbench",
)
DEFAULT = "quick"
FAULTS = "faults-"
"""How the profiles begin that do nothing but faults: one for each size."""


def load(name: str) -> Mapping[str, object]:
    """What a profile sets; raises `UserError` for a name that is none."""
    if name not in NAMES:
        raise UserError(f"--profile {shown(name)}: unknown; known are {', '.join(NAMES)}{nearest(name, NAMES)}")
    return tomllib.loads((files("bench.configuration") / "profiles" / f"{name}.toml").read_text(encoding="utf-8"))

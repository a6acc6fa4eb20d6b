"""Which variants reads are measured on: each design with the indexes that are advised, and as it is where it runs otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bench.registry import built
from bench.stores import ddl
from variants.contract import Build, Design, Indexes, NotOffered, Options


@dataclass(frozen=True, slots=True)
class Level:
    """A design with one set of indexes. `advised`: they are those that its reads and keys call for."""

    name: str
    design: Design
    advised: bool


def levels(builds: Mapping[str, Build]) -> list[list[Level]]:
    """The levels of each design: the advised one first, then its own when that has other indexes.

    The plain name is the design's own level, so a design that is advised as it is has one level of that name. A design without
    an advised level has its own alone. Raises `UserError` for a design that cannot be built.
    """
    return [_of(name, make) for name, make in builds.items()]


def _of(name: str, make: Build) -> list[Level]:
    own = built(name, make, Options())
    try:
        advised = built(name, make, Options(indexes=Indexes.ADVISED))
    except NotOffered:
        return [Level(name, own, advised=False)]
    if ddl(own) == ddl(advised):
        return [Level(name, own, advised=True)]
    return [Level(f"{name}[indexes={Indexes.ADVISED}]", advised, advised=True), Level(name, own, advised=False)]

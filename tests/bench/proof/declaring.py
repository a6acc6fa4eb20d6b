"""A design that only declares what it cannot or does not do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NoReturn

from sqlalchemy import MetaData

from bench.proof.masks import Kind
from variants.contract import Defect, DefectKind, Gap, GapKind, Side, View


class Declaring:
    """Has gaps and defects of these kinds, and nothing else."""

    name = "declaring"
    tables: Mapping[Side, MetaData] = {}

    def __init__(self, kinds: Iterable[Kind] = ()) -> None:
        self._kinds = tuple(kinds)

    def gaps(self) -> Sequence[Gap]:
        return [Gap(kind, "", "") for kind in self._kinds if isinstance(kind, GapKind)]

    def defects(self) -> Sequence[Defect]:
        return [Defect(kind, "", "") for kind in self._kinds if isinstance(kind, DefectKind)]

    def write(self, *_: object) -> NoReturn:
        raise NotImplementedError

    def read(self, *_: object) -> NoReturn:
        raise NotImplementedError

    def views(self) -> Mapping[str, View]:
        raise NotImplementedError

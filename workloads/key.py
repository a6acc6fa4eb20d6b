"""What every key of a configuration or of a workload says about itself. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from pydantic import BaseModel
from pydantic.fields import FieldInfo


@dataclass(frozen=True, slots=True)
class Key:
    """The meaning of a key, the unit of its value, and where its default comes from: a page, a paper, a measurement."""

    meaning: str
    unit: str
    source: str


def keys(kind: type[BaseModel]) -> Mapping[str, Key]:
    """The keys of a model in their order, each with what it says about itself."""
    return MappingProxyType({name: key for name, field in kind.model_fields.items() for key in _told(field)})


def _told(field: FieldInfo) -> Iterator[Key]:
    return (item for item in field.metadata if isinstance(item, Key))

"""The kinds of values that keys take, and what makes one wrong whatever its key is. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from itertools import pairwise
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field

from bench.anatomy.plan import AGENTS_MAX
from bench.errors import UserError
from bench.factors import name, parse

SECONDS_MAX = 7 * 86_400.0
"""A week: whoever asks for longer limits has lost a unit."""

MESSAGES_MAX = 10**7
SESSIONS_MAX = 1000
TEXT_MAX = 200
ITEMS_MAX = 50
PATH_BYTES_MAX = 4096
"""The longest path that Linux takes."""

WORKLOAD_CHARACTERS_MAX = 32_768
"""More than all keys of a workload at all points of a family need."""

H = TypeVar("H", bound=Hashable)
N = TypeVar("N", int, float)


def as_tuple(given: object) -> object:
    """TOML and JSON have lists where the model has tuples."""
    return tuple(given) if isinstance(given, list) else given


def growing(items: tuple[N, ...]) -> tuple[N, ...]:
    """Sizes or rates, each once, the smallest first."""
    if any(after <= before for before, after in pairwise(items)):
        raise ValueError("give each once, the smallest first")
    return items


def _once(items: tuple[H, ...]) -> tuple[H, ...]:
    _refuse_doubled(items)
    return items


def _variants(texts: tuple[str, ...]) -> tuple[str, ...]:
    """Every variant can be read, and none is another one in other words."""
    try:
        read = tuple(name(*parse(text)) for text in texts)
    except UserError as error:
        raise ValueError(str(error)) from error
    _refuse_doubled(read)
    return texts


def _refuse_doubled(items: tuple[Hashable, ...]) -> None:
    doubled = [item for item, times in Counter(items).items() if times > 1]
    if doubled:
        raise ValueError(f"{doubled[0]!r} is there twice: take one of them out")


def one_of(kind: type[Hashable]) -> object:
    """A text that is one of an enumeration's values."""

    def check(text: str) -> str:
        known = [str(level) for level in kind]  # type: ignore[attr-defined]  # an enumeration
        if text not in known:
            raise ValueError(f"{text!r:.40} is none of {', '.join(known)}")
        return text

    return AfterValidator(check)


def _path(given: object) -> object:
    return Path(given) if isinstance(given, str) and given else given


def _storable(path: Path) -> Path:
    """A path that a text file, and the file system, can hold."""
    try:
        size_bytes = len(str(path).encode())
    except UnicodeEncodeError:
        raise ValueError("the path is not UTF-8: rename the file") from None
    if "\0" in str(path) or size_bytes > PATH_BYTES_MAX:
        raise ValueError(f"no file is called so: give a path of 1 to {PATH_BYTES_MAX} bytes, none of them NUL")
    return path


Text = Annotated[str, Field(min_length=1, max_length=TEXT_MAX)]
Names = Annotated[tuple[Text, ...], BeforeValidator(as_tuple), AfterValidator(_once), Field(max_length=ITEMS_MAX)]
Variants = Annotated[tuple[Text, ...], BeforeValidator(as_tuple), AfterValidator(_variants), Field(max_length=ITEMS_MAX)]
Agents = Annotated[int, Field(ge=0, le=AGENTS_MAX)]
AgentCounts = Annotated[tuple[Agents, ...], BeforeValidator(as_tuple), AfterValidator(_once)]
Seconds = Annotated[float, Field(gt=0, le=SECONDS_MAX, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
WorkloadName = Annotated[str, Field(min_length=1, max_length=PATH_BYTES_MAX)]
WorkloadText = Annotated[str, Field(max_length=WORKLOAD_CHARACTERS_MAX)]
FilePath = Annotated[Path, BeforeValidator(_path), AfterValidator(_storable)]

"""What the checkers look at: the canonical views and the history, as columns.

Ids and words (of our own, such as `send`) are codes into one table of names; -1 stands for NULL. All other columns are 64-bit
numbers. A message's `content` is its text, metadata and source taken together: equal codes mean equal contents. Times end in `_ms`
(since 1970, UTC) or `_ns` (of one clock of the harness).
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

IntArray = NDArray[np.integer[Any]]
Table = Mapping[str, IntArray]

NULL = -1
NEVER = 2**62
"""A time that does not come: where an interval is still open, where an operation or a read never ended."""

CENTRAL = "central"
"""The holder that is no agent."""


class Kind(enum.Enum):
    """What a column holds."""

    ID = "id"
    WORD = "word"
    NUMBER = "number"


_ID, _WORD, _NUMBER = Kind.ID, Kind.WORD, Kind.NUMBER
_MESSAGE = {
    **dict.fromkeys(("message", "channel", "author", "content", "reply_to"), _ID),
    **dict.fromkeys(("rev", "created_at_ms", "seq"), _NUMBER),
}
_LINK = {"agent": _ID, "kind": _WORD, "central": _ID, "local": _ID}

RELATIONS: Mapping[str, Mapping[str, Kind]] = MappingProxyType(
    {
        "c_server": {"server": _ID},
        "c_channel": {"channel": _ID, "server": _ID},
        "c_agent": {"server": _ID, "agent": _ID},
        "c_member": {"channel": _ID, "member": _ID},
        "c_message": _MESSAGE,
        "a_server": {"agent": _ID, "server": _ID},
        "a_channel": {"agent": _ID, "channel": _ID, "server": _ID},
        "a_member": {"agent": _ID, "channel": _ID, "member": _ID},
        "a_message": {"agent": _ID, **_MESSAGE},
        "id_map": _LINK,
        "used_id": _LINK,
        "subscription": {"agent": _ID, "channel": _ID, "from_ms": _NUMBER, "to_ms": _NUMBER, "sure": _NUMBER},
        "history": {
            **dict.fromkeys(("op", "process", "channel", "author", "target", "member"), _ID),
            **dict.fromkeys(("f", "told", "truth"), _WORD),
            **dict.fromkeys(("rev", "at_ms", "invoke_ns", "done_ns"), _NUMBER),
        },
        "written": {"op": _ID, "message": _ID},
        "read": {
            **dict.fromkeys(("read", "process", "channel", "agent"), _ID),
            "f": _WORD,
            **dict.fromkeys(("complete", "start", "invoke_ns", "done_ns"), _NUMBER),
        },
        "seen": {"read": _ID, "agent": _ID, "message": _ID, "position": _NUMBER},
        "session": {"state": _WORD, "name": _ID},
    }
)
"""Every relation with its columns; `bench.checker.rows` says what each of them means."""

NULLABLE: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "c_channel": frozenset({"server"}),
        "c_message": frozenset({"reply_to"}),
        "a_channel": frozenset({"server"}),
        "a_message": frozenset({"message", "reply_to"}),
        "id_map": frozenset({"agent", "central"}),
        "used_id": frozenset({"agent", "central"}),
        "history": frozenset({"channel", "author", "target", "member", "truth"}),
        "read": frozenset({"agent"}),
        "seen": frozenset({"agent"}),
    }
)
"""Columns of ids that may be NULL. Where a view has NULL in any other one, it counts as the name `NULL`, which is nowhere."""

_KEYS: Mapping[str, str] = MappingProxyType({"history": "op", "written": "message", "read": "read"})
"""What tells rows of the history apart: one operation has one row, one message id one operation."""

VIEWS = ("c_server", "c_channel", "c_agent", "c_member", "c_message", "a_server", "a_channel", "a_member", "a_message", "id_map")
"""The relations that a store's own views give; the others come from the history."""

WORDS: Mapping[str, int] = MappingProxyType(
    {
        word: code
        for code, word in enumerate(
            (
                CENTRAL,
                *("send", "reply", "edit", "delete", "join", "leave", "join_agent", "leave_agent"),
                *("ok", "fail", "info", "pending"),
                *("server", "channel", "member", "message"),
                *("page", "cursor", "snapshot"),
            )
        )
    }
)
"""Words that every table of names begins with, so that their codes are the same everywhere."""


class Names:
    """The texts of the codes, as one compact array."""

    def __init__(self, texts: Any) -> None:
        self._texts = texts if isinstance(texts, (pa.Array, pa.ChunkedArray)) else pa.array(texts, pa.large_string())

    def __len__(self) -> int:
        return len(self._texts)

    def text(self, code: int) -> str:
        """The text of a code; NULL is spelled out."""
        return "NULL" if code == NULL else str(self._texts[int(code)].as_py())

    def texts(self, codes: IntArray) -> Any:
        """The texts of many codes as an Arrow array, null for NULL."""
        if isinstance(self._texts, pa.ChunkedArray):
            self._texts = self._texts.combine_chunks()
        wanted = codes.astype(np.int64)
        return self._texts.take(pa.array(np.where(wanted < 0, 0, wanted), mask=wanted < 0))


@dataclass(frozen=True, slots=True)
class Columns:
    """One store and its history at one moment.

    Raises `ValueError` where relations are not such columns, or an operation, a message id of one, or a read is told twice.
    `peer_delivery`: whether an agent's reply is delivered to the channel's other agents. `maps_ids`: whether the design has a
    second id space at all. `used_id` are ids under which a statement looked for a row, where somebody recorded them.
    """

    names: Names
    c_server: Table
    c_channel: Table
    c_agent: Table
    c_member: Table
    c_message: Table
    a_server: Table
    a_channel: Table
    a_member: Table
    a_message: Table
    id_map: Table
    used_id: Table
    subscription: Table
    history: Table
    written: Table
    read: Table
    seen: Table
    session: Table
    peer_delivery: bool = True
    maps_ids: bool = True

    def __post_init__(self) -> None:
        for name, columns in RELATIONS.items():
            table = self.table(name)
            if set(table) != set(columns):
                raise ValueError(f"{name} has the columns {sorted(table)}, not {sorted(columns)}")
            if len({len(column) for column in table.values()}) > 1:
                raise ValueError(f"{name} has columns of different lengths")
        for name, column in _KEYS.items():
            codes = self.table(name)[column]
            seen = np.zeros(int(codes.max(initial=NULL)) + 1, np.bool_)
            seen[codes] = True
            if np.count_nonzero(seen) < len(codes):
                raise ValueError(f"{name} has one {column} twice: nobody can tell which of the two rows counts")

    def table(self, name: str) -> Table:
        """A relation by its name."""
        found: Table = getattr(self, name)
        return found


def empty(name: str) -> Table:
    """A relation without rows."""
    return {column: np.zeros(0, np.int64 if kind is Kind.NUMBER else np.int32) for column, kind in RELATIONS[name].items()}

"""The contract of a storage design.

A design is data plus generators: it says which statements an operation needs and where transactions begin and end. It never
sees a connection or a clock, never executes, commits, retries or catches. The harness drives its generators, so the same code
runs on a blocking, an asynchronous or a pipelined connection, step by step under a scheduler, and merged into one transaction.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import MetaData

from variants.shortfalls import Defect, DefectKind, Gap, GapKind
from variants.statements import Query, Side, Statement
from workloads.operations import Context, Read, Write

__all__ = [
    "CENTRAL_ACTOR",
    "UNOBSERVED",
    "Action",
    "Begin",
    "Commit",
    "Defect",
    "DefectKind",
    "Design",
    "Ensure",
    "Gap",
    "GapKind",
    "Group",
    "Indexes",
    "NotOffered",
    "Options",
    "Query",
    "Reading",
    "Rejected",
    "Rows",
    "Side",
    "Statement",
    "Task",
    "View",
    "Writing",
]

CENTRAL_ACTOR = "central"

Rows = Sequence[tuple[Any, ...]]
"""What a driver gives back: values as `bench.drive.codec` decodes them."""


@dataclass(frozen=True, slots=True)
class Begin:
    """A transaction begins on a side."""

    side: Side


@dataclass(frozen=True, slots=True)
class Commit:
    """The open transaction of a side ends; local values of the task survive it."""

    side: Side


@dataclass(frozen=True, slots=True)
class Ensure:
    """A row that may exist already: `find` looks for it, `add` inserts it (ON CONFLICT DO NOTHING) when it is not there.

    How the two are used is a factor of the harness. The answer is `key`, never a row, so ids must be derived.
    """

    find: Statement
    add: tuple[Statement, ...]
    key: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """The operation is refused for a reason of the domain. Only before the first commit of an operation."""

    reason: str


Group = tuple[Statement | Ensure, ...]
"""Independent statements: they may travel together, and their answers come as a list in the same order."""

Action = Statement | Ensure | Begin | Commit | Group
Writing = Generator[Action, Any, Rejected | None]
"""The body of a task. A statement is answered by its rows (None when it needs none), an `Ensure` by its key, a group by a list."""
Reading = Generator[Statement, Rows, Sequence[tuple[Any, ...]]]
"""A read: each statement is answered by its rows; the return value is the answer, in the rows of `workloads.answers`."""


@dataclass(frozen=True, slots=True)
class Task:
    """What one actor does for an operation: the central server (`CENTRAL_ACTOR`), or the agent with this id.

    Tasks of an operation run in the given order and share nothing; each may run in a process of its own.
    """

    name: str
    actor: str
    body: Writing


UNOBSERVED = "unobserved"
"""Key of `Column.info`: why no fact of the domain depends on what this column holds, so that the proof cannot see it altered.

A text speaks of the whole column. For single entries of JSON documents it is a mapping of path (`key`, or `key.key`) to text; all
other entries must be seen. In `Table.info` it is a text: why the table stays empty.
"""


class Indexes(enum.StrEnum):
    """Which indexes the tables have, besides what a key of one column needs.

    DECLARED: those that the schema as written names, in the design note or in the real server's source. DEPLOYED: what was found
    on disk where the schema runs, for a design that runs anywhere. ADVISED: those that the design's reads and keys call for.
    """

    DECLARED = "declared"
    DEPLOYED = "deployed"
    ADVISED = "advised"


@dataclass(frozen=True, slots=True)
class Options:
    """What a design is built for, besides itself.

    `cross_side_foreign_keys`: whether keys from agent tables to central tables are declared; two databases cannot have them.
    `indexes`: the level of indexes; None is the design's own. A design that has no such form raises `NotOffered` when it is built.
    """

    cross_side_foreign_keys: bool = True
    indexes: Indexes | None = None


class NotOffered(Exception):
    """This design cannot be built for these options; `reason` says why, in one line."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


View = str
"""A read-only SELECT whose columns are those of the relation of `workloads.projection` (times as timestamps, JSON as jsonb).

`c_message` and `a_message` have two more columns: `seq`, the rank by `created_at` within the channel (and the agent), and
`xid`, the row's `xmin` as text. `id_map` has (agent, kind, central_id, local_id) with kind server, channel, member or message.
"""


class Design(Protocol):
    """A storage design, built for one set of options."""

    @property
    def name(self) -> str:
        """The name in tables, charts and files: lower case, digits and `_`."""

    @property
    def tables(self) -> Mapping[Side, MetaData]:
        """The tables of each side, the one source of its DDL."""

    def write(self, operation: Write, context: Context) -> Sequence[Task]:
        """The tasks of a write, in the order the design gives them."""

    def read(self, operation: Read) -> Reading:
        """A read: yields statements, returns the answer."""

    def views(self) -> Mapping[str, View]:
        """SQL of the canonical views by relation; `id_map` is left out by a design without a second id space."""

    def gaps(self) -> Sequence[Gap]:
        """What the design cannot represent."""

    def defects(self) -> Sequence[Defect]:
        """What its deployed code leaves undone."""


Build = Callable[[Options], Design]
"""What an entry point of the group `storebench.variants` gives: a callable that builds the design."""

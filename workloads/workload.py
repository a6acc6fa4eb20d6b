"""A workload: a named stream of operations that is the same each time it is asked for."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from itertools import chain

from workloads.operations import KIND, Member, Operation, Write, kind_of


@dataclass(frozen=True, slots=True)
class Workload:
    """What is asked, in order.

    `setup` makes what must exist before anything is measured, `operations` is what is measured; each call yields the
    same stream anew. `parameters` says how the workload came to be, in values that JSON can hold.
    """

    name: str
    parameters: Mapping[str, object]
    setup: Callable[[], Iterator[Write]]
    operations: Callable[[], Iterator[Operation]]


@dataclass(frozen=True, slots=True)
class Scale:
    """How large a registered workload is asked to be: user messages, and agents in each channel."""

    messages: int
    agents_per_channel: int


MakeWorkload = Callable[[Scale, int], Workload]
"""What an entry point of the group `storebench.workloads` gives: a callable of scale and seed that makes the workload."""


def digest(workload: Workload) -> str:
    """SHA-256 over all operations, setup first; results of different digests are never compared."""
    hasher = hashlib.sha256()
    for operation in chain(workload.setup(), workload.operations()):
        hasher.update(canonical(operation))
        hasher.update(b"\n")
    return hasher.hexdigest()


def counts(workload: Workload) -> dict[str, int]:
    """How many operations of each kind there are, setup included."""
    return dict(Counter(kind_of(operation) for operation in chain(workload.setup(), workload.operations())))


def canonical(operation: Operation) -> bytes:
    """An operation as JSON, always in the same bytes."""
    facts = {field.name: _plain(getattr(operation, field.name)) for field in fields(operation)}
    facts["kind"] = KIND[type(operation)]
    return json.dumps(facts, sort_keys=True, separators=(",", ":")).encode("ascii")


def _plain(value: object) -> object:
    return [value.id, value.role] if isinstance(value, Member) else value

"""An operation and its context as a JSON document, and back. Pure.

The document holds all that a design is told of a write, so whoever reads it asks the design for the very same tasks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter

from workloads.operations import KIND, WRITES, Context, Write


@dataclass(frozen=True, slots=True)
class Note:
    """A write and the context that it was attempted under."""

    operation: Write
    context: Context


class Payloads:
    """Writes notes down and reads them; made once for each client, since it compiles what it needs."""

    def __init__(self) -> None:
        self._operations: dict[str, TypeAdapter[Any]] = {KIND[kind]: TypeAdapter(kind) for kind in WRITES}
        self._context = TypeAdapter(Context)

    def encode(self, note: Note) -> dict[str, object]:
        """The note in values that JSON holds."""
        kind = KIND[type(note.operation)]
        return {
            "kind": kind,
            "operation": self._operations[kind].dump_python(note.operation, mode="json"),
            "context": self._context.dump_python(note.context, mode="json"),
        }

    def decode(self, payload: Mapping[str, Any]) -> Note:
        """What `encode` wrote down. Raises `ValueError` for anything else."""
        operation = self._operations[payload["kind"]].validate_python(payload["operation"])
        return Note(operation, self._context.validate_python(payload["context"]))

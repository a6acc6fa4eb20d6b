"""A digest of a set of operations that does not ask for their order, so that digests of parts add up to that of the whole. Pure.

Each operation with its number is hashed by SHA-256; the sum of all, modulo 2^256, is the digest. An operation that is missing, is
there twice or is another one changes it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from bench.load.stream import Step
from workloads.workload import canonical

_MODULUS = 2**256


@dataclass(frozen=True, slots=True)
class Part:
    """So many operations, and their digest in hexadecimal."""

    operations: int = 0
    digest: str = f"{0:064x}"


class Summing:
    """Sums up operations as they come."""

    def __init__(self) -> None:
        self._operations = 0
        self._sum = 0

    def add(self, step: Step) -> None:
        """One more operation."""
        hashed = hashlib.sha256(step.number.to_bytes(8, "big") + canonical(step.operation)).digest()
        self._operations += 1
        self._sum = (self._sum + int.from_bytes(hashed, "big")) % _MODULUS

    @property
    def part(self) -> Part:
        """What was added until now."""
        return Part(self._operations, f"{self._sum:064x}")


def union(parts: Iterable[Part]) -> Part:
    """The digest of all parts together."""
    operations = total = 0
    for part in parts:
        operations += part.operations
        total = (total + int(part.digest, 16)) % _MODULUS
    return Part(operations, f"{total:064x}")

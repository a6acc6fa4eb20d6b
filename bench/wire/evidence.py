"""What really happened on a connection: the proof that a fault was injected, and the truth about transactions. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

READS = frozenset(
    {"SELECT", "SHOW", "FETCH", "SET", "RESET", "EXPLAIN", "PREPARE", "DEALLOCATE", "DISCARD", "LISTEN", "UNLISTEN", "LOCK"}
)
"""First words of the tags of commands that change no row."""

_BEGINS = frozenset({"BEGIN", "START"})
_ENDS = {"COMMIT": "COMMIT", "ROLLBACK": "ROLLBACK", "PREPARE TRANSACTION": "PREPARE"}


@dataclass(frozen=True, slots=True)
class Evidence:
    """What became of a connection since it was armed.

    `happened`: the fault was injected; without it the exposure is void. `forwarded`: messages of the client that the server got.
    `tags`: how the server ended each transaction, in order: `COMMIT` or `ROLLBACK`, as it answered, whether the client heard it or
    not. A statement that is a transaction of its own counts as `COMMIT` once committed, unless its tag is that of a mere read.
    `dropped`: messages that the gate took in and threw away; how many of them it read depends on time, so they are not compared.
    """

    happened: bool
    forwarded: int
    tags: tuple[str, ...]
    dropped: int = field(default=0, compare=False)

    @property
    def commits(self) -> int:
        """Transactions that the server committed."""
        return self.tags.count("COMMIT")


class Tags:
    """Follows a server's answers and notes how each transaction ended; the connection is idle when it begins."""

    __slots__ = ("_alone", "_inside", "_noted", "_rolled_back")

    def __init__(self) -> None:
        self._noted: list[str] = []
        self._inside = False
        self._alone = False
        self._rolled_back = False

    @property
    def noted(self) -> tuple[str, ...]:
        """How each transaction ended so far."""
        return tuple(self._noted)

    def completed(self, tag: str, *, writes: bool = False) -> None:
        """A command was executed, and this is its tag, as in `INSERT 0 1`; `writes`: it changes rows, whatever its tag says."""
        word = tag.partition(" ")[0]
        if word in _BEGINS:
            self._inside, self._rolled_back = True, False
        elif tag in _ENDS:
            # What was done under the same Sync before is part of it.
            self._inside, self._alone, self._rolled_back = False, False, tag == "ROLLBACK"
            self._noted.append(_ENDS[tag])
        elif not self._inside and (writes or word not in READS):
            self._alone = True

    def refused(self) -> None:
        """A command failed, and with it what shared its own transaction."""
        self._alone = False

    def ready(self, *, inside: bool) -> None:
        """The server awaits the next command: what was no part of a transaction is committed. `inside`: one is open."""
        if inside and self._rolled_back:
            # To go back to a savepoint is answered by the same tag, and the transaction goes on.
            self._noted.pop()
        elif self._alone and not inside:
            self._noted.append("COMMIT")
        self._alone = self._rolled_back = False
        self._inside = inside

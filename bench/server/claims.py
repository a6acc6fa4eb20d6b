"""Which databases of a server belong to which run, and which runs are alive.

Every run has a token; all its databases begin with it. The run holds a lock on its token in a session that stays open, taken
before it makes its first database. So a database whose token nobody holds was abandoned: its run has ended, however it ended.
The server gives the lock back by itself once that session is gone. Locks of all databases of a server are seen from each.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

Session = psycopg.Connection[Any]

_ALIVE = 0x53424101
"""The first half of the lock on a token; the second half is the token's."""

_NAME = re.compile(r"storebench_([0-9a-f]{12})([0-9a-f]{4})_[a-z0-9_]+")
_HELD = "SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND classid = %s::bigint::oid AND objsubid = 2 AND granted"
_DATABASES = (
    "SELECT datname FROM pg_database WHERE datname LIKE 'storebench\\_%' AND pg_has_role(datdba, 'MEMBER') ORDER BY datname"
)


@dataclass(frozen=True, slots=True)
class Token:
    """What marks the databases of one run."""

    text: str

    @classmethod
    def new(cls) -> Token:
        """A token that no other run has."""
        return cls(secrets.token_hex(6))

    @property
    def prefix(self) -> str:
        """How the names of its databases begin. A checksum keeps names of other programs from being taken for ours."""
        return f"storebench_{self.text}{_checksum(self.text)}_"

    @property
    def lock(self) -> int:
        """The second half of its lock."""
        return int(self.text[:7], 16)


def take(session: Session, token: Token) -> None:
    """Hold the lock on a token for as long as the session lasts."""
    session.execute("SELECT pg_advisory_lock(%s, %s)", [_ALIVE, token.lock])


def others_alive(session: Session, own: Token) -> int:
    """How many other runs are at work on the server."""
    return len(_alive(session) - {own.lock})


def abandoned(session: Session) -> dict[Token, list[str]]:
    """The databases of runs that have ended, by token; only those that this role may drop."""
    # First the databases, then the locks: a run that made one of these held its lock before.
    found: dict[Token, list[str]] = {}
    for (name,) in session.execute(_DATABASES).fetchall():
        match = _NAME.fullmatch(name)
        if match is not None and match[2] == _checksum(match[1]):
            found.setdefault(Token(match[1]), []).append(name)
    alive = _alive(session)
    return {token: names for token, names in found.items() if token.lock not in alive}


def databases_of(session: Session, token: Token) -> list[str]:
    """The names of all databases of a token."""
    return [name for (name,) in session.execute(_DATABASES).fetchall() if name.startswith(token.prefix)]


def drop(session: Session, name: str) -> None:
    """Drop a database of ours, with the sessions in it. Missing is fine. Raises psycopg.Error where the server refuses."""
    session.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def drop_all(session: Session, names: list[str]) -> Iterator[str]:
    """Drop databases of ours; yields in words which could not be dropped."""
    for name in names:
        try:
            drop(session, name)
        except psycopg.errors.Error as error:
            if session.closed:
                raise
            yield f"database {name} cannot be dropped ({error.sqlstate})"


def _alive(session: Session) -> set[int]:
    return {lock for (lock,) in session.execute(_HELD, [_ALIVE]).fetchall()}


def _checksum(text: str) -> str:
    return hashlib.sha256(f"storebench {text}".encode()).hexdigest()[:4]

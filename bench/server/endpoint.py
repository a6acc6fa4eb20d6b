"""How a server is reached, and what every session on it is told."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from psycopg.conninfo import make_conninfo

Pairs = tuple[tuple[str, str], ...]

LOOPBACK: Pairs = (("hostaddr", ""), ("sslmode", "disable"), ("gssencmode", "disable"))
"""No encryption, for a server of our own."""

# What a server, a database or a role may have set otherwise, and what any session may set: so all sessions are equal.
SESSION: Pairs = (
    ("TimeZone", "UTC"),
    ("DateStyle", "ISO"),
    ("IntervalStyle", "postgres"),
    ("bytea_output", "hex"),
    ("jit", "off"),
    ("synchronous_commit", "on"),
    ("default_transaction_isolation", "read committed"),
    ("default_transaction_read_only", "off"),
    ("default_transaction_deferrable", "off"),
    ("default_table_access_method", "heap"),
    ("default_toast_compression", "pglz"),
    ("search_path", "public"),
    ("statement_timeout", "0"),
    ("lock_timeout", "0"),
    ("idle_in_transaction_session_timeout", "0"),
    ("idle_session_timeout", "0"),
)
_NAME_LIMIT = 63


def session_settings(wanted: Mapping[str, str]) -> Pairs:
    """What every session is told: ours, with the values that are wanted in the place of ours."""
    given = {name.lower(): value for name, value in wanted.items()}
    return tuple((name, given.get(name.lower(), value)) for name, value in SESSION)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a server listens, as whom to log in, and which names are ours there. Its text form shows nothing secret.

    `maintenance` is the database for questions about the whole server. All databases that we make begin with `prefix`.
    `transport` are libpq's parameters of the connection itself, such as sslmode; `session` are PostgreSQL's settings.
    Without a `password` libpq looks for one in its password file.
    """

    host: str
    port: int
    user: str
    password: str | None = field(repr=False)
    maintenance: str = "postgres"
    prefix: str = ""
    transport: Pairs = field(default=LOOPBACK, repr=False)
    session: Pairs = SESSION

    def database(self, name: str) -> str:
        """The name on the server of a database of ours; a name that has our prefix is one already."""
        if not self.prefix or name.startswith(self.prefix):
            return name
        full = self.prefix + name
        if len(full) <= _NAME_LIMIT:
            return full
        digest = hashlib.sha256(name.encode()).hexdigest()[:8]
        return f"{full[: _NAME_LIMIT - 9]}_{digest}"

    def conninfo(self, database: str | None = None) -> str:
        """A libpq connection string, password included: for a connection, never for a log.

        For a database of ours, or for the maintenance database when none is named. What libpq would otherwise take from
        its environment variables is stated, so that every client connects the same way.
        """
        secret = {} if self.password is None else {"password": self.password}
        return make_conninfo(
            host=self.host,
            port=self.port,
            user=self.user,
            dbname=self.maintenance if database is None else self.database(database),
            client_encoding="UTF8",
            application_name="storebench",
            options=" ".join(f"-c {name}={_escaped(value)}" for name, value in self.session),
            **secret,
            **dict(self.transport),
        )


def not_waiting(endpoint: Endpoint) -> Endpoint:
    """The same server for sessions whose commits do not wait for the disk: for what is not timed, while no server crashes."""
    session = ((name, "off" if name == "synchronous_commit" else value) for name, value in endpoint.session)
    return replace(endpoint, session=tuple(session))


def _escaped(value: str) -> str:
    """A value inside of libpq's `options`, where a space ends it."""
    return value.replace("\\", "\\\\").replace(" ", "\\ ")

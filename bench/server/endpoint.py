"""How a server is reached."""

from __future__ import annotations

from dataclasses import dataclass, field

from psycopg.conninfo import make_conninfo


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a server listens and as whom to log in. Its text form never shows the password."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)

    def conninfo(self, database: str) -> str:
        """A libpq connection string for `database`, password included: for a connection, never for a log.

        What libpq would otherwise take from its environment variables is stated, so that every client connects the
        same way: no encryption (loopback only) and sessions in UTC.
        """
        return make_conninfo(
            host=self.host,
            hostaddr="",
            port=self.port,
            user=self.user,
            password=self.password,
            dbname=database,
            sslmode="disable",
            gssencmode="disable",
            client_encoding="UTF8",
            options="-c TimeZone=UTC",
        )

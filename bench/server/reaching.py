"""The first connection to a server that is not ours, with every way it can fail told in one line."""

from __future__ import annotations

import stat
from pathlib import Path
from urllib.parse import quote

import psycopg

from bench.errors import UserError
from bench.server.claims import Session
from bench.server.endpoint import Endpoint
from bench.server.versions import OLDEST_MAJOR

_WHERE = "--server url="
_TROUBLES = (
    ("password authentication failed", "it refuses the password", "write the right password into the URL"),
    ("no password supplied", "it asks for a password", "write the password into the URL, or into the file that `passfile` names"),
    ("does not exist", "the role or the database is not there", "make it, or name another one in the URL"),
    ("no pg_hba.conf entry", "it lets nobody in from here as this role", "allow machine, role and database in its pg_hba.conf"),
    ("connection refused", "nobody listens there", "start the server, or mend host and port in the URL"),
    ("could not translate host name", "the host is not known", "mend the host in the URL"),
    ("failed to resolve host", "the host is not known", "mend the host in the URL"),
    ("timeout", "it does not answer", "see that the server runs and can be reached from here"),
    ("too many", "it has no connection to spare", "close other connections, or raise max_connections"),
    ("remaining connection slots", "it has no connection to spare", "close other connections, or raise max_connections"),
    ("ssl", "encryption failed", "mend sslmode and the other parameters of TLS in the URL"),
)
_ELSE = ("no connection can be made", "mend the URL, or see to the server")


def trouble(told: str) -> tuple[str, str]:
    """What is wrong and what to do, in words that hold nothing of what libpq told."""
    return next(((what, mend) for sign, what, mend in _TROUBLES if sign in told.lower()), _ELSE)


def check_password_file(where: str, password: str | None, passfile: str | None) -> None:
    """Refuse a password file that libpq would pass over: its warning goes past us, and what it then says names no cause.

    It is looked at only where there is no password, as libpq does. `where` is the option that has the URL. Raises UserError.
    """
    if password:
        return
    path = Path(passfile) if passfile else Path.home() / ".pgpass"
    try:
        found = path.stat()
    except (OSError, RuntimeError, ValueError):
        return
    what = "the file that passfile names" if passfile else "the password file ~/.pgpass"
    if not stat.S_ISREG(found.st_mode):
        raise UserError(f"{where}: {what} is no plain file; write the password into the URL, or give a plain file")
    if found.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise UserError(f"{where}: {what} can be read by others; chmod 600 it")


def reach(endpoint: Endpoint) -> Session:
    """A session in the maintenance database, closed by the caller.

    Raises UserError where the server cannot be reached, or is too old; asked is nothing but what the greeting says.
    """
    check_password_file(_WHERE, endpoint.password, dict(endpoint.transport).get("passfile"))
    problem = None
    try:
        session: Session = psycopg.connect(endpoint.conninfo(), autocommit=True)
    except (psycopg.Error, UnicodeError, ValueError) as error:
        problem = cause(error, endpoint)
    if problem is not None:  # Outside of the handler: the error's own text must not follow as its context.
        raise UserError(f"{_WHERE}: the server cannot be used: {problem}; {trouble(problem)[1]}")
    version = session.info.server_version
    if version < OLDEST_MAJOR * 10000:
        session.close()
        raise UserError(f"{_WHERE}: the server is PostgreSQL {version_words(version)}, too old; use {OLDEST_MAJOR} or newer")
    return session


def cause(error: Exception, endpoint: Endpoint) -> str:
    """What went wrong in one line, without the password and without where the server is."""
    told = " ".join(str(error).split()).rpartition("failed: ")[2].partition(" Is the server running")[0]
    told = told.removeprefix("FATAL:").strip() or "no reason given"
    for quoted in (f"'{endpoint.host}'", f'"{endpoint.host}"'):
        told = told.replace(quoted, "of the URL")
    secret = endpoint.password
    for form in {secret, quote(secret, safe="")} - {""} if secret else ():
        told = told.replace(form, "***")
    return told


def version_words(number: int) -> str:
    """PostgreSQL's number in words: 180006 is 18.6."""
    return f"{number // 10000}.{number % 10000}"

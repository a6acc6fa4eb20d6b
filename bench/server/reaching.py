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

_MEND = (
    ("password authentication failed", "write the right password into the URL"),
    ("no password supplied", "write the password into the URL, or into the file that `passfile` names"),
    ("does not exist", "make it, or name another one in the URL"),
    ("no pg_hba.conf entry", "allow this machine, role and database in the server's pg_hba.conf"),
    ("connection refused", "start the server, or mend host and port in the URL"),
    ("could not translate host name", "mend the host in the URL"),
    ("failed to resolve host", "mend the host in the URL"),
    ("timeout expired", "see that the server runs and can be reached from here"),
    ("too many", "close other connections, or raise max_connections"),
    ("remaining connection slots", "close other connections, or raise max_connections"),
    ("ssl", "mend sslmode and the other parameters of TLS in the URL"),
)
_MEND_ELSE = "mend the URL, or see to the server"


def check_password_file(endpoint: Endpoint) -> None:
    """Refuse a password file that libpq would pass over: its warning goes past us, and what it then says names no cause.

    It is looked at only where the URL has no password, as libpq does. Raises UserError.
    """
    if endpoint.password:
        return
    named = dict(endpoint.transport).get("passfile")
    path = Path(named) if named else Path.home() / ".pgpass"
    try:
        found = path.stat()
    except (OSError, RuntimeError):
        return
    what = "the file that passfile names" if named else "the password file ~/.pgpass"
    if not stat.S_ISREG(found.st_mode):
        raise UserError(f"--server url=: {what} is no plain file; write the password into the URL, or give a plain file")
    if found.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise UserError(f"--server url=: {what} can be read by others; chmod 600 it")


def reach(endpoint: Endpoint) -> Session:
    """A session in the maintenance database, closed by the caller.

    Raises UserError where the server cannot be reached, or is too old; asked is nothing but what the greeting says.
    """
    check_password_file(endpoint)
    problem = None
    try:
        session: Session = psycopg.connect(endpoint.conninfo(), autocommit=True)
    except (psycopg.Error, UnicodeError, ValueError) as error:
        problem = cause(error, endpoint)
    if problem is not None:  # Outside of the handler: the error's own text must not follow as its context.
        mend = next((words for sign, words in _MEND if sign in problem.lower()), _MEND_ELSE)
        raise UserError(f"--server url=: the server cannot be used: {problem}; {mend}")
    version = session.info.server_version
    if version < OLDEST_MAJOR * 10000:
        session.close()
        raise UserError(f"--server url=: the server is PostgreSQL {version_words(version)}, too old; use {OLDEST_MAJOR} or newer")
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

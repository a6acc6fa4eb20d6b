"""Settings of a server that is not ours: changed for a while, and put back, also after a run that was killed.

ALTER SYSTEM writes postgresql.auto.conf. What stood there before is noted in a comment on a database of ours before anything is
changed. A setting is put back only while its value there is one of those that we wrote: what somebody set since is theirs.
One run at a time may change settings on a server; so a note that no one holds is one of a run that has ended.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass

from psycopg import sql

from bench.server.claims import Session

NOTE = "settings"
"""The last part of the name of the database that carries the note."""

_EXCLUSIVE = 0x53424102
_ATTEMPTS = 12
_PAUSE_S = 0.05
IN_FORCE_DEADLINE_S = 15.0
_BACK_DEADLINE_S = 5.0
_OTHERS = """
    SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = %s::bigint::oid AND objsubid = 2 AND granted
    AND pid <> pg_backend_pid()"""
_IN_FILE = "SELECT setting FROM pg_file_settings WHERE sourcefile LIKE '%%/postgresql.auto.conf' AND name = %s ORDER BY seqno DESC"
_MAY_ALTER = """
    SELECT has_parameter_privilege(%(name)s, 'ALTER SYSTEM') AND has_function_privilege('pg_reload_conf()', 'EXECUTE')
    AND has_table_privilege('pg_file_settings', 'SELECT') AND has_function_privilege('pg_show_all_file_settings()', 'EXECUTE')"""


@dataclass(frozen=True, slots=True)
class Change:
    """A setting that is changed: its line in postgresql.auto.conf before, None for no line; what was in force; what we write."""

    before: str | None
    in_force: str
    ours: tuple[str, ...]


Note = Mapping[str, Change]


def written(note: Note) -> str:
    """A note as text."""
    return json.dumps({"storebench": {name: asdict(change) for name, change in note.items()}})


def read(text: str | None) -> dict[str, Change]:
    """A note from its text; nothing where the text is none of ours."""
    try:
        entries = json.loads(text or "")["storebench"]
        return {name: Change(entry["before"], str(entry["in_force"]), tuple(entry["ours"])) for name, entry in entries.items()}
    except (ValueError, TypeError, KeyError, AttributeError):
        return {}


def take_exclusive(session: Session) -> bool:
    """Become the one run that changes this server's settings, for as long as the session lasts; False when another is.

    A lock of one database does not exclude one of another, but each is seen from all: so each run takes its own, then looks for
    others. Two that meet both step back, and try again after pauses that differ.
    """
    for _ in range(_ATTEMPTS):
        if _row(session, "SELECT pg_try_advisory_lock(%s, 1)", [_EXCLUSIVE]):
            if not _row(session, _OTHERS, [_EXCLUSIVE]):
                return True
            give_exclusive(session)
        time.sleep(_PAUSE_S * (1 + random.random()))
    return False


def give_exclusive(session: Session) -> None:
    """Let another run change the settings."""
    session.execute("SELECT pg_advisory_unlock(%s, 1)", [_EXCLUSIVE])


@contextmanager
def exclusive(session: Session) -> Iterator[bool]:
    """The same for a block; yields whether it was had."""
    had = take_exclusive(session)
    try:
        yield had
    finally:
        if had and not session.closed:
            give_exclusive(session)


def may_alter(session: Session, name: str) -> bool:
    """Whether this role may change a setting and read what must be put back."""
    return bool(_row(session, _MAY_ALTER, {"name": name}))


def in_file(session: Session, name: str) -> str | None:
    """What postgresql.auto.conf says of a setting, None for nothing."""
    found = session.execute(_IN_FILE, [name]).fetchone()
    return None if found is None else str(found[0])


def note_down(session: Session, database: str, note: Note) -> None:
    """Write a note on the server, over what it was before."""
    session.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(database), sql.Literal(written(note))))


def noted(session: Session, database: str) -> dict[str, Change]:
    """The note on a database."""
    found = session.execute(
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [database]
    ).fetchone()
    return {} if found is None else read(found[0])


def alter(session: Session, values: Mapping[str, str | None]) -> None:
    """Write settings, None for none, and have the server read them; returns before it has."""
    for name, value in values.items():
        identifier = sql.Identifier(name)
        session.execute(
            sql.SQL("ALTER SYSTEM RESET {}").format(identifier)
            if value is None
            else sql.SQL("ALTER SYSTEM SET {} = {}").format(identifier, sql.Literal(value))
        )
    session.execute("SELECT pg_reload_conf()")


def current(session: Session, name: str) -> str:
    """The value in force, as the server prints it."""
    return str(_row(session, "SELECT current_setting(%s)", [name]))


def wait_for(session: Session, wanted: Mapping[str, str], deadline_s: float = IN_FORCE_DEADLINE_S) -> list[str]:
    """Wait until settings are in force; returns the names of those that are not, because something stronger sets them."""
    deadline = time.monotonic() + deadline_s
    while True:
        missing = [name for name, value in wanted.items() if current(session, name) != value]
        if not missing or time.monotonic() > deadline:
            return missing
        time.sleep(0.01)


def put_back(session: Session, note: Note) -> None:
    """Undo what a note says that we changed, and wait for it."""
    undone = {name: change for name, change in note.items() if in_file(session, name) in change.ours}
    if undone:
        alter(session, {name: change.before for name, change in undone.items()})
        wait_for(session, {name: change.in_force for name, change in undone.items()}, _BACK_DEADLINE_S)


def _row(session: Session, query: str, values: Sequence[object] | Mapping[str, object]) -> object:
    found = session.execute(query.encode(), values).fetchone()
    return None if found is None else found[0]

"""A PostgreSQL server that somebody else runs, used for as long as a `with` block lasts and left as it was found."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace

import psycopg

from bench.errors import UserError
from bench.server import altering, claims
from bench.server.altering import NOTE, Change
from bench.server.capabilities import probe
from bench.server.claims import Session, Token
from bench.server.databases import create_database
from bench.server.emptiness import found_in
from bench.server.endpoint import Endpoint, session_settings
from bench.server.findings import remarks
from bench.server.phases import PHASE_SETTINGS, ServerPhase
from bench.server.reaching import cause, reach, version_words

_REACH_AGAIN_ATTEMPTS = 3
_REACH_AGAIN_PAUSE_S = 0.5
_WORKERS = "SELECT count(*) FROM pg_stat_activity WHERE backend_type IN ('autovacuum launcher', 'autovacuum worker')"
_END_WORKERS = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE backend_type = 'autovacuum worker' AND starts_with(datname, %s)"""


class UrlServer:
    """A server that is not ours. All that is made and changed on it is undone by `leave`."""

    kind = "url"
    pid = None
    programs = None
    strike = None

    def __init__(self, session: Session, endpoint: Endpoint, token: Token, remarks: list[str]) -> None:
        self.endpoint = endpoint
        self.version = version_words(session.info.server_version)
        self._session = session
        self._token = token
        self._remarks = remarks
        self._note: dict[str, Change] = {}
        self._has_exclusive = False

    @property
    def remarks(self) -> tuple[str, ...]:
        """What is not as measurements want it, a line each."""
        return tuple(dict.fromkeys(self._remarks))

    def settings(self, phase: ServerPhase) -> None:
        """Puts a phase's settings into force as far as this role may, and returns once they are; the rest is a remark.

        Raises UserError where another run has changed this server's settings: two would disturb each other.
        """
        allowed = {name: value for name, value in PHASE_SETTINGS[phase].items() if altering.may_alter(self._session, name)}
        if not allowed:
            return
        self._take_exclusive()
        wanted = {name: value for name, value in allowed.items() if altering.current(self._session, name) != value}
        if wanted:
            self._write_note(wanted)
            altering.alter(self._session, wanted)
            for name in altering.wait_for(self._session, wanted):
                self._remarks.append(f"{name} stays {altering.current(self._session, name)}: the server's command line sets it")
        if phase is ServerPhase.MEASURE and allowed.get("autovacuum") == "off":
            self._wait_for_autovacuum()

    def fresh(self) -> AbstractContextManager[UrlServer]:
        """This very server: it is not ours, so no other one can be started."""
        return nullcontext(self)

    def give_back(self) -> None:
        """Puts back every setting that was changed, so that another run may change them."""
        if self._note:
            altering.put_back(self._session, self._note)
            claims.drop(self._session, self._note_database)
            self._note = {}
        if self._has_exclusive:
            altering.give_exclusive(self._session)
            self._has_exclusive = False

    def leave(self) -> None:
        """Puts all settings back and drops all databases. Raises UserError that says what is left, and how it goes."""
        try:
            self._reach_again()
            self.give_back()
            left = list(claims.drop_all(self._session, claims.databases_of(self._session, self._token)))
            left += clear_abandoned(self._session)
        except psycopg.Error as error:
            left = [f"the connection is lost ({cause(error, self.endpoint)})"]
        finally:
            self._session.close()
        if left:
            changed = f", and {', '.join(sorted(self._note))} as they were set for measuring" if self._note else ""
            raise UserError(
                f"--server url=: {left[0]}; databases named {self._token.prefix}*{changed} may be left on the server: "
                "the next use of the server puts them right"
            )

    @property
    def _note_database(self) -> str:
        return self.endpoint.database(NOTE)

    def _take_exclusive(self) -> None:
        if not self._has_exclusive:
            if not altering.take_exclusive(self._session):
                raise UserError("--server url=: another run measures on this server now; wait until it has ended")
            self._has_exclusive = True
            # What a killed run has changed must not be taken for what stood there before.
            self._remarks += clear_abandoned(self._session)

    def _write_note(self, wanted: Mapping[str, str]) -> None:
        if not self._note:
            create_database(self.endpoint, NOTE)
        for name, value in wanted.items():
            known = self._note.get(name)
            if known is None:
                known = Change(altering.in_file(self._session, name), altering.current(self._session, name), ())
            self._note[name] = replace(known, ours=(*known.ours, value))
        altering.note_down(self._session, self._note_database, self._note)

    def _wait_for_autovacuum(self) -> None:
        """Its processes end in their own time; only those in databases of ours are told to."""
        deadline = time.monotonic() + altering.IN_FORCE_DEADLINE_S
        while True:
            self._session.execute(_END_WORKERS, [self.endpoint.prefix])
            row = self._session.execute(_WORKERS).fetchone()
            if row == (0,):
                return
            if time.monotonic() > deadline:
                self._remarks.append("autovacuum is still at work in another database of the server")
                return
            time.sleep(0.05)

    def _reach_again(self) -> None:
        """A session that was lost is opened again, in case that the server is back."""
        for attempt in range(_REACH_AGAIN_ATTEMPTS):
            try:
                self._session.execute("SELECT 1")
                return
            except psycopg.Error:
                self._session.close()
            if attempt:
                time.sleep(_REACH_AGAIN_PAUSE_S)
            try:
                self._session = _opened(self.endpoint)
            except UserError:
                continue
            claims.take(self._session, self._token)
            self._has_exclusive = altering.take_exclusive(self._session)


@contextmanager
def connected(endpoint: Endpoint, settings: Mapping[str, str]) -> Iterator[UrlServer]:
    """Uses a server whose address names an empty database of our own. That database itself stays empty.

    Databases and settings that killed runs left behind are put right first. `settings` that a session may set are in force in
    all sessions. Raises UserError, in one line without secrets, where the server cannot be used.
    """
    session = _opened(endpoint)
    try:
        _refuse_unfit(session, endpoint)
        token = Token.new()
        claims.take(session, token)
        left = clear_abandoned(session)
        ours = replace(endpoint, prefix=token.prefix, session=session_settings(settings))
        others = claims.others_alive(session, token)
        left += [f"another run is at work on this server ({others}); each disturbs the other's latencies"] if others else []
        server = UrlServer(session, ours, token, [*left, *remarks(probe(ours))])
    except BaseException:
        session.close()
        raise
    try:
        yield server
    except BaseException as error:
        try:
            server.leave()
        except UserError as trouble:
            error.add_note(str(trouble))
        raise
    server.leave()


def clear_abandoned(session: Session) -> list[str]:
    """Puts back the settings and drops the databases of runs that have ended; returns in words what could not be."""
    if not claims.abandoned(session):
        return []
    left: list[str] = []
    with altering.exclusive(session) as had:
        for token, names in claims.abandoned(session).items():
            note_database = token.prefix + NOTE
            left += claims.drop_all(session, [name for name in names if name != note_database])
            if note_database not in names:
                continue
            note = altering.noted(session, note_database)
            if note and not had:
                left.append("settings that a killed run changed are not put back yet: another run measures on this server now")
                continue
            try:
                altering.put_back(session, note)
            except psycopg.errors.InsufficientPrivilege:
                left.append(f"settings that a killed run changed ({', '.join(sorted(note))}) cannot be put back by this role")
                continue
            left += claims.drop_all(session, [note_database])
    return left


def _opened(endpoint: Endpoint) -> Session:
    """The session that holds our locks. Its settings come after the version is known: older servers lack some."""
    session = reach(replace(endpoint, session=()))
    try:
        session.execute("SET idle_session_timeout = 0")
        # A killed client's session ends at once on one machine; when a network or a machine fails, the server asks after it.
        session.execute("SELECT set_config(name, '30', false) FROM pg_settings WHERE name LIKE 'tcp\\_keepalives\\_i%'")
    except psycopg.Error as error:
        session.close()
        raise UserError(f"--server url=: {cause(error, endpoint)}; see to the server") from None
    return session


def _refuse_unfit(session: Session, endpoint: Endpoint) -> None:
    try:
        row = session.execute("SELECT pg_backend_pid(), pg_is_in_recovery()").fetchone()
        backend_pid, is_standby = row if row is not None else (None, None)
        if backend_pid != session.info.backend_pid:
            raise UserError("--server url=: a connection pooler stands before the server; name the server itself")
        if is_standby:
            raise UserError("--server url=: the server is a standby that nobody can write to; name its primary")
        found = found_in(session)
        if found is not None:
            raise UserError(
                f"--server url=: the database is not empty: it has {found}; make an empty one of your own and name that"
            )
        row = session.execute("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
        if row != (True,):
            raise UserError(
                "--server url=: this role may not create databases, and every trial has one of its own; "
                "let an administrator say ALTER ROLE ... CREATEDB"
            )
    except psycopg.Error as error:
        raise UserError(f"--server url=: {cause(error, endpoint)}; see to the server") from None

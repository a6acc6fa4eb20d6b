"""One message and its answers, counted at the server and by what was sent."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from sqlalchemy import text

from bench.anatomy.counters import counters
from bench.anatomy.unit import Record, recorded
from bench.drive.drivers import Links, run, wait
from bench.drive.flights import Atomicity, Command, Exchange, Verb, operation_flights
from bench.drive.link import Link
from bench.perform import check_outcome
from bench.stores import Store
from tests.performing import apply_all
from variants.contract import Query, Side
from workloads.ids import named_id
from workloads.model import Model
from workloads.operations import AddAgent, ChannelKind, CreateChannel, CreateServer, Join, Member, Reply, Role, Send, Write

_CALLS = """
    SELECT query, calls FROM pg_stat_statements
    WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) AND toplevel"""
_TABLE = r'(?:INTO|FROM|UPDATE)\s+"?(\w+)"?(?:\s+LEFT OUTER JOIN\s+"?(\w+)"?)?'


@dataclass(frozen=True, slots=True)
class Counted:
    """`sent` are the kinds of statements in order; `kinds` and the rest were counted by the server."""

    sent: tuple[str, ...]
    kinds: Mapping[str, int]
    statements: int
    transactions: int
    rows: Mapping[str, int]


def kind_of_statement(sql: str) -> str:
    """The verb and the tables of a statement, under the real server's names of them."""
    words = sql.strip()
    if words.upper() in {"BEGIN", "COMMIT"}:
        return words.upper()
    found = re.search(_TABLE, words, re.IGNORECASE)
    assert found is not None, sql
    tables = [name.replace("root_messages", "central_messages") for name in found.groups() if name]
    return f"{words.split()[0].upper()} {'+'.join(tables)}"


class Chat:
    """A channel with one user and k agents of a store, in which nothing was said yet; `name` keeps it apart from others."""

    def __init__(self, store: Store, links: Links, model: Model, name: str, k: int) -> None:
        self._store = store
        self._links = links
        self._model = model
        self._name = name
        self._server, self._channel, self._user = (named_id(f"{what} {name}") for what in ("server", "channel", "user"))
        self._agents = [named_id(f"agent {number} {name}") for number in range(k)]
        self._count = 0
        members = [Member(self._user, Role.USER), *(Member(agent, Role.AGENT) for agent in self._agents)]
        setup: list[Write] = [
            CreateServer(*self._next(), self._server, "home", "client"),
            CreateChannel(*self._next(), self._channel, self._server, "talk", ChannelKind.PUBLIC, "client"),
            *(AddAgent(*self._next(), self._server, agent, f"agent {agent[:4]}") for agent in self._agents),
            *(Join(*self._next(), self._channel, member) for member in members),
        ]
        apply_all(store.design, links, model, setup)

    def _next(self) -> tuple[str, int]:
        self._count += 1
        return f"{self._name} {self._count}", 1_700_000_000_000 + self._count

    def message(self) -> Counted:
        """The user says something, and every agent answers it once."""
        asked = Send(*self._next(), self._channel, self._user, "is the build green?", "client", None, {"locale": "en"})
        answers: list[Send | Reply] = [
            Reply(*self._next(), self._channel, agent, "it is", "agent", asked.key) for agent in self._agents
        ]
        log_statements(self._links[Side.CENTRAL])
        with counters(self._store, self._links[Side.CENTRAL]) as found, _asking(self._store) as asking:
            before, written = _calls(asking), _log_size(asking)
            opening = found.open()
            sent = [kind for operation in (asked, *answers) for kind in self._perform(operation)]
            window = found.close(opening)
            kinds = Counter(_calls(asking))
            kinds.subtract(before)
            kinds += _transaction_commands(asking, written)
        assert window.statements is not None
        assert all(updated == deleted == 0 for _, updated, deleted in window.rows.values())
        rows = {name.replace("root_messages", "central_messages"): inserted for name, (inserted, _, _) in window.rows.items()}
        return Counted(tuple(sent), +kinds, window.statements, window.transactions, rows)

    def _perform(self, operation: Send | Reply) -> Iterator[str]:
        context, record, design = self._model.context(operation), Record(), self._store.design
        flights = operation_flights(design.write(operation, context), Atomicity.PER_SIDE, Exchange.PLAIN)
        completion = run(self._links, recorded(flights, record))
        self._model.apply(operation, context)
        check_outcome(design.name, operation, completion, None)
        for flight, _ in record.flights:
            for command in flight:
                yield command.verb.value if command.statement is None else kind_of_statement(command.statement.constant.sql)
                assert command.verb is not Verb.ROLLBACK


def log_statements(link: Link) -> None:
    """Make the server log what this connection asks: of a prepared BEGIN, pg_stat_statements counts the first call alone."""
    query = Query(Side.CENTRAL, text("SELECT set_config('log_statement', 'all', false) /* asked by storebench about itself */"))
    wait(link, (Command(Verb.EXECUTE, Side.CENTRAL, query(), True),))


@contextmanager
def _asking(store: Store) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(store.conninfo, autocommit=True) as connection:
        yield connection


def _calls(connection: psycopg.Connection[Any]) -> Mapping[str, int]:
    """By kind, what the server was asked in this database so far, but for questions about itself."""
    found: Counter[str] = Counter()
    for query, calls in connection.execute(_CALLS):
        if not _about_itself(query):
            found[kind_of_statement(query)] += calls
    return found


def _log_size(connection: psycopg.Connection[Any]) -> int:
    (size,) = connection.execute("SELECT size FROM pg_stat_file('server.log')").fetchone() or (0,)
    return int(size)


def _transaction_commands(connection: psycopg.Connection[Any], since: int) -> Counter[str]:
    """BEGIN and COMMIT in the server's log behind this place."""
    (log,) = connection.execute("SELECT pg_read_file('server.log', %s, 1000000000)", (since,)).fetchone() or ("",)
    return Counter(re.findall(r"execute [^:]+: (BEGIN|COMMIT)$", log, re.MULTILINE))


def _about_itself(query: str) -> bool:
    return (
        "asked by storebench" in query
        or "pg_" in query
        or not query.strip().upper().startswith(("SELECT", "INSERT", "UPDATE", "DELETE"))
    )

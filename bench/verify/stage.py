"""Where a design performs: a database with its tables, and connections that stay open from story to story."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import Any, Self

import psycopg
from psycopg import sql

from bench import perform
from bench.drive.drivers import Completion, Links, Told
from bench.drive.errors import ContractError, Unending
from bench.drive.flights import DIRECT, Atomicity, Exchange
from bench.proof.masks import shortfalls_of
from bench.proof.observation import Observation
from bench.proof.observe import observe, snapshots
from bench.server.failing import check
from bench.stores import Store, tables_of
from bench.verify.holding import Holding
from bench.verify.properties import Fault, Property
from bench.verify.rehearsal import Act
from bench.verify.twins import Differing, Twinned
from workloads.answers import AnswerRow
from workloads.operations import LatestPage, PageBack, Read, RecallContext

Way = tuple[Atomicity, Exchange]
"""How operations are run."""

WAYS: tuple[Way, ...] = tuple((atomicity, exchange) for atomicity in DIRECT for exchange in Exchange)
"""Those that need nobody but the client; with an outbox a relay does a part of the work."""

STORIES_BETWEEN_TRUNCATES = 100
"""Deleting is cheaper than truncating for a story's few rows, but leaves dead ones."""

_ORDERED = (LatestPage, PageBack, RecallContext)
_UNDEFINED = "42"
"""SQLSTATE class: syntax error or access rule violation, such as an unknown table or column."""


class Stage:
    """A store with its connections; make it with `opened`."""

    def __init__(
        self, store: Store, links: dict[Exchange, Links], seeing: psycopg.Connection[Any], sweeping: psycopg.Connection[Any]
    ) -> None:
        self.store = store
        self.design = Twinned(store.design)
        self._links = links
        self._seeing = seeing
        self._sweeping = sweeping
        self._stories = 0
        self.kinds = shortfalls_of(store.design)

    @classmethod
    @contextmanager
    def opened(cls, store: Store) -> Iterator[Self]:
        """The connections, closed at the end."""
        with ExitStack() as stack:
            links = {exchange: stack.enter_context(store.links(exchange)) for exchange in Exchange}
            sweeping = stack.enter_context(psycopg.connect(store.conninfo, autocommit=True))
            yield cls(store, links, stack.enter_context(snapshots(store)), sweeping)

    def renew(self) -> None:
        """From the next story on rows lie as in new tables: each where the story puts it."""
        self._stories = 0

    def empty(self) -> None:
        """Remove every row."""
        names = [sql.Identifier(table.name) for table in tables_of(self.store.design)]
        self._stories += 1
        if self._stories % STORIES_BETWEEN_TRUNCATES == 1 and names:
            self._sweeping.execute(sql.SQL("TRUNCATE {}").format(sql.SQL(", ").join(names)))
            return
        with self._sweeping.transaction():
            # All rows go, so no key needs to be looked after.
            self._sweeping.execute("SET LOCAL session_replication_role = replica")
            for name in names:
                self._sweeping.execute(sql.SQL("DELETE FROM {}").format(name))

    def tell(self, holding: Holding, way: Way, *, look: bool = True) -> list[Fault]:
        """Let the design live the story in an empty store, and say what it does otherwise than the model: one fault a property.

        Without `look` the views are not read at the end.
        """
        self.empty()
        links, done = self._links[way[1]], []
        for act in holding.story.acts:
            done.append(act.write)
            fault = self._play(act, links, way)
            if fault is not None:
                return [_placed(fault, done, way)]
        faults = [*self._asked(holding, links), *(self._facts(holding) if look else ())]
        return [_placed(fault, done, way) for fault in faults]

    def _play(self, act: Act, links: Links, way: Way) -> Fault | None:
        try:
            completion = perform.write(self.design, links, act.write, act.context, *way)
        except ContractError as error:
            endless = isinstance(error, Unending)
            return Fault(Property.CONTRACT, "an action that the contract allows", str(error), endless=endless)
        except Differing as error:
            return Fault(Property.DETERMINISM, "the same tasks", str(error))
        return _outcome(act, completion)

    def _asked(self, holding: Holding, links: Links) -> Iterator[Fault]:
        """The first read that is answered wrongly."""
        for read, answer in holding.answers(self.kinds):
            fault = self._answered(read, tuple(answer), links)
            if fault is not None:
                yield fault
                return

    def _answered(self, read: Read, expected: tuple[AnswerRow, ...], links: Links) -> Fault | None:
        try:
            completion = perform.read(self.design, links, read)
        except ContractError as error:
            endless = isinstance(error, Unending)
            return Fault(Property.CONTRACT, "statements, then an answer", str(error), read=read, endless=endless)
        check("a read was performed", completion)
        if completion.told is not Told.OK:
            undefined = (completion.sqlstate or "").startswith(_UNDEFINED)
            promise = Property.STATEMENTS if undefined else Property.ANSWERS
            return Fault(promise, "an answer", str(completion.reason), read=read)
        try:
            found = tuple(tuple(row) for row in completion.value)
            same = found == expected if isinstance(read, _ORDERED) else sorted(found) == sorted(expected)
        except TypeError:
            found, same = tuple(completion.value), False
        if same:
            return None
        return Fault(Property.ANSWERS, _rows(expected), _rows(found), read=read)

    def _facts(self, holding: Holding) -> Iterator[Fault]:
        try:
            seen = self.observe()
        except ContractError as error:
            endless = isinstance(error, Unending)
            yield Fault(Property.VIEWS, "a view with the columns of its relation", str(error), endless=endless)
            return
        found = holding.differences(self.kinds, seen)
        if found:
            yield Fault(Property.FACTS, "the facts of the reference model", found[0])

    def observe(self, connection: psycopg.Connection[Any] | None = None) -> Observation:
        """What the views say now, within the transaction of another connection when one is given."""
        return observe(self.store, connection=connection or self._seeing)


def _outcome(act: Act, completion: Completion) -> Fault | None:
    check("a story was told", completion)
    got = str(completion.told) if completion.reason is None else f"{completion.told}: {completion.reason}"
    if (completion.sqlstate or "").startswith(_UNDEFINED):
        return Fault(Property.STATEMENTS, "a statement that the server understands", got)
    wanted = Told.OK if act.refusal is None else Told.FAIL
    if completion.told is wanted:
        return None
    expected = "success" if act.refusal is None else f"a refusal ({act.refusal})"
    return Fault(Property.STORY, f"{expected} of the last operation", f"it ended {got}")


def _placed(fault: Fault, writes: Sequence[Any], way: Way) -> Fault:
    return replace(fault, writes=tuple(writes), way=f"{way[0]}, {way[1]}")


def _rows(rows: Sequence[Any]) -> str:
    if not rows:
        return "no rows"
    return "; ".join(str(tuple(row)) if isinstance(row, tuple) else repr(row) for row in rows)

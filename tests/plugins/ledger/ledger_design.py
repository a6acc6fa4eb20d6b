"""`ledger`: one table holds everything, each row a kind, two keys and a document. As odd as the contract allows.

Agents write their own replies first, most statements are transactions of their own, changes are made inside of queries (WITH), and
there is no mapping of ids and no agent who knows members.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import BigInteger, Column, MetaData, Table, Text, bindparam, delete, func, literal, literal_column, select, update
from sqlalchemy.dialects.postgresql import JSONB, insert

from variants.contract import (
    CENTRAL_ACTOR,
    Begin,
    Commit,
    Defect,
    DefectKind,
    Gap,
    Options,
    Query,
    Reading,
    Rejected,
    Side,
    Statement,
    Task,
    View,
    Writing,
)
from workloads import operations as ops

A = Side.AGENT


class Ledger:
    """All of it on the agents' side; `by_cte`: rows are added inside of queries, too."""

    name = "ledger"
    by_cte = False

    def __init__(self, options: Options) -> None:
        agent = MetaData()
        self.tables: Mapping[Side, MetaData] = {Side.CENTRAL: MetaData(), A: agent}
        t = self._t = Table(
            "entries",
            agent,
            Column("kind", Text, primary_key=True),
            Column("a", Text, primary_key=True),
            Column("b", Text, primary_key=True),
            Column("doc", JSONB, nullable=False),
        )
        cells = [
            bindparam("kind", type_=Text),
            bindparam("a", type_=Text),
            bindparam("b", type_=Text),
            bindparam("doc", type_=JSONB),
        ]
        put = insert(t).from_select(["kind", "a", "b", "doc"], select(*[func.coalesce(cell, cell) for cell in cells[:3]], cells[3]))
        self._put = Query(A, put)
        once = insert(t).values(kind=cells[0], a=cells[1], b=cells[2], doc=cells[3]).on_conflict_do_nothing()
        self._once = Query(A, once)
        made = insert(t).values(kind=cells[0], a=cells[1], b=cells[2], doc=cells[3]).returning(t.c.a).cte("made")
        self._put_by_cte = Query(A, select(made.c.a))
        mine = (t.c.kind == bindparam("kind")) & (t.c.a == bindparam("a"))
        changed = (
            update(t)
            .where(mine, t.c.b == bindparam("b"), _text(t.c.doc, "rev").cast(BigInteger) <= bindparam("rev", type_=BigInteger))
            .values(doc=t.c.doc + bindparam("new", type_=JSONB))
            .returning(t.c.a)
            .cte("changed")
        )
        self._change = Query(A, select(changed.c.a))
        gone = delete(t).where(mine, t.c.b == bindparam("b")).returning(t.c.a).cte("gone")
        self._remove = Query(A, select(func.count(gone.c.a)))
        doc = t.c.doc
        newest = _text(doc, "created").cast(BigInteger).desc()
        limit = bindparam("limit", type_=BigInteger)

        def page(*where: Any) -> Any:
            reply = t.alias("reply")
            found = (reply.c.kind == "message") & (reply.c.a == _text(doc, "reply"))
            return (
                select(t.c.a, _text(doc, "author"), _text(doc, "text"), reply.c.a, _text(doc, "created").cast(BigInteger))
                .select_from(t.outerjoin(reply, found))
                .where(t.c.kind == "message", _text(doc, "channel") == bindparam("channel", type_=Text), *where)
                .order_by(newest)
                .limit(limit)
            )

        self._reads: dict[type[ops.Read], Query] = {
            ops.LatestPage: Query(A, page()),
            ops.PageBack: Query(A, page(_text(doc, "created").cast(BigInteger) < bindparam("before", type_=BigInteger))),
            ops.RecallContext: Query(
                A,
                select(t.c.a, _text(doc, "author"), _text(doc, "text"), _text(doc, "created").cast(BigInteger))
                .where(
                    t.c.kind == "copy",
                    t.c.b == bindparam("agent", type_=Text),
                    _text(doc, "channel") == bindparam("channel", type_=Text),
                )
                .order_by(newest)
                .limit(limit),
            ),
            ops.ListChannels: Query(
                A, select(t.c.a, _text(doc, "name")).where(t.c.kind == "channel", _text(doc, "server") == bindparam("server"))
            ),
            ops.ListParticipants: Query(A, select(t.c.b).where(t.c.kind == "member", t.c.a == bindparam("channel"))),
            ops.IsParticipant: Query(
                A,
                select(
                    select(literal(1))
                    .where(t.c.kind == "member", t.c.a == bindparam("channel"), t.c.b == bindparam("member"))
                    .exists()
                ),
            ),
            ops.ListServers: Query(
                A,
                select(t.c.a, _text(doc, "server_name")).where(t.c.kind == "agent", t.c.b == bindparam("agent")),
            ),
        }

    def _row(self, kind: str, a: str, b: str, doc: dict[str, object], *, once: bool = False) -> Statement:
        if once:
            return self._once(needs_rows=False, kind=kind, a=a, b=b, doc=doc)
        if self.by_cte:
            return self._put_by_cte(kind=kind, a=a, b=b, doc=doc)
        return self._put(needs_rows=False, kind=kind, a=a, b=b, doc=doc)

    def write(self, operation: ops.Write, context: ops.Context) -> Sequence[Task]:
        """The author first, then the central side, then the others; what is deleted goes the other way."""
        message, op = str(context.message_id), operation
        match op:
            case ops.Send() | ops.Reply():
                author = op.author_id if isinstance(op, ops.Send) else op.agent_id
                doc: dict[str, object] = {
                    "channel": op.channel_id,
                    "author": author,
                    "text": op.text,
                    "meta": dict(op.metadata),
                    "source": op.source_type,
                    "reply": context.reply_to_id,
                    "rev": 0,
                    "created": context.created_at_ms,
                }
                own = (author,) if isinstance(op, ops.Reply) else ()
                first = [Task(f"agent {agent}", agent, self._alone(self._row("copy", message, agent, doc))) for agent in own]
                last = [Task(f"agent {agent}", agent, self._room(message, agent, doc)) for agent in context.recipients]
                return [*first, Task("central", CENTRAL_ACTOR, self._alone(self._row("message", message, "", doc))), *last]
            case ops.Edit():
                return [
                    Task("central", CENTRAL_ACTOR, self._edited("message", message, "", op)),
                    *(Task(f"agent {agent}", agent, self._edited("copy", message, agent, op)) for agent in context.holders),
                ]
            case ops.Delete():
                return [
                    *(
                        Task(f"agent {agent}", agent, self._alone(self._remove(kind="copy", a=message, b=agent)))
                        for agent in context.holders
                    ),
                    Task("central", CENTRAL_ACTOR, self._alone(self._remove(kind="message", a=message, b=""))),
                ]
        return [Task("central", CENTRAL_ACTOR, self._rest(op))]

    def _alone(self, statement: Statement) -> Writing:
        yield statement
        return None

    def _room(self, message: str, agent: str, doc: dict[str, object]) -> Writing:
        yield self._row("room", str(doc["channel"]), agent, {}, once=True)
        yield Begin(A)
        yield self._row("copy", message, agent, doc)
        yield Commit(A)
        return None

    def _edited(self, kind: str, message: str, b: str, op: ops.Edit) -> Writing:
        change = self._change(kind=kind, a=message, b=b, rev=op.rev, new={"text": op.text, "rev": op.rev})
        if kind == "copy":
            yield change
            return None
        # A statement of its own is committed before its rows are seen, and then it is too late to reject.
        yield Begin(A)
        found = yield change
        if not found:
            return Rejected("gone or newer")
        yield Commit(A)
        return None

    def _rest(self, op: ops.Write) -> Writing:
        match op:
            case ops.CreateServer():
                yield self._row("server", op.server_id, "", _facts(op))
            case ops.CreateChannel():
                own = {"server": op.server_id, "kind": op.kind.value, "topic": op.topic}
                yield self._row("channel", op.channel_id, "", {**_facts(op), **own})
            case ops.AddAgent():
                yield Begin(A)
                yield self._row("agent", op.server_id, op.agent_id, {"name": op.name}, once=True)
                yield Commit(A)
            case ops.Join():
                yield self._row("member", op.channel_id, op.member.id, {}, once=True)
            case ops.Leave():
                yield self._remove(kind="member", a=op.channel_id, b=op.member.id)
        return None

    def read(self, operation: ops.Read) -> Reading:
        """One query each; its parameters are named like the fields of the read."""
        query = self._reads[type(operation)]
        return (yield query(**{name: getattr(operation, _FIELDS.get(name, name)) for name in query.names}))

    def views(self) -> Mapping[str, View]:
        """Everything out of the documents."""
        time = "to_timestamp(({0}.doc->>'created')::bigint / 1000.0) AT TIME ZONE 'utc' AS created_at".format
        source = "{0}.doc->>'source' AS source_type, {0}.doc->>'source_id' AS source_id"
        facts = ("{0}.doc->>'name' AS name, {0}.doc->'meta' AS metadata, " + source).format
        chan = "{0}.a AS channel, {0}.doc->>'server' AS server, {0}.doc->>'kind' AS kind, {0}.doc->>'topic' AS topic".format
        msg = """m.a AS message, m.doc->>'channel' AS channel, m.doc->>'author' AS author, m.doc->>'text' AS text,
               m.doc->'meta' AS metadata,
               m.doc->>'source' AS source_type, r.a AS in_reply_to, (m.doc->>'rev')::int AS rev, m.xmin::text AS xid,
               rank() OVER (PARTITION BY m.doc->>'channel', m.b ORDER BY (m.doc->>'created')::bigint) AS seq, """ + time("m")
        copied = "LEFT JOIN entries r ON r.kind = m.kind AND r.a = m.doc->>'reply' AND r.b = m.b WHERE m.kind = "
        return {
            "c_server": f"SELECT s.a AS server, {facts('s')}, {time('s')} FROM entries s WHERE s.kind = 'server'",
            "c_channel": f"SELECT {chan('c')}, {facts('c')}, {time('c')} FROM entries c WHERE c.kind = 'channel'",
            "c_agent": "SELECT p.a AS server, p.b AS agent, p.doc->>'name' AS name FROM entries p WHERE p.kind = 'agent'",
            "c_member": "SELECT m.a AS channel, m.b AS member FROM entries m WHERE m.kind = 'member'",
            "c_message": f"SELECT {msg} FROM entries m {copied} 'message'",
            "a_server": f"""SELECT p.b AS agent, s.a AS server, {facts("s")}, {time("s")}
                FROM entries p JOIN entries s ON s.kind = 'server' AND s.a = p.a WHERE p.kind = 'agent'""",
            "a_channel": f"""SELECT p.b AS agent, {chan("c")}, {facts("c")}, {time("c")}
                FROM entries p JOIN entries c ON c.kind = 'channel' AND c.a = p.a WHERE p.kind = 'room'""",
            "a_member": "SELECT ''::text AS agent, ''::text AS channel, ''::text AS member WHERE false",
            "a_message": f"SELECT m.b AS agent, {msg} FROM entries m {copied} 'copy'",
        }

    def gaps(self) -> Sequence[Gap]:
        """Nothing is lost."""
        return ()

    def defects(self) -> Sequence[Defect]:
        """Members are known to the central side alone."""
        return (Defect(DefectKind.AGENT_MEMBERS_NOT_WRITTEN, "no agent of a ledger asks who else is there", "this file"),)


class LedgerByCte(Ledger):
    """The same, and no statement of a message has a tag that says that it writes."""

    name = "ledger_cte"
    by_cte = True


_FIELDS = {"channel": "channel_id", "server": "server_id", "agent": "agent_id", "member": "member_id", "before": "before_ms"}


def _text(doc: Any, name: str) -> Any:
    return func.jsonb_extract_path_text(doc, literal_column(f"'{name}'"))


def _facts(op: ops.CreateServer | ops.CreateChannel) -> dict[str, object]:
    return {
        "name": op.name,
        "source": op.source_type,
        "source_id": op.source_id,
        "meta": dict(op.metadata),
        "created": op.at_ms,
    }

"""From operations and what was told of them to the rows that are checked. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bench.checker.columns import NEVER
from bench.checker.rows import Operated, Rows, Written
from workloads.operations import AddAgent, Context, CreateServer, Delete, Edit, Join, Leave, Reply, Send, Write, author_of, kind_of


def told_rows(
    operation: Write,
    contexts: Sequence[Context],
    *,
    told: str = "ok",
    truth: str | None = None,
    process: str = "client",
    invoke_ns: int = 0,
    done_ns: int | None = 0,
) -> Rows:
    """One operation of the history with the message ids of all its attempts, each of which has a context.

    `told` is `ok`, `fail`, `info` or `pending`; `done_ns` None where there was no answer.
    """
    target, member, author = _target(operation, contexts), None, None
    if isinstance(operation, (Join, Leave)):
        member = operation.member.id
    if isinstance(operation, (Send, Reply)):
        author = author_of(operation)
    done = Operated(
        op=operation.key,
        f=kind_of(operation),
        process=process,
        channel=None if isinstance(operation, (CreateServer, AddAgent)) else operation.channel_id,
        author=author,
        target=target,
        member=member,
        told=told,
        truth=truth,
        rev=operation.rev if isinstance(operation, Edit) else 0,
        at_ms=operation.at_ms,
        invoke_ns=invoke_ns,
        done_ns=NEVER if done_ns is None else done_ns,
    )
    rows = Rows(history=[done])
    if isinstance(operation, (Send, Reply)):
        ids = dict.fromkeys(context.message_id for context in contexts if context.message_id is not None)
        rows.written = [Written(operation.key, message) for message in ids]
    return rows


def _target(operation: Write, contexts: Sequence[Context]) -> str | None:
    match operation:
        case Edit(message_key=target) | Delete(message_key=target):
            return target
        case Send(in_reply_to=target) | Reply(answers=target):
            # Nobody was told what is answered when it was gone by then.
            return target if any(context.reply_to_id is not None for context in contexts) else None
        case _:
            return None

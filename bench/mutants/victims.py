"""What in a correct store a mutant may take hold of, and the small changes that several of them share. Pure."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import fields
from typing import TypeVar

from bench.checker.rows import Copy, Link, Message, Operated, Rows, Written

T = TypeVar("T")
Placed = TypeVar("Placed", Message, Copy)
Generator = random.Random

WRITES = ("send", "reply")
MESSAGE = "message"
"""The kind of the links that are of messages."""


class NoVictim(Exception):
    """This world has nothing that the mutant could alter: its exposure is void."""


def copied(rows: Rows) -> Rows:
    """The same rows in lists of their own."""
    return Rows(**{relation.name: list(getattr(rows, relation.name)) for relation in fields(rows)})


def drawn(found: Sequence[T], generator: Generator) -> T:
    """One of these. Raises `NoVictim` where there is none."""
    if not found:
        raise NoVictim
    return generator.choice(found)


def plain_messages(rows: Rows, kinds: Sequence[str] = WRITES, copies: int = 1) -> list[tuple[Operated, Message]]:
    """Messages that nobody edited, deleted or answered and that answer nothing there, with at least so many copies."""
    targets = {operated.target for operated in rows.history if operated.target is not None}
    stored = {message.message: message for message in rows.c_message}
    ids = {written.op: written.message for written in rows.written}
    answered = {row.reply_to for row in rows.c_message} | {row.reply_to for row in rows.a_message}
    found = []
    for operated in rows.history:
        message = stored.get(ids.get(operated.op, ""))
        if operated.f not in kinds or operated.op in targets or message is None or message.message in answered:
            continue
        if len(copies_of(rows, message.message)) >= copies and (operated.f == "reply" or message.reply_to is None):
            found.append((operated, message))
    return found


def answers(rows: Rows) -> list[Copy]:
    """Copies that name the message which they answer."""
    return [copy for copy in rows.a_message if copy.reply_to is not None and copy.message is not None]


def copies_of(rows: Rows, message: str) -> list[Copy]:
    """The copies that agents have of a message."""
    return [copy for copy in rows.a_message if copy.message == message]


def edited(rows: Rows) -> list[Message]:
    """Messages that were edited, and are still there with a copy."""
    return [message for message in rows.c_message if message.rev > 0 and copies_of(rows, message.message)]


def deleted(rows: Rows) -> list[tuple[Operated, str]]:
    """What sent each message that is deleted, and its id; none of these answered anything."""
    ids = {written.op: written.message for written in rows.written}
    gone = {operated.target for operated in rows.history if operated.f == "delete"}
    return [(operated, ids[operated.op]) for operated in rows.history if operated.op in gone and operated.f == "send"]


def replace_in(items: list[T], old: T, new: T) -> None:
    """The first of these that is `old` becomes `new`."""
    items[items.index(old)] = new


def swap_places(items: list[Placed], first: Placed, second: Placed) -> None:
    """Two messages of one holder change places in its order."""
    replace_in(items, first, first._replace(seq=second.seq, created_at_ms=second.created_at_ms))
    replace_in(items, second, second._replace(seq=first.seq, created_at_ms=first.created_at_ms))


def drop_copies(rows: Rows, message: str, dropped: Callable[[Copy], bool] = lambda _: True) -> None:
    """Copies of a message go, and what the id mapping says of them."""
    agents = {copy.agent for copy in copies_of(rows, message) if dropped(copy)}
    rows.a_message[:] = [copy for copy in rows.a_message if not (copy.message == message and copy.agent in agents)]
    rows.id_map[:] = [link for link in rows.id_map if not (link[1:3] == (MESSAGE, message) and link.agent in agents)]


def drop_central(rows: Rows, message: str) -> None:
    """The central row goes."""
    rows.c_message[:] = [row for row in rows.c_message if row.message != message]


def add_copy(rows: Rows, copy: Copy) -> None:
    """One more copy, known to the id mapping with its channel and author."""
    rows.a_message.append(copy)
    known = {link[:3] for link in rows.id_map}
    for kind, central in ((MESSAGE, copy.message), ("channel", copy.channel), ("member", copy.author)):
        if (copy.agent, kind, central) not in known:
            rows.id_map.append(Link(copy.agent, kind, central, f"{kind} {central} of {copy.agent}"))


def second_message(rows: Rows, operated: Operated, message: Message, new: str) -> None:
    """The same message of the same operation once more under another id, on all sides."""
    rows.c_message.append(message._replace(message=new))
    for copy in copies_of(rows, message.message):
        add_copy(rows, copy._replace(message=new))
    rows.written.append(Written(operated.op, new))


def change_told(rows: Rows, operated: Operated, **changes: object) -> Operated:
    """What the history says of an operation becomes otherwise."""
    changed = operated._replace(**changes)  # type: ignore[arg-type]  # names and types are those of Operated
    replace_in(rows.history, operated, changed)
    return changed

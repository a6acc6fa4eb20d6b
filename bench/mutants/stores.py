"""Stores with a mistake in them: a correct one, altered as a certain bug would leave it. Pure.

`must` are the invariants that the alteration breaks, and it breaks no other. Where a mistake was seen stands in `source`; those
of the real server are cited in the reading that the project's docs name.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass

from bench.checker.rows import Copy, Link, Rows, Session
from bench.mutants import victims
from bench.mutants.victims import MESSAGE, Generator, NoVictim, drawn, replace_in

Alteration = Callable[[Rows, Generator], None]
"""Alters rows in place; raises `NoVictim` where they have nothing to alter."""

SERVER, SCHEMA, RETRY = "the real server's code", "a schema without the key", "a client's retry"
CRASH, CLOCK, REPAIR, BUS, CODE = "a crash", "a clock", "a repair job", "a bus in memory", "a careless program"


@dataclass(frozen=True, slots=True)
class StoreMutant:
    """An alteration of a correct store or history: what it is, where such a thing comes from, what it must break."""

    name: str
    what: str
    source: str
    alter: Alteration
    must: frozenset[str]


def mutant(alter: Alteration, source: str, *must: str) -> StoreMutant:
    """The mutant of an alteration, told by its name and its docstring."""
    return StoreMutant(alter.__name__, told_by(alter), source, alter, frozenset(must))


def told_by(mistake: Callable[..., object]) -> str:
    """What a mistake is, as its docstring says it, without the full stop; its name where docstrings are stripped."""
    words = (mistake.__doc__ or mistake.__name__).partition("\n")[0].rstrip(".")
    return words[0].lower() + words[1:]


def commits_central_only(rows: Rows, generator: Generator) -> None:
    """The central row of a message is committed, no copy is."""
    _, message = drawn(victims.plain_messages(rows, ("send",)), generator)
    victims.drop_copies(rows, message.message)


def forgets_an_agent(rows: Rows, generator: Generator) -> None:
    """One of two agents has no copy of a message."""
    _, message = drawn(victims.plain_messages(rows, copies=2), generator)
    author = message.author
    other = drawn([copy.agent for copy in victims.copies_of(rows, message.message) if copy.agent != author], generator)
    victims.drop_copies(rows, message.message, lambda copy: copy.agent == other)


def loses_the_central_row(rows: Rows, generator: Generator) -> None:
    """Agents have a message that is not there centrally."""
    _, message = drawn(victims.plain_messages(rows, ("send",)), generator)
    victims.drop_central(rows, message.message)


def posts_no_reply(rows: Rows, generator: Generator) -> None:
    """An agent stores its reply first and posting it fails."""
    operated, message = drawn(victims.plain_messages(rows, ("reply",)), generator)
    victims.drop_central(rows, message.message)
    victims.drop_copies(rows, message.message, lambda copy: copy.agent != operated.author)


def loses_a_reply(rows: Rows, generator: Generator) -> None:
    """A reply that was told ok is nowhere."""
    _, message = drawn(victims.plain_messages(rows, ("reply",)), generator)
    victims.drop_central(rows, message.message)
    victims.drop_copies(rows, message.message)


def stores_a_phantom(rows: Rows, generator: Generator) -> None:
    """A message is there that no operation wrote."""
    operated, _message = drawn(victims.plain_messages(rows, ("send",)), generator)
    rows.history.remove(operated)
    rows.written[:] = [written for written in rows.written if written.op != operated.op]


def writes_under_a_fresh_id(rows: Rows, generator: Generator) -> None:
    """A retry writes the message again under a new id."""
    operated, message = drawn(victims.plain_messages(rows, ("send",)), generator)
    victims.second_message(rows, operated, message, f"{message.message}-2")


def replies_twice(rows: Rows, generator: Generator) -> None:
    """An event is emitted twice and answered twice."""
    operated, message = drawn(victims.plain_messages(rows, ("reply",)), generator)
    victims.second_message(rows, operated, message, f"{message.message}-2")


def checks_then_acts(rows: Rows, generator: Generator) -> None:
    """Two look for a copy, find none, and both insert one."""
    _, message = drawn(victims.plain_messages(rows), generator)
    rows.a_message.append(drawn(victims.copies_of(rows, message.message), generator))


def tells_a_stranger(rows: Rows, generator: Generator) -> None:
    """An agent that never was in the channel has a copy."""
    _, message = drawn(victims.plain_messages(rows), generator)
    subscribed = {row.agent for row in rows.subscription if row.channel == message.channel}
    stranger = drawn(sorted({row.agent for row in rows.c_agent} - subscribed), generator)
    copy = drawn(victims.copies_of(rows, message.message), generator)
    victims.add_copy(rows, copy._replace(agent=stranger, seq=1, reply_to=None))


def tells_one_who_left(rows: Rows, generator: Generator) -> None:
    """A message is delivered to an agent that had left."""
    plain = {message.message for _, message in victims.plain_messages(rows, ("send",))}
    held = {(copy.agent, copy.message) for copy in rows.a_message}
    found = [
        (copy, row.agent)
        for row in rows.subscription
        for copy in rows.a_message
        if copy.message in plain and copy.channel == row.channel and copy.created_at_ms >= row.to_ms
    ]
    # Who came back may have been told it rightly.
    copy, left = drawn([(copy, agent) for copy, agent in found if (agent, copy.message) not in held], generator)
    own = [other for other in rows.a_message if (other.agent, other.channel) == (left, copy.channel)]
    before = [other.seq for other in own if other.created_at_ms < copy.created_at_ms]
    for later in own:
        if later.created_at_ms > copy.created_at_ms:
            replace_in(rows.a_message, later, later._replace(seq=later.seq + 1))
    victims.add_copy(rows, copy._replace(agent=left, seq=max(before, default=0) + 1))


def scopes_no_entity(rows: Rows, generator: Generator) -> None:
    """Two agents share the id of an entity."""
    members = [link for link in rows.id_map if link.kind == "member" and link.agent is not None]
    pairs = [(a, b) for a in members for b in members if a.agent != b.agent and a.central == b.central]
    first, second = drawn(pairs, generator)
    replace_in(rows.id_map, second, second._replace(local=first.local))


def maps_twice(rows: Rows, generator: Generator) -> None:
    """An agent knows one channel by two ids."""
    link = drawn([link for link in rows.id_map if link.kind == "channel" and link.agent is not None], generator)
    rows.id_map.append(link._replace(local=f"{link.local}-2"))


def cuts_a_copy_short(rows: Rows, generator: Generator) -> None:
    """A copy holds a part of the text."""
    _, message = drawn(victims.plain_messages(rows), generator)
    copy = drawn(victims.copies_of(rows, message.message), generator)
    replace_in(rows.a_message, copy, copy._replace(content=f"{copy.content[:3]}"))


def changes_an_author(rows: Rows, generator: Generator) -> None:
    """A copy names another author."""
    _, message = drawn(victims.plain_messages(rows, ("send",)), generator)
    copy = drawn(victims.copies_of(rows, message.message), generator)
    others = [other.author for other in rows.a_message if other.agent == copy.agent and other.author != copy.author]
    replace_in(rows.a_message, copy, copy._replace(author=drawn(sorted(set(others)), generator)))


def links_to_another(rows: Rows, generator: Generator) -> None:
    """A copy answers another message."""
    copy = drawn(victims.answers(rows), generator)
    held = {other.message for other in rows.a_message if other.agent == copy.agent and other.message is not None}
    central = {message.message for message in rows.c_message}
    another = drawn(sorted((held & central) - {copy.reply_to, copy.message}), generator)
    replace_in(rows.a_message, copy, copy._replace(reply_to=another))


def links_by_another_id(rows: Rows, generator: Generator) -> None:
    """The link of a reply is derived by another formula."""
    copy = drawn(victims.answers(rows), generator)
    replace_in(rows.a_message, copy, copy._replace(reply_to=None))
    rows.used_id.append(Link(copy.agent, MESSAGE, copy.reply_to, f"{copy.reply_to}:{copy.agent}"))


def keeps_an_overtaken_edit(rows: Rows, generator: Generator) -> None:
    """An older edit is applied over a newer one."""
    message = drawn(victims.edited(rows), generator)
    copy = drawn(victims.copies_of(rows, message.message), generator)
    replace_in(rows.a_message, copy, copy._replace(rev=message.rev - 1, content=f"before {copy.content}"))


def loses_a_central_edit(rows: Rows, generator: Generator) -> None:
    """An edit that was told ok is not there centrally."""
    message = drawn(victims.edited(rows), generator)
    replace_in(rows.c_message, message, message._replace(rev=message.rev - 1, content=f"before {message.content}"))


def deletes_by_another_id(rows: Rows, generator: Generator) -> None:
    """A delete looks for its copy by another formula."""
    copy = _deleted_copy(rows, generator)
    victims.add_copy(rows, copy)
    rows.used_id.append(Link(copy.agent, MESSAGE, copy.message, f"{copy.message}:{copy.agent}"))


def brings_back_what_was_deleted(rows: Rows, generator: Generator) -> None:
    """A repair inserts a deleted message again."""
    copy = _deleted_copy(rows, generator)
    victims.add_copy(rows, copy)


def orders_by_a_skewed_clock(rows: Rows, generator: Generator) -> None:
    """An agent orders two messages the other way round."""
    agent = drawn(sorted({copy.agent for copy in rows.a_message}), generator)
    own = sorted((copy for copy in rows.a_message if copy.agent == agent), key=lambda copy: copy.seq)
    earlier, later = drawn(list(itertools.pairwise(own)), generator)
    victims.swap_places(rows.a_message, earlier, later)


def repeats_a_member(rows: Rows, generator: Generator) -> None:
    """Somebody is in a channel twice."""
    rows.c_member.append(drawn(rows.c_member, generator))


def keeps_one_who_left(rows: Rows, generator: Generator) -> None:
    """A join is applied after the leave that came behind it."""
    left = drawn([operated for operated in rows.history if operated.f in {"leave", "leave_agent"}], generator)
    gone = [row for row in rows.c_member if (row.channel, row.member) == (left.channel, left.member)]
    if gone:
        raise NoVictim
    rows.c_member.append(type(rows.c_member[0])(str(left.channel), str(left.member)))


def forgets_a_member(rows: Rows, generator: Generator) -> None:
    """Somebody who joined is no member."""
    rows.c_member.remove(drawn(rows.c_member, generator))


def repeats_a_channel(rows: Rows, generator: Generator) -> None:
    """A channel has two central rows, for NULLs are distinct."""
    rows.c_channel.append(drawn(rows.c_channel, generator))


def repeats_a_server(rows: Rows, generator: Generator) -> None:
    """A server has two central rows."""
    rows.c_server.append(drawn(rows.c_server, generator))


def has_no_such_server(rows: Rows, generator: Generator) -> None:
    """A channel is of a server that is not there."""
    channel = drawn(rows.c_channel, generator)
    replace_in(rows.c_channel, channel, channel._replace(server=f"{channel.server}-gone"))


def leaves_a_session_open(rows: Rows, generator: Generator) -> None:
    """A session stays in its transaction."""
    rows.session.append(Session("idle in transaction", f"client {generator.randrange(9)}"))


def fences_no_zombie(rows: Rows, generator: Generator) -> None:
    """A taken-over client writes once more."""
    checks_then_acts(rows, generator)
    leaves_a_session_open(rows, generator)


def _deleted_copy(rows: Rows, generator: Generator) -> Copy:
    """A copy, at an agent that had it, of a message that is deleted."""
    found = [
        Copy(row.agent, message, str(operated.channel), str(operated.author), "what it said", None, 0, operated.at_ms, 0)
        for operated, message in victims.deleted(rows)
        for row in rows.subscription
        if row.channel == operated.channel and row.from_ms <= operated.at_ms < row.to_ms
    ]
    return drawn(found, generator)


STORES: tuple[StoreMutant, ...] = (
    mutant(commits_central_only, CRASH, "I4"),
    mutant(forgets_an_agent, BUS, "I4"),
    mutant(loses_the_central_row, CRASH, "I1", "I4"),
    mutant(posts_no_reply, SERVER, "I4", "I19"),
    mutant(loses_a_reply, CRASH, "I19"),
    mutant(stores_a_phantom, CODE, "I2"),
    mutant(writes_under_a_fresh_id, RETRY, "I3"),
    mutant(replies_twice, SERVER, "I3"),
    mutant(checks_then_acts, SERVER, "I3"),
    mutant(tells_a_stranger, CODE, "I12"),
    mutant(tells_one_who_left, BUS, "I12"),
    mutant(scopes_no_entity, SERVER, "I12"),
    mutant(maps_twice, SCHEMA, "I11"),
    mutant(cuts_a_copy_short, CODE, "I5"),
    mutant(changes_an_author, CODE, "I5"),
    mutant(links_to_another, CODE, "I5"),
    mutant(links_by_another_id, SERVER, "I9", "I11"),
    mutant(keeps_an_overtaken_edit, BUS, "I15"),
    mutant(loses_a_central_edit, CRASH, "I15"),
    mutant(deletes_by_another_id, SERVER, "I11", "I15"),
    mutant(brings_back_what_was_deleted, REPAIR, "I15"),
    mutant(orders_by_a_skewed_clock, CLOCK, "I6"),
    mutant(repeats_a_member, SCHEMA, "I10"),
    mutant(keeps_one_who_left, BUS, "I10"),
    mutant(forgets_a_member, CODE, "I10"),
    mutant(repeats_a_channel, SCHEMA, "I18"),
    mutant(repeats_a_server, SCHEMA, "I18"),
    mutant(has_no_such_server, SCHEMA, "I9"),
    mutant(leaves_a_session_open, CODE, "I20"),
    mutant(fences_no_zombie, CRASH, "I3", "I20"),
)
"""Mistakes that the store shows."""

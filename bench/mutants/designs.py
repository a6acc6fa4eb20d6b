"""Designs with a mistake in them: any design, whose writes ask for other work than they should. Pure.

Each mistake is one that a program which stores everything twice can make, several of them the real server's own. They are made at
the contract, by asking the design for the tasks of another operation or under another context, or by leaving tasks out; so any
design can carry them, and its own tables, keys and views are in force.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bench.mutants.stores import BUS, CLOCK, CODE, CRASH, RETRY, SERVER, told_by
from variants.contract import CENTRAL_ACTOR, Design, Task
from workloads.ids import central_message_id
from workloads.operations import AddAgent, Context, Delete, Edit, Join, Leave, Reply, Send, Write

Mistake = Callable[[Design, Write, Context], Sequence[Task]]
"""The tasks of a write as a design with a mistake gives them."""

_FAR_MS = 4_000_000_000_000


@dataclass(frozen=True, slots=True)
class DesignMutant:
    """A mistake of a design: what it is, where such a thing comes from, and the invariants that it breaks, and no others.

    `mistake` makes it anew for each stream. `second_ids`: it writes messages under the ids of `second_id`, too. `without` are kinds
    of operations that would only tell of the mistake once more, in other words; what is about them is left out, too.
    """

    name: str
    what: str
    source: str
    mistake: Callable[[], Mistake]
    must: frozenset[str]
    second_ids: bool = False
    without: tuple[type[Write], ...] = ()


def tells_no_agent(design: Design, operation: Write, context: Context) -> Sequence[Task]:
    """A message is stored centrally and no agent is told."""
    tasks = design.write(operation, context)
    return _central(tasks) if isinstance(operation, Send) else tasks


def tells_one_agent_less(design: Design, operation: Write, context: Context) -> Sequence[Task]:
    """The last agent that must be told is forgotten."""
    tasks = design.write(operation, context)
    if not isinstance(operation, Send):
        return tasks
    last = max((place for place, task in enumerate(tasks) if task.actor != CENTRAL_ACTOR), default=-1)
    return [task for place, task in enumerate(tasks) if place != last]


def keeps_its_reply_to_itself(design: Design, operation: Write, context: Context) -> Sequence[Task]:
    """An agent stores its reply, and posting it fails."""
    tasks = design.write(operation, context)
    return [task for task in tasks if task.actor == operation.agent_id] if isinstance(operation, Reply) else tasks


def stores_it_again(design: Design, operation: Write, context: Context) -> Sequence[Task]:
    """A retry makes a new id and stores it again."""
    return _twice(design, operation, context) if isinstance(operation, Send) else design.write(operation, context)


def answers_it_again(design: Design, operation: Write, context: Context) -> Sequence[Task]:
    """An event is emitted and answered twice."""
    return _twice(design, operation, context) if isinstance(operation, Reply) else design.write(operation, context)


def stores_nothing(design: Design, operation: Write, context: Context) -> Sequence[Task]:
    """The client is answered and nothing is stored."""
    return [] if isinstance(operation, Send) else design.write(operation, context)


def looks_for_another_id_to_delete(design: Design, operation: Write, context: Context) -> Sequence[Task]:
    """Agents look for a deleted message by another formula."""
    tasks = design.write(operation, context)
    return _mixed(tasks, _of_another_id(design, operation, context)) if isinstance(operation, Delete) else tasks


def looks_for_another_id_to_edit(design: Design, operation: Write, context: Context) -> Sequence[Task]:
    """Agents look for an edited message by another formula."""
    tasks = design.write(operation, context)
    return _mixed(tasks, _of_another_id(design, operation, context)) if isinstance(operation, Edit) else tasks


def points_at_another_id(design: Design, operation: Write, context: Context) -> Sequence[Task]:
    """The link of a reply is derived by another formula."""
    tasks = design.write(operation, context)
    if not isinstance(operation, Reply) or context.reply_to_id is None:
        return tasks
    return _mixed(tasks, design.write(operation, replace(context, reply_to_id=_other(context.reply_to_id))))


def copies_the_beginning(design: Design, operation: Write, context: Context) -> Sequence[Task]:
    """An agent's copy holds the first characters only."""
    tasks = design.write(operation, context)
    if not isinstance(operation, Send):
        return tasks
    return _mixed(tasks, design.write(replace(operation, text=operation.text[:4]), context))


def has_a_clock_that_runs_backwards(design: Design, operation: Write, context: Context) -> Sequence[Task]:
    """Agents order messages by their own clock."""
    tasks = design.write(operation, context)
    if not isinstance(operation, (Send, Reply)):
        return tasks
    turned_ms = _FAR_MS - context.created_at_ms
    return _mixed(tasks, design.write(replace(operation, at_ms=turned_ms), replace(context, created_at_ms=turned_ms)))


class TellsEverybody:
    """A message is delivered to every agent that was ever added to a server, in its channel or not."""

    def __init__(self) -> None:
        self._agents: dict[str, None] = {}

    def __call__(self, design: Design, operation: Write, context: Context) -> Sequence[Task]:
        """The tasks of a write, with those of agents that it is no business of."""
        if isinstance(operation, AddAgent):
            self._agents[operation.agent_id] = None
        if isinstance(operation, Send):
            context = replace(context, recipients=tuple(dict.fromkeys((*context.recipients, *self._agents))))
        return design.write(operation, context)


def second_id(key: str) -> str:
    """The id under which a message of this key is written once more."""
    return central_message_id(key, 2)


def _twice(design: Design, operation: Write, context: Context) -> Sequence[Task]:
    again = replace(context, message_id=second_id(operation.key), attempt=2)
    return [*design.write(operation, context), *design.write(operation, again)]


def _of_another_id(design: Design, operation: Write, context: Context) -> Sequence[Task]:
    return design.write(operation, replace(context, message_id=_other(context.message_id)))


def _central(tasks: Sequence[Task]) -> list[Task]:
    return [task for task in tasks if task.actor == CENTRAL_ACTOR]


def _mixed(tasks: Sequence[Task], others: Sequence[Task]) -> list[Task]:
    """The central tasks of the first, those of agents of the second: the tasks of two operations that differ in values alone."""
    return [task if task.actor == CENTRAL_ACTOR else other for task, other in zip(tasks, others, strict=True)]


def _other(message_id: str | None) -> str:
    """The id of a message under a formula that nobody stores by."""
    return central_message_id(f"another formula for {message_id}")


def _mutant(
    mistake: Callable[[Design, Write, Context], Sequence[Task]],
    source: str,
    *must: str,
    second_ids: bool = False,
    without: tuple[type[Write], ...] = (),
) -> DesignMutant:
    return DesignMutant(mistake.__name__, told_by(mistake), source, lambda: mistake, frozenset(must), second_ids, without)


_CHANGES, _MOVES = (Edit, Delete), (Join, Leave)

DESIGNS: tuple[DesignMutant, ...] = (
    _mutant(tells_no_agent, CRASH, "I4"),
    _mutant(tells_one_agent_less, BUS, "I4"),
    _mutant(keeps_its_reply_to_itself, SERVER, "I4", "I19"),
    _mutant(stores_it_again, RETRY, "I3", second_ids=True, without=_CHANGES),
    _mutant(answers_it_again, SERVER, "I3", second_ids=True, without=_CHANGES),
    _mutant(stores_nothing, CODE, "I1", without=(Reply,)),
    _mutant(looks_for_another_id_to_delete, SERVER, "I15"),
    _mutant(looks_for_another_id_to_edit, SERVER, "I15"),
    _mutant(points_at_another_id, SERVER, "I9"),
    _mutant(copies_the_beginning, CODE, "I5"),
    _mutant(has_a_clock_that_runs_backwards, CLOCK, "I6", without=_MOVES),
    DesignMutant(
        "tells_everybody",
        "agents are told what is not for them",
        CODE,
        TellsEverybody,
        frozenset({"I10", "I12"}),
        without=(*_CHANGES, Reply),
    ),
)
"""Mistakes that run on a real server, under the keys and views of the design that carries them."""

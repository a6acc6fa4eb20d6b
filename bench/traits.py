"""What a design's writes are made of: which factors make a difference to it, and which it cannot have. Pure.

The design is asked for every kind of write, and its tasks are run to their end with answers that are made up: once as if nothing
were there, once as if something were.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Any

from bench.drive.conflict import obstacle
from bench.drive.errors import Unending
from bench.drive.flights import ACTIONS_MAX
from bench.errors import InvalidMeasurement
from bench.outbox.flights import is_outboxed
from bench.scenes import KINDS, WARM, WITHOUT_AGENTS, scene
from variants.contract import CENTRAL_ACTOR, Action, Design, Ensure, Rows, Statement, Task
from workloads.model import Model, Refused
from workloads.operations import Reply, Send, Write

_AGENTS = 2
MADE_UP: tuple[Rows, ...] = ((), (("",) * 32,))
"""Answers: nothing is there, and something is."""


@dataclass(frozen=True, slots=True)
class Traits:
    """`by_relay`: kinds of write that have tasks of agents which a relay can apply; `ensures`: whether any row may exist.

    `in_messages`, `in_agents` and `in_any` say, for the inserts of messages, for those of the tasks that a relay can apply and for
    all, why one of them cannot be made to not mind a row that is there; None when all can. `inserts_messages`: whether a message's
    insert was seen at all.
    """

    by_relay: tuple[str, ...]
    ensures: bool
    inserts_messages: bool
    in_messages: str | None
    in_agents: str | None
    in_any: str | None


def traits_of(design: Design) -> Traits:
    """The traits of a built design. Raises what the design raises when it gives no tasks at all."""
    by_relay: list[str] = []
    ensures = inserts = False
    in_messages: str | None = None
    in_agents: str | None = None
    in_any: str | None = None
    for kind in KINDS:
        for rows in MADE_UP:
            operation, tasks = asked(design, kind)
            relayed = is_outboxed(operation, tasks)
            if relayed and kind not in by_relay:
                by_relay.append(kind)
            for task in tasks:
                for action in actions(task, rows):
                    ensures = ensures or isinstance(action, Ensure)
                    for statement in statements_of(action):
                        problem = obstacle(statement)
                        in_any = in_any or problem
                        if isinstance(operation, (Send, Reply)):
                            inserts = inserts or (statement.constant.writes and isinstance(action, Statement))
                            in_messages = in_messages or problem
                        if relayed and task.actor != CENTRAL_ACTOR:
                            in_agents = in_agents or problem
    return Traits(tuple(by_relay), ensures, inserts, in_messages, in_agents, in_any)


def asked(design: Design, kind: str, attempt: int = 1) -> tuple[Write, Sequence[Task]]:
    """The target of a warm scene of this kind, and the tasks of the design for this attempt at it, under the same ids."""
    made = scene(kind, 0 if kind in WITHOUT_AGENTS else _AGENTS, WARM, "traits")
    model = Model()
    try:
        for operation in made.setup:
            model.apply(operation, model.context(operation))
    except Refused as refused:
        raise InvalidMeasurement(f"the scene of {kind} is refused by the model: {refused.reason}") from refused
    (target,) = made.target
    return target, list(design.write(target, model.context(target, attempt)))


def actions(task: Task, rows: Rows) -> Generator[Action, None, bool]:
    """The actions of a task whose statements find these rows, its groups taken apart; returns whether the task came to its end."""
    answer: Any = None
    for _ in range(ACTIONS_MAX):
        try:
            action = task.body.send(answer)
            answer = _answer(action, rows)
        except Unending:
            raise
        except StopIteration:
            return True
        except Exception:  # noqa: BLE001 - an answer it does not get along with; what it yielded before stands
            return False
        yield from action if isinstance(action, tuple) else (action,)
    return False


def _answer(action: Any, rows: Rows) -> Any:
    if isinstance(action, tuple):
        return [_answer(member, rows) for member in action]
    if isinstance(action, Ensure):
        return action.key
    return rows if isinstance(action, Statement) and action.needs_rows else None


def statements_of(action: Action) -> tuple[Statement, ...]:
    """The statements that an action may send, but for the look of an `Ensure`."""
    match action:
        case Statement():
            return (action,)
        case Ensure():
            return action.add
    return ()

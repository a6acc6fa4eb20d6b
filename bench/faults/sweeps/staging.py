"""Scenes for many exposures at a time: set up in one transaction, told apart by their ids alone.

All scenes of a stage are of one kind, so they need the same statements in the same order. They are set up in step: what each of
them needs next travels in one flight, whether there is one scene or hundreds.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from bench.drive.drivers import Links, Told, run
from bench.drive.ensuring import EnsureLevel, Ensuring
from bench.drive.flights import Command, Flight, Flights, Group, Primitives, Verb, join
from bench.errors import InvalidMeasurement
from bench.scenes import MESSAGES, WARM, Scene, scene
from bench.server.failing import check
from variants.contract import Begin, Commit, Design, Rows, Side, Statement, Task
from workloads.model import Model
from workloads.operations import AddAgent, Context, CreateServer, Join, Reply, Send, Write

FLIGHT_COMMANDS_MAX = 2_000
"""More commands than this do not travel together: their answers would fill the memory of both ends."""


AT_HOME = frozenset({*MESSAGES, "edit", "delete"})
"""Kinds that change nothing of a server or of its agents: the scenes of a stage have those in common, a third of their setup."""


@dataclass(frozen=True, slots=True)
class Stage:
    """What is to be set up: scenes of this kind with `k` agents, for an operation of at most so many attempts.

    `fresh_ids`: each attempt writes under an id of its own.
    """

    kind: str
    k: int
    attempts: int = 1
    fresh_ids: bool = False
    peer_delivery: bool = True


@dataclass(frozen=True, slots=True)
class Staged:
    """A scene that is set up: its operation, the context of each attempt of it, and all ids of the scene in a fixed order.

    `model` is the world before the operation; `setup` gives the context of each operation of the setup.
    """

    scene: Scene
    setup: tuple[Context, ...]
    contexts: tuple[Context, ...]
    ids: tuple[str, ...]
    model: Model

    @property
    def operation(self) -> Write:
        """What is exposed to faults."""
        (operation,) = self.scene.target
        return operation

    def named_as(self, other: Staged) -> Mapping[str, str]:
        """By each id of this scene, the one that has its place in another scene of the same kind."""
        return dict(zip(self.ids, other.ids, strict=True))


def stage(design: Design, links: Links, wanted: Stage, names: Sequence[str]) -> list[Staged]:
    """Set up a scene under each of these names, all in one transaction. `links` are for shared exchange.

    Raises `InvalidMeasurement` when they cannot be set up, `ServerFailed` when the server failed.
    """
    home = names[0] if wanted.kind in AT_HOME else None
    staged = [_planned(wanted, name, home) for name in names]
    setups = [_tasks(design, made, at_home=home is not None and number > 0) for number, made in enumerate(staged)]
    # Behind the first scene, what all have in common is there and was met: a design that looks before it adds finds it.
    completion = run(links, _in_turn(setups[:1], setups[1:]))
    check(f"scenes of {design.name} were set up", completion)
    if completion.told is not Told.OK:
        where = f"the scenes of {wanted.kind}, k={wanted.k}, cannot be set up"
        raise InvalidMeasurement(f"{design.name}: {where}: {completion.reason}")
    return staged


def _planned(wanted: Stage, name: str, home: str | None) -> Staged:
    made = scene(wanted.kind, wanted.k, WARM, name, home)
    model, contexts = Model(peer_delivery=wanted.peer_delivery), list[Context]()
    for operation in made.setup:
        context = model.context(operation)
        model.apply(operation, context)
        contexts.append(context)
    (target,) = made.target
    attempts = tuple(model.context(target, attempt, fresh_ids=wanted.fresh_ids) for attempt in range(1, wanted.attempts + 1))
    ids = _ids(made, (*contexts, attempts[0]), attempts)
    return Staged(made, tuple(contexts), attempts, ids, model)


def _tasks(design: Design, made: Staged, *, at_home: bool) -> list[Task]:
    """The tasks of a setup; `at_home`: its server and its agents are there already."""
    return [
        task
        for operation, context in zip(made.scene.setup, made.setup, strict=True)
        if not (at_home and isinstance(operation, (CreateServer, AddAgent)))
        for task in design.write(operation, context)
    ]


def _ids(made: Scene, contexts: Sequence[Context], attempts: Sequence[Context]) -> tuple[str, ...]:
    """Every id that a row of the scene may hold, once, in an order that all scenes of a stage share."""
    ids = [made.server_id, made.channel_id]
    for operation, context in zip((*made.setup, *made.target), contexts, strict=True):
        match operation:
            case AddAgent():
                ids.append(operation.agent_id)
            case Join():
                ids.append(operation.member.id)
            case Send() | Reply():
                ids.append(str(context.message_id))
    ids += [context.message_id for context in attempts if context.message_id is not None]
    return tuple(dict.fromkeys(ids))


Needs = Generator[Group, Sequence[Rows], None]
"""What one setup needs, one group of statements after another; each is answered by the rows of its statements."""


def _in_turn(*parts: Sequence[Sequence[Task]]) -> Flights:
    """The parts one after another, all in one transaction."""
    yield (Command(Verb.BEGIN, Side.CENTRAL),)
    for setups in parts:
        yield from _together(setups)
    yield (Command(Verb.COMMIT, Side.CENTRAL),)


def _together(setups: Sequence[Sequence[Task]]) -> Flights:
    """Setups side by side, each round one flight of what all of them need next."""
    # Whatever the cell says of it: a row that is added without a look needs no answer, so more travels together.
    parts = (_needs(join(tasks, Ensuring(EnsureLevel.INSERT))) for tasks in setups)
    asking = [(part, group) for part in parts if (group := next(part, None))]
    while asking:
        answers = yield from _answered([statement for _, group in asking for statement in group])
        before, asking = asking, []
        place = 0
        for part, group in before:
            with suppress(StopIteration):
                asking.append((part, part.send(answers[place : place + len(group)])))
            place += len(group)


def _answered(statements: Sequence[Statement]) -> Generator[Flight, Sequence[Rows], list[Rows]]:
    answers: list[Rows] = []
    for start in range(0, len(statements), FLIGHT_COMMANDS_MAX):
        part = statements[start : start + FLIGHT_COMMANDS_MAX]
        answers += yield tuple(Command(Verb.EXECUTE, Side.CENTRAL, statement) for statement in part)
    return answers


def _needs(primitives: Primitives) -> Needs:
    """The groups of a setup whose rows it needs, each with what comes before it and needs none; its transactions are left out."""
    waiting: Group = ()
    rows: Sequence[Rows] | None = None
    while True:
        try:
            primitive = next(primitives) if rows is None else primitives.send(rows)
        except StopIteration as stop:
            if stop.value is not None:
                raise InvalidMeasurement(f"an operation of a scene is refused: {stop.value.reason}") from None
            break
        if isinstance(primitive, (Begin, Commit)):
            rows = ()
        elif any(statement.needs_rows for statement in primitive):
            answers = yield (*waiting, *primitive)
            rows, waiting = answers[len(waiting) :], ()
        else:
            waiting += primitive
            rows = [()] * len(primitive)
    if waiting:
        yield waiting

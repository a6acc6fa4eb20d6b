"""The ladder from dual to hybrid: its ends are the two designs, and between neighbours exactly one thing changes."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from bench.ladder.registry import Step, climb
from bench.scenes import FIRST, KINDS, WARM, exists, scene
from bench.stores import ddl, tables_of
from bench.verify.world import whole_story
from tests.variants.test_inserts import actions
from variants.contract import CENTRAL_ACTOR, Build, Commit, Design, Ensure, Indexes, Options, Side, Statement
from variants.dual import Dual
from variants.hybrid import Hybrid
from variants.ladder.dual_to_hybrid import BETWEEN, CHANGES
from variants.ladder.rung import Change, RungDesign
from workloads.model import Model
from workloads.operations import IsParticipant, LatestPage, ListChannels, ListParticipants, ListServers, PageBack, RecallContext

STEPS = climb("dual_to_hybrid").steps
READS = (
    LatestPage("c"),
    PageBack("c", 1),
    RecallContext("a", "c"),
    ListChannels("s"),
    ListParticipants("c"),
    IsParticipant("c", "m"),
    ListServers("a"),
)
FORMS = (Options(), Options(cross_side_foreign_keys=False), Options(indexes=Indexes.DECLARED))


@dataclass(frozen=True, slots=True)
class Difference:
    """What one step changes: tables that are gone, new or declared otherwise, indexes likewise, kinds of write and read."""

    gone: frozenset[str] = frozenset()
    new: frozenset[str] = frozenset()
    other: frozenset[str] = frozenset()
    indexes_gone: frozenset[str] = frozenset()
    indexes_new: frozenset[str] = frozenset()
    writes: frozenset[str] = frozenset()
    reads: frozenset[str] = frozenset()


EXPECTED = {
    Change.EARLY_ROWS: Difference(writes=frozenset({"add_agent", "join", "join_agent", "send first"})),
    Change.NAMES_ONLY: Difference(
        gone=frozenset({"message_servers", "channels"}),
        new=frozenset({"central_servers", "central_channels"}),
        # Those that reference the two.
        other=frozenset({"root_messages", "channel_participants", "server_agents"}),
        indexes_gone=frozenset({"channels_server"}),
        indexes_new=frozenset({"worlds_server", "rooms_world"}),
        writes=frozenset({"create_server", "create_channel"}),
        reads=frozenset({"ListChannels", "ListServers"}),
    ),
    Change.NO_PARTICIPANTS: Difference(
        gone=frozenset({"channel_participants"}),
        indexes_new=frozenset({"rooms_channel"}),
        writes=frozenset({"join", "join_agent", "leave", "leave_agent", "send first"}),
        reads=frozenset({"ListParticipants", "IsParticipant"}),
    ),
    Change.NO_SERVER_AGENTS: Difference(
        gone=frozenset({"server_agents"}),
        indexes_gone=frozenset({"server_agents_agent"}),
        indexes_new=frozenset({"worlds_agent"}),
        writes=frozenset({"add_agent"}),
        reads=frozenset({"ListServers"}),
    ),
    Change.KEYS: Difference(other=frozenset({"central_servers", "rooms", "worlds"}), writes=frozenset({"create_server"})),
    Change.ONE_LOOKUP: Difference(writes=frozenset({"send", "send first", "reply"})),
}
"""A list of an agent's servers reads the central table by its new name; the type of a server's id stands in its statements."""


def declared(design: Design) -> dict[str, str]:
    """What creates each table, by name."""
    return {
        table.name: text for table in tables_of(design) for text in ddl(design) if text.startswith(f"CREATE TABLE {table.name} ")
    }


def indexes(design: Design) -> frozenset[str]:
    return frozenset(str(index.name) for table in tables_of(design) for index in table.indexes)


def sent(design: Design, kind: str, state: str) -> list[tuple[str, list[object]]]:
    """The tasks of one scene's target, each with all that it asks for, transactions included."""
    made, model = scene(kind, 2 if exists(kind, 2, state) else 0, state, "step"), Model()
    for operation in made.setup:
        model.apply(operation, model.context(operation))
    found: list[tuple[str, list[object]]] = []
    for operation in made.target:
        context = model.context(operation)
        for task in design.write(operation, context):
            body: list[object] = []
            answer: object = None
            try:
                while True:
                    action = task.body.send(answer)
                    body += map(told, action if isinstance(action, tuple) else (action,))
                    answer = [("found",)] if isinstance(action, Statement) and action.needs_rows else None
            except StopIteration:
                found.append((task.actor, body))
        model.apply(operation, context)
    return found


def told(action: object) -> object:
    match action:
        case Statement():
            return action.constant.sql, action.parameters, action.side
        case Ensure():
            return "ensure", told(action.find), [told(statement) for statement in action.add], action.key
    return action


def read(design: Design) -> dict[str, object]:
    return {type(operation).__name__: told(next(design.read(operation))) for operation in READS}


def states(kind: str) -> list[tuple[str, str]]:
    return [
        (kind if state == WARM else f"{kind} {state}", state)
        for state in (WARM, FIRST)
        if exists(kind, 2, state) or exists(kind, 0, state)
    ]


def changed(before: Design, after: Design) -> Difference:
    old, new = declared(before), declared(after)
    return Difference(
        gone=frozenset(old.keys() - new.keys()),
        new=frozenset(new.keys() - old.keys()),
        other=frozenset(name for name in old.keys() & new.keys() if old[name] != new[name]),
        indexes_gone=indexes(before) - indexes(after),
        indexes_new=indexes(after) - indexes(before),
        writes=frozenset(
            name for kind in KINDS for name, state in states(kind) if sent(before, kind, state) != sent(after, kind, state)
        ),
        reads=frozenset(name for name, query in read(before).items() if read(after)[name] != query),
    )


def all_sent(design: Design) -> list[object]:
    return [sent(design, kind, state) for kind in KINDS for _, state in states(kind)]


@pytest.mark.parametrize("options", FORMS)
@pytest.mark.parametrize(("changes", "end"), [(frozenset[Change](), Dual), (frozenset(Change), Hybrid)])
def test_without_a_change_the_rung_is_dual_and_with_all_of_them_it_is_the_hybrid(
    changes: frozenset[Change], end: Build, options: Options
) -> None:
    rung, design = RungDesign("rung", changes, options), end(options)
    assert ddl(rung) == ddl(design)
    assert all_sent(rung) == all_sent(design)
    assert read(rung) == read(design)
    assert list(rung.gaps()) == list(design.gaps())
    assert rung.views() == design.views()


@pytest.mark.parametrize("change", CHANGES)
def test_between_neighbours_exactly_one_thing_changes(change: Change) -> None:
    place = CHANGES.index(change)
    before, after = (RungDesign("rung", frozenset(CHANGES[:count]), Options()) for count in (place, place + 1))
    assert changed(before, after) == EXPECTED[change]


def test_a_step_changes_no_transaction_but_that_of_a_row_that_comes_or_goes() -> None:
    """How many transactions each kind has, rung by rung: a message always has one for each side."""
    counts = {
        kind: [
            sum(isinstance(action, Commit) for _, body in sent(step.build(Options()), kind, WARM) for action in body)
            for step in STEPS[:-1]
        ]
        for kind in KINDS
    }
    assert counts["send"] == [3] * 7
    assert counts["reply"] == counts["edit"] == counts["delete"] == [3] * 7
    assert counts["join"] == [1, 3, 3, 2, 2, 2, 2]
    assert counts["join_agent"] == [1, 4, 4, 3, 3, 3, 3]
    assert counts["leave"] == [3, 3, 3, 2, 2, 2, 2]
    assert counts["add_agent"] == [2, 2, 2, 2, 1, 1, 1]


def test_the_ladder_begins_with_dual_ends_with_the_hybrid_and_then_joins_its_transactions() -> None:
    assert [step.variant for step in STEPS] == ["dual", *BETWEEN, "hybrid", "hybrid[joined]"]
    assert (STEPS[0].build, STEPS[-2].build, STEPS[-1].build) == (Dual, Hybrid, Hybrid)
    assert [step.change for step in STEPS[1:-1]] == [change.value for change in CHANGES]
    assert [step.levels == STEPS[0].levels for step in STEPS] == [True] * 7 + [False]


@pytest.mark.parametrize("step", [step for step in STEPS if step.design in BETWEEN], ids=lambda step: step.variant)
def test_a_rung_begins_and_ends_each_transaction_on_the_side_of_its_actor(step: Step) -> None:
    design, model = step.build(Options()), Model()
    for each in whole_story():
        context = model.context(each.write)
        for task in design.write(each.write, context):
            side = Side.CENTRAL if task.actor == CENTRAL_ACTOR else Side.AGENT
            assert {asked.side if isinstance(asked, Statement) else asked.find.side for asked in actions(task)} == {side}
        if not each.refused:
            model.apply(each.write, context)

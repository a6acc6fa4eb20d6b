from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from bench.crash.judge import Judgement, Outcome, Presence, States, judged, judged_fresh
from bench.crash.states import Footprint, states_of
from bench.proof.masks import Kind, expected_of
from bench.scenes import WARM, Scene, scene
from variants.contract import DefectKind
from workloads.model import Bounds, Model
from workloads.operations import Context, Write
from workloads.projection import AgentMemberRow, AgentMessageRow, Projection, ordered


class Play(NamedTuple):
    """A scene in memory alone: its states for the first id and for a fresh one."""

    first: States
    fresh: States


def modelled(operations: tuple[Write, ...]) -> Model:
    model = Model()
    for operation in operations:
        model.apply(operation, model.context(operation))
    return model


def at_most(model: Model) -> Projection:
    """The facts of a design that tells its agents of servers, channels and members as early as it may."""
    bounds: Bounds = model.bounds()
    return replace(model.projection(), a_server=bounds.a_server, a_channel=bounds.a_channel, a_member=bounds.a_member)


def play(kind: str, k: int, *, early: bool = False) -> Play:
    """The states of a design that writes agents' rows at the first message, or as early as it may."""
    rehearsed, made = scene(kind, k, WARM, "rehearsed"), scene(kind, k, WARM, "made")
    seen = at_most if early else Model.projection
    footprint = Footprint(rehearsed, seen(modelled(rehearsed.setup)), seen(modelled((*rehearsed.setup, *rehearsed.target))))
    return Play(states(made, footprint, fresh=False), states(made, footprint, fresh=True))


def states(made: Scene, footprint: Footprint, *, fresh: bool, kinds: frozenset[Kind] = frozenset()) -> States:
    context: Context = modelled(made.setup).context(made.target[0], attempt=2 if fresh else 1, fresh_ids=fresh)
    return states_of(made, context, kinds, footprint)


def unlinked_reply() -> Play:
    """A reply in a design whose agents do not note which message their own copy is of."""
    rehearsed, made = scene("reply", 1, WARM, "rehearsed"), scene("reply", 1, WARM, "made")
    kinds: frozenset[Kind] = frozenset({DefectKind.OWN_REPLY_UNLINKED})
    before, after = (
        expected_of(modelled(told), kinds).projection for told in (rehearsed.setup, rehearsed.setup + rehearsed.target)
    )
    footprint = Footprint(rehearsed, before, after)
    return Play(states(made, footprint, fresh=False, kinds=kinds), states(made, footprint, fresh=True, kinds=kinds))


def central_only(one: States) -> Projection:
    """The message is stored centrally and at no agent."""
    return replace(one.before, c_message=one.after.c_message)


def both(one: Projection, other: Projection) -> Projection:
    """All messages of two states that differ in messages alone."""
    return replace(
        one,
        c_message=ordered({*one.c_message, *other.c_message}),
        a_message=ordered({*one.a_message, *other.a_message}),
    )


def told(judgement: Judgement) -> tuple[Outcome, dict[str, Presence]]:
    return judgement.outcome, dict(judgement.presence)


def test_the_state_before_an_operation_is_lost_and_the_one_after_it_whole() -> None:
    for kind in ("create_server", "add_agent"):
        one = play(kind, 0).first
        assert judged(one, one.before).outcome is Outcome.LOST
        assert judged(one, one.after).outcome is Outcome.WHOLE
    for kind in ("join", "join_agent", "leave", "leave_agent", "send", "reply", "edit", "delete"):
        for early in (False, True):
            one = play(kind, 2, early=early).first
            assert judged(one, one.before).outcome is Outcome.LOST
            assert judged(one, one.after).outcome is Outcome.WHOLE


def test_a_message_on_the_central_side_alone_is_partial_and_says_so() -> None:
    one = play("send", 2).first
    judgement = judged(one, central_only(one))
    assert told(judgement) == (
        Outcome.PARTIAL,
        {"central": Presence.THERE, "agent 1 of 2": Presence.MISSING, "agent 2 of 2": Presence.MISSING},
    )
    assert judgement.parts == ("central",)


def test_a_copy_with_another_text_is_there_in_part() -> None:
    one = play("send", 1).first
    (copy,) = (row for row in one.after.a_message if row.message == one.message)
    others = tuple(row for row in one.after.a_message if row != copy)
    judgement = judged(one, replace(one.after, a_message=ordered((*others, copy._replace(text="cut")))))
    assert judgement.outcome is Outcome.PARTIAL
    assert judgement.parts == ("central", "agent 1 of 1 in part")


def test_agents_that_an_operation_does_not_concern_are_not_counted() -> None:
    # The scene has an agent more than the channel.
    one = play("send", 1).first
    assert len(one.agents) == 2
    assert list(judged(one, one.after).presence) == ["central", "agent 1 of 1"]


def test_rows_that_appear_early_do_not_make_a_lost_operation_partial() -> None:
    one = play("join_agent", 1).first
    most = one.allowed_before.bounds
    assert most.a_server != one.before.a_server
    early = replace(one.before, a_server=most.a_server)
    assert judged(one, early).outcome is Outcome.LOST


def test_a_member_whom_one_of_two_agents_does_not_know_is_half_a_join_where_the_design_tells_both() -> None:
    one = play("join", 2, early=True).first
    told_agents = [row for row in one.after.a_member if row not in one.before.a_member]
    assert len(told_agents) == 2
    half = replace(one.after, a_member=tuple(row for row in one.after.a_member if row != told_agents[0]))
    assert judged(one, half).outcome is Outcome.PARTIAL
    assert len([part for part in judged(one, half).parts if part.startswith("agent")]) == 1


def test_the_same_rows_are_a_whole_join_where_the_design_tells_no_agent() -> None:
    one = play("join", 2).first
    assert judged(one, one.after).outcome is Outcome.WHOLE
    assert list(judged(one, one.after).presence) == ["central"]


def test_rows_that_a_design_may_not_have_make_a_departure_partial() -> None:
    one = play("leave", 1).first
    gone = [row for row in one.before.a_member if row not in one.after.a_member]
    assert gone
    stale = replace(one.after, a_member=ordered((*one.after.a_member, *gone)))
    assert told(judged(one, stale)) == (
        Outcome.PARTIAL,
        {"central": Presence.THERE, "agent 1 of 1": Presence.MISSING},
    )


def test_a_message_twice_on_one_side_is_a_duplicate_even_with_one_id() -> None:
    one = play("send", 1).first
    (row,) = (row for row in one.after.c_message if row.message == one.message)
    twice = replace(one.after, c_message=ordered((*one.after.c_message, row)))
    judgement = judged(one, twice)
    assert judgement.outcome is Outcome.DUPLICATED
    assert judgement.parts == ("central more than once", "agent 1 of 1")


def test_an_agent_with_two_copies_has_a_duplicate() -> None:
    one = play("reply", 1).first
    (copy,) = (row for row in one.after.a_message if row.message == one.message)
    twice = replace(one.after, a_message=ordered((*one.after.a_message, copy)))
    assert judged(one, twice).outcome is Outcome.DUPLICATED


def test_a_fresh_message_alone_is_whole_and_no_message_of_either_id_is_lost() -> None:
    first, fresh = play("send", 2)
    assert first.message != fresh.message
    assert judged_fresh(first, fresh, fresh.after).outcome is Outcome.WHOLE
    assert judged_fresh(first, fresh, first.before).outcome is Outcome.LOST


def test_the_first_message_whole_is_whole_when_the_fresh_one_left_nothing() -> None:
    first, fresh = play("send", 2)
    assert judged_fresh(first, fresh, first.after).outcome is Outcome.WHOLE


def test_a_whole_fresh_message_beside_remains_of_the_first_is_a_duplicate() -> None:
    first, fresh = play("send", 2)
    judgement = judged_fresh(first, fresh, both(fresh.after, central_only(first)))
    assert told(judgement) == (
        Outcome.DUPLICATED,
        {"central": Presence.REPEATED, "agent 1 of 2": Presence.THERE, "agent 2 of 2": Presence.THERE},
    )


def test_remains_of_both_messages_on_different_sides_are_partial() -> None:
    first, fresh = play("send", 1)
    copies: list[AgentMessageRow] = [row for row in fresh.after.a_message if row.message == fresh.message]
    split = replace(central_only(first), a_message=ordered((*first.before.a_message, *copies)))
    assert judged_fresh(first, fresh, split).outcome is Outcome.PARTIAL


def test_remains_of_both_messages_on_one_side_are_a_duplicate() -> None:
    first, fresh = play("send", 1)
    assert judged_fresh(first, fresh, both(central_only(first), central_only(fresh))).outcome is Outcome.DUPLICATED


def test_remains_of_one_message_alone_stay_partial() -> None:
    first, fresh = play("send", 1)
    assert judged_fresh(first, fresh, central_only(fresh)).outcome is Outcome.PARTIAL
    assert judged_fresh(first, fresh, central_only(first)).outcome is Outcome.PARTIAL


def test_a_copy_that_does_not_tell_its_message_belongs_to_the_attempt_that_is_central() -> None:
    first, fresh = unlinked_reply()
    (copy,) = (row for row in first.after.a_message if row not in first.before.a_message)
    assert copy.message is None
    assert judged_fresh(first, fresh, fresh.after).outcome is Outcome.WHOLE
    assert judged_fresh(first, fresh, first.after).outcome is Outcome.WHOLE
    assert judged_fresh(first, fresh, first.before).outcome is Outcome.LOST
    assert judged_fresh(first, fresh, replace(first.before, a_message=first.after.a_message)).outcome is Outcome.PARTIAL


def test_two_copies_that_do_not_tell_their_message_are_a_duplicate() -> None:
    first, fresh = unlinked_reply()
    (copy,) = (row for row in first.after.a_message if row not in first.before.a_message)
    twice = replace(fresh.after, a_message=ordered((*fresh.after.a_message, copy)))
    assert judged_fresh(first, fresh, twice).outcome is Outcome.DUPLICATED
    assert judged(fresh, twice).outcome is Outcome.DUPLICATED
    assert judged(fresh, fresh.after).outcome is Outcome.WHOLE


def test_a_rehearsal_s_own_rows_are_expected_with_the_ids_of_the_scene_at_hand() -> None:
    one = play("join_agent", 2, early=True).first
    made = scene("join_agent", 2, WARM, "made")
    members = {row for row in one.after.a_member if row.agent == one.agents[2]}
    assert members == {AgentMemberRow(one.agents[2], made.channel_id, member) for member in (*one.agents, "user-a-made")}

"""Each kind of shortfall changes exactly what it says; a design that declares it without having it turns the proof red."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from bench.proof.compare import prove
from bench.proof.masks import Kind, expected_of, masked_answer, shortfall_counts, shortfalls_of
from bench.proof.observation import Observation
from tests.bench.proof.declaring import Declaring
from variants.contract import DefectKind, GapKind
from variants.shortfalls import TOUCHES
from workloads.answers import IsParticipantRow, PageRow, RecallRow
from workloads.ids import central_message_id, named_id
from workloads.model import Model
from workloads.operations import (
    AddAgent,
    ChannelKind,
    CreateChannel,
    CreateServer,
    Delete,
    Edit,
    IsParticipant,
    Join,
    LatestPage,
    Leave,
    ListChannels,
    ListParticipants,
    Member,
    PageBack,
    RecallContext,
    Reply,
    Role,
    Send,
    Write,
)
from workloads.projection import Projection, Row, relations

KINDS: tuple[Kind, ...] = (*GapKind, *DefectKind)
HOME, EMPTY = named_id("home"), named_id("empty")
ANN = named_id("ann")
USER = Member("uma", Role.USER)
ASKED, ANSWER, EDITED, DELETED, THANKS, ALONE = (central_message_id(key) for key in ("m1", "m2", "m3", "m4", "m5", "m6"))


def world() -> Model:
    """A channel with an agent, in which things are said, answered, edited and deleted, and one where a user is alone.

    The agent is added twice, and the user enters twice.
    """
    writes: list[Write] = [
        CreateServer("1", 1, HOME, "home", "discord", "guild", {"region": "eu"}),
        CreateServer("2", 2, EMPTY, "empty", "discord", "guild-2", {"region": "us"}),
        CreateChannel("3", 3, "talk", HOME, "talk", ChannelKind.PUBLIC, "discord", "text", "all", {"pos": 1}),
        CreateChannel("4", 4, "alone", EMPTY, "alone", ChannelKind.PUBLIC, "discord", "text", "none", {"pos": 2}),
        AddAgent("5", 5, HOME, ANN, "ann"),
        Join("6", 6, "talk", Member(ANN, Role.AGENT)),
        Join("7", 7, "talk", USER),
        Join("8", 8, "alone", USER),
        AddAgent("5 again", 9, HOME, ANN, "ann"),
        Join("7 again", 10, "talk", USER),
        Send("m1", 11, "talk", USER.id, "hello", "discord", None, {"n": 1}),
        Reply("m2", 12, "talk", ANN, "hi", "agent", "m1"),
        Send("m3", 13, "talk", USER.id, "first", "discord", None, {}),
        Edit("9", 14, "talk", "m3", "second", 1),
        Send("m4", 15, "talk", USER.id, "gone", "discord", None, {}),
        Delete("10", 16, "talk", "m4"),
        Send("m5", 17, "talk", USER.id, "thanks", "discord", "m2", {}),
        Send("m6", 18, "alone", USER.id, "echo", "discord", None, {"n": 6}),
    ]
    model = Model()
    for write in writes:
        model.apply(write, model.context(write))
    return model


BLANK_SERVER = {"source_type": None, "source_id": None, "metadata": None}
BLANK_CHANNEL = {**BLANK_SERVER, "kind": None, "topic": None}
UNNAMED_SERVER = {**BLANK_SERVER, "name": None, "created_at_ms": None}
CHANGES: Mapping[Kind, Mapping[str, Mapping[str, Any]]] = {
    GapKind.CHANNEL_ATTRIBUTES_BEFORE_JOIN: {"c_channel alone": BLANK_CHANNEL},
    GapKind.CHANNEL_ATTRIBUTES_BEFORE_MESSAGE: {"c_channel alone": {**BLANK_CHANNEL, "created_at_ms": None}},
    GapKind.CHANNEL_SERVER_BEFORE_JOIN: {"c_channel alone": {"server": None}},
    GapKind.SERVER_ATTRIBUTES_BEFORE_AGENT: {f"c_server {EMPTY}": BLANK_SERVER},
    GapKind.SERVER_ATTRIBUTES_BEFORE_MESSAGE: {f"c_server {EMPTY}": {**BLANK_SERVER, "created_at_ms": None}},
    GapKind.MEMBERS_WITHOUT_AGENT: {"c_member alone": {}},
    GapKind.MESSAGE_CONTENT_WITHOUT_AGENT: {f"c_message {ALONE}": {"text": None, "metadata": None, "source_type": None}},
    GapKind.ID_FORM: {},
    DefectKind.EDIT_LEAVES_COPIES: {f"a_message {EDITED}": {"text": "first", "rev": 0}},
    DefectKind.DELETE_LEAVES_COPIES: {f"a_message {DELETED}": {}},
    DefectKind.OWN_REPLY_UNLINKED: {f"a_message {ANSWER}": {"message": None}, f"a_message {THANKS}": {"in_reply_to": None}},
    DefectKind.COPIES_LOSE_REPLY_LINK: {
        f"a_message {ANSWER}": {"in_reply_to": None},
        f"a_message {THANKS}": {"in_reply_to": None},
    },
    DefectKind.AGENT_MEMBERS_NOT_WRITTEN: {"a_member talk": {}},
    DefectKind.AGENT_ATTRIBUTES_NOT_COPIED: {
        f"a_server {HOME}": UNNAMED_SERVER,
        "a_channel talk": {**UNNAMED_SERVER, "topic": None},
    },
    DefectKind.MEMBERSHIPS_REPEATED: {f"c_agent {HOME}": {}, "c_member talk": {}},
}
"""Which rows each kind changes in this world, and what of them; no columns: rows that are absent, surplus or repeated."""

COUNTS: Mapping[Kind, int] = {
    **{kind: len(rows) for kind, rows in CHANGES.items()},
    GapKind.ID_FORM: 3,
    DefectKind.AGENT_MEMBERS_NOT_WRITTEN: 2,
}


def by_thing(projection: Projection) -> dict[str, list[Row]]:
    """Rows by relation and what they are about: the agent's id left out, since there is one agent."""
    found: dict[str, list[Row]] = {}
    for name, rows in relations(projection).items():
        for row in rows:
            found.setdefault(f"{name} {row[1] if name.startswith('a_') else row[0]}", []).append(row)
    return found


def test_every_kind_has_a_known_answer_here_and_says_which_operations_it_touches() -> None:
    assert set(CHANGES) == set(KINDS) == set(TOUCHES)


@pytest.mark.parametrize("kind", KINDS)
def test_a_shortfall_changes_its_own_cells_and_nothing_else(kind: Kind) -> None:
    model = world()
    before, after = by_thing(model.projection()), by_thing(expected_of(model, frozenset({kind})).projection)
    for thing, columns in CHANGES[kind].items():
        if columns:
            (row,) = before.pop(thing)
            expected = row._replace(**columns)
            place = f"a_message {None}" if columns.get("message", 0) is None else thing
            assert after.pop(place) == [expected]
        else:
            assert before.pop(thing, []) != after.pop(thing, [])
    assert before == after


@pytest.mark.parametrize("kind", KINDS)
def test_rows_that_a_shortfall_changes_are_counted(kind: Kind) -> None:
    assert shortfall_counts(world(), frozenset({kind})) == {kind: COUNTS[kind]}


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind is not GapKind.ID_FORM])
def test_a_shortfall_that_is_had_and_declared_is_green_and_either_alone_is_red(kind: Kind) -> None:
    model, declaring = world(), Declaring([kind])
    has, has_not = (Observation(expected_of(model, kinds).projection, (), None) for kinds in (frozenset({kind}), frozenset[Kind]()))
    assert prove("both", declaring, model, has).holds
    assert not prove("declared, not had", declaring, model, has_not).holds
    assert not prove("had, not declared", Declaring(), model, has).holds


def test_what_an_agent_must_not_know_is_no_longer_allowed_either() -> None:
    model = world()
    kinds = frozenset({DefectKind.AGENT_MEMBERS_NOT_WRITTEN, DefectKind.AGENT_ATTRIBUTES_NOT_COPIED})
    expected, whole, bounds = expected_of(model, kinds), model.projection(), model.bounds()
    for name in ("a_server", "a_channel", "a_member"):
        told = replace(expected.projection, **{name: getattr(whole, name) or getattr(bounds, name)})
        assert not prove("tells", Declaring(kinds), model, Observation(told, (), None)).holds


def test_gaps_and_defects_are_counted_apart() -> None:
    model = world()
    kinds: frozenset[Kind] = frozenset({GapKind.ID_FORM, DefectKind.EDIT_LEAVES_COPIES})
    proof = prove("both", Declaring(kinds), model, Observation(expected_of(model, kinds).projection, (), None))
    assert (proof.gaps, proof.defects) == ({"id_form": 3}, {"edit_leaves_copies": 1})
    assert shortfalls_of(Declaring(kinds)) == kinds


def test_defects_together_keep_a_deleted_message_with_its_first_text_and_the_links_to_it() -> None:
    model = world()
    for write in (Edit("11", 20, "talk", "m2", "edited", 1), Delete("12", 21, "talk", "m2")):
        model.apply(write, model.context(write))
    both = frozenset({DefectKind.EDIT_LEAVES_COPIES, DefectKind.DELETE_LEAVES_COPIES})
    copies = {row.message: row for row in expected_of(model, both).projection.a_message}
    assert (copies[ANSWER].text, copies[ANSWER].rev, copies[THANKS].in_reply_to) == ("hi", 0, ANSWER)
    edited = {row.message: row for row in expected_of(model, both - {DefectKind.EDIT_LEAVES_COPIES}).projection.a_message}
    assert (edited[ANSWER].text, edited[ANSWER].rev) == ("edited", 1)
    assert ANSWER not in {row.message for row in expected_of(model, frozenset()).projection.a_message}


def test_recall_is_masked_as_the_copies_are() -> None:
    model, asked = world(), RecallContext(ANN, "talk", 3)

    def recalled(*kinds: Kind) -> list[tuple[str | None, str | None]]:
        rows = masked_answer(asked, frozenset(kinds), model)
        return [(row.message, row.text) for row in rows if isinstance(row, RecallRow)]

    thanks = (THANKS, "thanks")
    assert recalled() == [thanks, (EDITED, "second"), (ANSWER, "hi")]
    assert recalled(DefectKind.EDIT_LEAVES_COPIES) == [thanks, (EDITED, "first"), (ANSWER, "hi")]
    assert recalled(DefectKind.DELETE_LEAVES_COPIES) == [thanks, (DELETED, "gone"), (EDITED, "second")]
    assert recalled(DefectKind.OWN_REPLY_UNLINKED) == [thanks, (EDITED, "second"), (None, "hi")]


def test_pages_of_messages_that_no_agent_holds_have_no_text() -> None:
    model, kinds = world(), frozenset[Kind]({GapKind.MESSAGE_CONTENT_WITHOUT_AGENT})
    row = PageRow(ALONE, USER.id, None, None, 18)
    assert list(masked_answer(LatestPage("alone"), kinds, model)) == [row]
    assert list(masked_answer(PageBack("alone", 19), kinds, model)) == [row]
    assert list(masked_answer(LatestPage("alone"), frozenset(), model)) == [row._replace(text="echo")]
    assert list(masked_answer(LatestPage("talk"), kinds, model)) == list(model.answer(LatestPage("talk")))


def test_lists_are_masked_where_a_gap_says_so() -> None:
    model, members = world(), ListParticipants("alone")
    without = frozenset({GapKind.MEMBERS_WITHOUT_AGENT})
    assert len(model.answer(members)) == 1
    assert masked_answer(members, without, model) == ()
    assert masked_answer(IsParticipant("alone", USER.id), without, model) == (IsParticipantRow(False),)
    server_unknown = frozenset({GapKind.CHANNEL_SERVER_BEFORE_JOIN})
    assert masked_answer(ListChannels(EMPTY), server_unknown, model) == ()
    assert masked_answer(ListChannels(EMPTY), frozenset(), model) == model.answer(ListChannels(EMPTY))
    twice = [str(row[0]) for row in masked_answer(ListParticipants("talk"), frozenset({DefectKind.MEMBERSHIPS_REPEATED}), model)]
    assert sorted(twice) == sorted([ANN, USER.id, USER.id])


def test_who_left_and_came_back_is_there_once() -> None:
    model, kinds = world(), frozenset[Kind]({DefectKind.MEMBERSHIPS_REPEATED})
    for write in (Leave("13", 20, "talk", USER), Join("14", 21, "talk", USER)):
        model.apply(write, model.context(write))
    assert expected_of(model, kinds).projection.c_member == model.projection().c_member

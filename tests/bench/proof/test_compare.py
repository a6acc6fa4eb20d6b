"""The comparison sees every kind of lie; each test plants one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

from bench.proof.compare import facts_differ, mapping_differs, order_differs, prove
from bench.proof.masks import expected_of
from bench.proof.observation import Mapped, Observation, Sequenced
from bench.scenes import scene
from tests.bench.proof.declaring import Declaring
from variants.schema.identity import central_uuid, memory_id, unique_uuid
from workloads.model import Model
from workloads.projection import Projection, Row, ordered


def _world(k: int = 2) -> Model:
    model = Model()
    told = scene("reply", k, "warm", "proof")
    for operation in (*told.setup, *told.target):
        model.apply(operation, model.context(operation))
    return model


def _with(projection: Projection, relation: str, rows: tuple[Row, ...]) -> Projection:
    return replace(projection, **cast(Any, {relation: ordered(rows)}))


def _lines(model: Model, observed: Projection) -> list[str]:
    return [str(difference) for difference in facts_differ(expected_of(model, frozenset()), observed)]


def test_the_model_agrees_with_itself_at_both_bounds() -> None:
    model = _world()
    lower = model.projection()
    bounds = model.bounds()
    upper = replace(lower, a_server=bounds.a_server, a_channel=bounds.a_channel, a_member=bounds.a_member)
    assert _lines(model, lower) == _lines(model, upper) == []


def test_each_altered_missing_extra_or_repeated_row_of_each_relation_is_named() -> None:
    model = _world()
    expected = model.projection()
    for name in ("c_server", "c_channel", "c_agent", "c_member", "c_message", "a_server", "a_channel", "a_member", "a_message"):
        rows: tuple[Row, ...] = getattr(expected, name)
        assert rows, name
        altered = rows[0]._replace(**cast(Any, {rows[0]._fields[-1]: None}))
        for observed in (rows[1:], (altered, *rows[1:]), (*rows, altered)):
            lines = _lines(model, _with(expected, name, observed))
            assert lines, name
            assert all(line.startswith(f"{name}: ") for line in lines)
        if name not in {"a_server", "a_channel", "a_member"}:
            assert _lines(model, _with(expected, name, (*rows, rows[0])))


def test_an_agent_that_knows_a_member_who_is_not_there_is_named() -> None:
    model = _world()
    expected = model.projection()
    stranger = expected.a_member[0]._replace(member="stranger")
    assert _lines(model, replace(expected, a_member=ordered((*expected.a_member, stranger)))) == [
        f"a_member: agent={stranger.agent!r}, channel={stranger.channel!r}, member='stranger': not expected"
    ]


def test_an_altered_row_is_one_difference_that_names_the_column_and_both_values() -> None:
    model = _world()
    expected = model.projection()
    first = expected.c_message[0]
    other = replace(expected, c_message=ordered((first._replace(text="changed"), *expected.c_message[1:])))
    assert _lines(model, other) == [f"c_message: message={first.message!r}: text is 'changed', not {first.text!r}"]


def test_a_long_value_is_cut_where_it_is_told() -> None:
    model = _world()
    expected = model.projection()
    first = expected.c_message[0]._replace(text="x" * 5_000)
    (line,) = _lines(model, replace(expected, c_message=ordered((first, *expected.c_message[1:]))))
    assert len(line) < 500
    assert "(5002 characters)" in line


def test_a_sequence_number_that_is_not_the_rank_by_time_is_named() -> None:
    order = [Sequenced("a", "c", f"m{n}", 100 + n, seq) for n, seq in enumerate([1, 3, 2])]
    assert len(order_differs(order)) == 2
    assert order_differs([Sequenced(None, "c", f"m{n}", 100 + n, n + 1) for n in range(3)]) == []


def _links(facts: Projection) -> list[Mapped]:
    """The links of a store in which every agent has what these facts say."""
    copies = facts.a_message
    members = {(row.agent, row.member) for row in facts.a_member} | {(row.agent, row.author) for row in copies}
    return [
        *(Mapped(row.agent, "message", row.message, memory_id(row.agent, str(row.message))) for row in copies),
        *(Mapped(row.agent, "server", row.server, unique_uuid(row.agent, row.server)) for row in facts.a_server),
        *(Mapped(row.agent, "channel", row.channel, unique_uuid(row.agent, row.channel)) for row in facts.a_channel),
        *(Mapped(agent, "member", member, unique_uuid(agent, member)) for agent, member in sorted(members)),
    ]


def test_a_wrong_a_repeated_a_missing_and_a_nameless_link_are_named() -> None:
    facts = _world().projection()
    good = _links(facts)
    assert mapping_differs(good, facts) == []
    assert "is linked 2 times" in mapping_differs([*good, good[0]], facts)[0]
    assert "is elsewhere, not " in mapping_differs([replace(good[0], local_id="elsewhere"), *good[1:]], facts)[0]
    assert f"None of agent {good[0].agent} is " in mapping_differs([replace(good[0], central_id=None), *good[1:]], facts)[0]


def test_what_an_agent_has_without_a_link_is_named_for_every_kind() -> None:
    facts = _world().projection()
    good = _links(facts)
    for kind in ("message", "server", "channel", "member"):
        lost = next(link for link in good if link.kind == kind)
        rest = [link for link in good if link is not lost]
        assert mapping_differs(rest, facts) == [f"id_map: {kind} {lost.central_id!r} of agent {lost.agent} has no link"]


def test_a_link_of_what_an_agent_has_not_is_named_unless_it_is_of_somebody() -> None:
    facts = _world().projection()
    good = _links(facts)
    for relation, kind in (("a_message", "message"), ("a_server", "server"), ("a_channel", "channel")):
        rows: tuple[Row, ...] = getattr(facts, relation)
        (line,) = mapping_differs(good, _with(facts, relation, rows[1:]))
        assert line.startswith(f"id_map: {kind} ")
        assert "is linked, but agent" in line
    stranger = Mapped(good[0].agent, "member", "stranger", unique_uuid(str(good[0].agent), "stranger"))
    assert mapping_differs([*good, stranger], facts) == []


def test_a_link_of_the_central_side_is_by_the_central_formula_and_of_no_agent() -> None:
    facts = _world().projection()
    central = Mapped(None, "channel", "channel-proof", central_uuid("channel-proof"))
    assert mapping_differs([*_links(facts), central], facts) == []
    (line,) = mapping_differs([*_links(facts), replace(central, local_id="elsewhere")], facts)
    assert line.startswith("id_map: channel 'channel-proof' of the central side is elsewhere")


def test_equal_work_has_equal_digests_and_other_work_has_not() -> None:
    model = _world()
    lower, bounds = model.projection(), model.bounds()
    upper = replace(lower, a_server=bounds.a_server, a_channel=bounds.a_channel, a_member=bounds.a_member)
    same = prove("early", Declaring(), model, Observation(upper, (), None))
    assert same.holds
    assert same.expected_digest == same.observed_digest
    other = prove("lossy", Declaring(), model, Observation(replace(lower, c_message=lower.c_message[1:]), (), None))
    assert not other.holds
    assert other.expected_digest != other.observed_digest


def test_a_copy_that_does_not_tell_its_message_needs_no_link() -> None:
    facts = _world().projection()
    links = [link for link in _links(facts) if link.kind != "message"]
    unlinked = _with(facts, "a_message", tuple(row._replace(message=None) for row in facts.a_message))
    assert mapping_differs(links, unlinked) == []
    assert len(mapping_differs(links, facts)) == len(facts.a_message)

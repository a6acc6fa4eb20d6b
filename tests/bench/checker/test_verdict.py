"""Verdicts: what was seen comes first, then what the contract shows, then how often nothing was seen."""

from __future__ import annotations

import pytest

from bench.checker.catalogue import HARM, INVARIANTS, harm
from bench.checker.grounds import CONSTRAINT, CONSTRUCTION, grounds
from bench.checker.rows import Session
from bench.checker.verdict import HELD, NOT_CHECKED, VACUOUS, VIOLATED, verdicts
from bench.faults.cells import cell_named
from bench.registry import build, load
from bench.results.faults_schema import SweepRecord, SweepRow, VerdictRecord
from variants.contract import Design, Options

PER_SIDE, FRESH = cell_named("per_side"), cell_named("per_side_fresh")


def design(name: str) -> Design:
    return build(load([name]), Options())[name]


def row(
    schedule: str,
    *violations: str,
    kind: str = "send",
    k: int = 1,
    told: str = "info",
    lane: str = "proxy",
    happened: bool = True,
    faults: int = 1,
) -> SweepRow:
    return SweepRow(
        design="dual",
        cell="per_side",
        kind=kind,
        k=k,
        schedule=schedule,
        lane=lane,
        faults=faults,
        attempt=1,
        message=len(schedule),
        flight=1,
        side="reply-lost",
        second=None,
        happened=happened,
        told=told,
        truth="committed",
        left="whole",
        violations=sorted({one.partition(" ")[0] for one in violations}),
        broken=list(violations),
    )


def swept(links_looked_at: int, kind: str = "send") -> SweepRecord:
    return SweepRecord(design="dual", cell="per_side", kind=kind, k=1, lane="proxy", faults=1, links_looked_at=links_looked_at)


def by_name(found: list[VerdictRecord]) -> dict[str, VerdictRecord]:
    return {record.invariant: record for record in found}


def test_every_invariant_gets_a_verdict_even_without_any_exposure() -> None:
    found = verdicts(design("dual"), PER_SIDE, [])
    assert [record.invariant for record in found] == [f"I{number}" for number in range(1, 23)]
    assert {record.verdict for record in found} == {VACUOUS, NOT_CHECKED, CONSTRAINT}
    assert by_name(found)["I1"].why == "no exposure of send that was told ok"
    assert "not built" in by_name(found)["I21"].why


def test_a_violation_is_told_with_the_shortest_schedule_that_shows_it() -> None:
    rows = [row("longer/2", "I4", faults=2), row("schedule", "I4"), row("other"), row("void", "I4", happened=False)]
    found = by_name(verdicts(design("dual"), PER_SIDE, rows))["I4"]
    assert (found.verdict, found.exposures, found.violated, found.schedule) == (VIOLATED, 3, 2, "schedule")
    assert found.why == "told info in 2"


def test_a_violation_is_told_with_its_directions_its_reach_and_its_silence() -> None:
    rows = [row("one", "I4 central-only", "I4 central-only"), row("two", "I4 agent-only", "I1 lost")]
    rows[0] = rows[0].model_copy(update={"hit_messages": 1, "hit_agents": 2})
    rows[1] = rows[1].model_copy(update={"told": "ok", "hit_messages": 2})
    found = by_name(verdicts(design("dual"), PER_SIDE, rows))
    assert (found["I4"].directions, found["I4"].keys, found["I4"].keys_at_most) == ({"agent-only": 1, "central-only": 2}, 3, 2)
    assert (found["I4"].silent, found["I1"].silent) == (1, 1)
    assert (found["I4"].hit_at_most, found["I1"].hit_at_most) == ({"messages": 2, "agents": 2}, {"messages": 2})


def test_a_schedule_that_ran_in_two_lanes_counts_once() -> None:
    rows = [row("one"), row("one", "I4", lane="fast"), row("two"), row("two", lane="fast")]
    found = by_name(verdicts(design("dual"), PER_SIDE, rows))
    assert (found["I4"].exposures, found["I4"].violated) == (2, 1)
    assert (found["I2"].verdict, found["I2"].why) == (HELD, "0 of 2")


def test_what_no_kind_of_operation_could_break_is_vacuous() -> None:
    found = by_name(verdicts(design("dual"), PER_SIDE, [row("one", kind="edit", told="ok")]))
    assert found["I15"].verdict == HELD
    assert (found["I19"].verdict, found["I19"].why) == (VACUOUS, "no exposure of reply")


@pytest.mark.parametrize("name", ["I1", "I7"])
def test_what_speaks_of_acknowledged_messages_is_vacuous_where_none_was_acknowledged(name: str) -> None:
    unheard, heard = [row("one"), row("two", told="fail")], [row("one"), row("two", told="ok")]
    assert by_name(verdicts(design("dual"), PER_SIDE, unheard))[name].verdict == VACUOUS
    found = by_name(verdicts(design("dual"), PER_SIDE, heard))[name]
    assert (found.verdict, found.exposures, found.why) == (HELD, 1, "0 of 1")


def test_an_edit_of_unknown_end_cannot_fail_to_arrive() -> None:
    found = by_name(verdicts(design("dual"), PER_SIDE, [row("one", kind="edit"), row("two", kind="delete", told="fail")]))["I15"]
    assert (found.verdict, found.why) == (VACUOUS, "no exposure of delete or edit that was told ok")


@pytest.mark.parametrize("name", ["I4", "I5", "I6", "I12"])
def test_what_speaks_of_agents_is_vacuous_where_there_is_none(name: str) -> None:
    found = by_name(verdicts(design("dual"), PER_SIDE, [row("one", k=0)]))[name]
    assert (found.verdict, found.exposures) == (VACUOUS, 0)
    assert found.why.endswith(" with an agent")
    assert by_name(verdicts(design("dual"), PER_SIDE, [row("one", k=2)]))[name].verdict == HELD


def test_a_violation_speaks_louder_than_any_reason() -> None:
    found = by_name(verdicts(design("floor"), PER_SIDE, [row("one", "I4")]))
    assert found["I4"].verdict == VIOLATED
    assert found["I5"].verdict == CONSTRUCTION


def test_one_row_for_a_message_agrees_by_construction() -> None:
    found = grounds(design("floor"))
    assert {name for name, ground in found.items() if ground.kind == CONSTRUCTION} == {"I4", "I5", "I6", "I15", "I16"}
    assert "messages" in found["I4"].why
    assert not any(ground.kind == CONSTRUCTION for ground in grounds(design("dual")).values())


@pytest.mark.parametrize(
    ("name", "once", "central"),
    [
        ("dual", {"root_messages_pkey", "memories_pkey"}, {"channels_pkey", "message_servers_pkey"}),
        ("option_a", {"root_messages_pkey", "memories_pkey"}, {"rooms_pkey", "worlds_pkey"}),
        ("floor", {"messages_pkey"}, {"channels_pkey", "servers_pkey"}),
    ],
)
def test_a_key_that_an_attempt_meets_again_is_the_constraint(name: str, once: set[str], central: set[str]) -> None:
    found = grounds(design(name))
    assert found["I3"].kind == found["I18"].kind == CONSTRAINT
    assert once <= set(found["I3"].why.split(", "))
    assert central <= set(found["I18"].why.split(", "))


def test_a_key_is_no_help_where_each_attempt_has_an_id_of_its_own() -> None:
    assert "I3" not in grounds(design("dual"), same_ids=False)
    assert by_name(verdicts(design("dual"), FRESH, [row("one")]))["I3"].verdict == HELD


def test_an_id_that_depends_on_the_attempt_is_not_guarded_by_a_key() -> None:
    assert "I3" not in grounds(design("dual_deployed"))


def test_sessions_left_open_break_liveness_and_nobody_looking_is_no_verdict() -> None:
    rows = [row("one"), row("two")]
    assert by_name(verdicts(design("dual"), PER_SIDE, rows))["I20"].verdict == NOT_CHECKED
    clean = by_name(verdicts(design("dual"), PER_SIDE, rows, []))["I20"]
    assert (clean.verdict, clean.exposures, clean.why) == (HELD, 2, "0 of 2")
    stuck = by_name(verdicts(design("dual"), PER_SIDE, rows, [Session("prepared", "x")]))["I20"]
    assert (stuck.verdict, stuck.keys, stuck.why) == (VIOLATED, 1, "1 prepared")


def test_without_a_second_id_space_there_is_nothing_to_map() -> None:
    assert by_name(verdicts(design("floor"), PER_SIDE, [row("one")]))["I11"].verdict == VACUOUS
    assert by_name(verdicts(design("dual"), PER_SIDE, [row("one")]))["I11"].verdict == NOT_CHECKED


def test_the_id_mapping_holds_over_the_exposures_of_which_it_was_looked_at() -> None:
    looked = [swept(7), swept(4, "edit"), swept(2, "create_server")]
    found = by_name(verdicts(design("dual"), PER_SIDE, [row("one"), row("two")], None, looked))["I11"]
    assert (found.verdict, found.exposures, found.why) == (HELD, 11, "0 of 11")
    broken = by_name(verdicts(design("dual"), PER_SIDE, [row("one", "I11 missing"), row("two")], None, looked))["I11"]
    assert (broken.verdict, broken.exposures, broken.violated, broken.schedule) == (VIOLATED, 11, 1, "one")


def test_harm_has_an_order_and_leaks_come_first() -> None:
    assert [direction for direction, _ in HARM][:3] == ["leaked", "lost", "duplicate"]
    assert harm("leaked") < harm("central-only") < harm("failed") < harm("never heard of")


def test_the_catalogue_has_all_22_each_with_a_formal_line() -> None:
    assert [invariant.number for invariant in INVARIANTS.values()] == list(range(1, 23))
    assert all(invariant.formal and invariant.key and invariant.broken_by for invariant in INVARIANTS.values())

"""A design that did less work for a kind of operation is compared with no other design by it."""

from __future__ import annotations

from bench.contrasts import ANATOMY, LATENCY, left_out, reasons, told
from bench.results.schema import LeftOut, ProofRecord


def proof(trial: str, design: str, *, gaps: dict[str, int] | None = None, defects: dict[str, int] | None = None) -> ProofRecord:
    return ProofRecord(
        trial=trial,
        design=design,
        holds=True,
        expected_digest="",
        observed_digest="",
        differences=[],
        difference_count=0,
        gaps=gaps or {},
        defects=defects or {},
    )


def test_a_shortfall_that_touched_rows_leaves_its_design_out_of_the_kinds_it_touches() -> None:
    found = left_out(
        [
            proof("latency-000", "hybrid", gaps={"channel_server_before_join": 2}),
            proof("latency-001", "hybrid", gaps={"channel_server_before_join": 1}),
            proof("anatomy", "dual_deployed", defects={"delete_leaves_copies": 7}),
        ]
    )
    assert found == [
        LeftOut(part=LATENCY, design="hybrid", kind="create_channel", shortfall="channel_server_before_join", rows=3),
        LeftOut(part=LATENCY, design="hybrid", kind="list_channels", shortfall="channel_server_before_join", rows=3),
        LeftOut(part=ANATOMY, design="dual_deployed", kind="delete", shortfall="delete_leaves_copies", rows=7),
        LeftOut(part=ANATOMY, design="dual_deployed", kind="recall_context", shortfall="delete_leaves_copies", rows=7),
    ]


def test_one_that_touched_nothing_or_no_kind_leaves_nobody_out() -> None:
    assert left_out([proof("latency-000", "hybrid", gaps={"members_without_agent": 0})]) == []
    assert left_out([proof("latency-000", "option_a", gaps={"id_form": 12})]) == []
    assert left_out([proof("latency-000", "odd", gaps={"unheard_of": 1})]) == []


def test_a_variant_is_not_counted_beside_its_design() -> None:
    gaps = {"members_without_agent": 1}
    proofs = [proof("latency-000", name, gaps=gaps) for name in ("hybrid", "hybrid[joined]")]
    assert {(row.design, row.rows) for row in left_out(proofs)} == {("hybrid", 1)}


def test_what_a_variant_has_beside_its_design_keeps_the_two_apart() -> None:
    both, more = {"edit_leaves_copies": 2}, {"edit_leaves_copies": 2, "memberships_repeated": 3}
    variant = "dual_deployed[indexes=deployed]"
    found = left_out([proof("latency-000", "dual_deployed", defects=both), proof("latency-000", variant, defects=more)])
    assert {(row.design, row.shortfall) for row in found} == {
        ("dual_deployed", "edit_leaves_copies"),
        (variant, "memberships_repeated"),
    }
    assert reasons(found, LATENCY, "join", variant, "dual_deployed")
    assert reasons(found, LATENCY, "join", variant, "dual")
    assert not reasons(found, LATENCY, "join", "dual_deployed", "dual")
    assert not reasons(found, LATENCY, "edit", variant, "dual_deployed")
    assert reasons(found, LATENCY, "edit", variant, "dual")


FOUND = [LeftOut(part=LATENCY, design="hybrid", kind="join", shortfall="members_without_agent", rows=1)]


def test_either_side_of_a_comparison_may_be_the_one_that_did_less() -> None:
    assert reasons(FOUND, LATENCY, "join", "hybrid", "dual") == FOUND
    assert reasons(FOUND, LATENCY, "join", "dual[joined]", "hybrid[joined]") == FOUND
    assert reasons(FOUND, LATENCY, "join", "dual", "floor") == []


def test_another_kind_and_another_part_of_the_run_are_not_concerned() -> None:
    assert reasons(FOUND, LATENCY, "send", "hybrid", "dual") == []
    assert reasons(FOUND, ANATOMY, "join", "hybrid", "dual") == []


def test_a_design_may_be_compared_with_itself() -> None:
    assert reasons(FOUND, LATENCY, "join", "hybrid[joined]", "hybrid") == []


def test_the_reason_names_design_kind_shortfall_and_rows() -> None:
    assert told(FOUND) == "hybrid is left out of join: members without agent, 1 row"
    (row,) = FOUND
    more = row.model_copy(update={"rows": 1200})
    assert told([more, more]) == "hybrid is left out of join: members without agent, 1,200 rows"

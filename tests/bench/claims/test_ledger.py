from __future__ import annotations

import pytest

from bench.claims.catalogue import claims
from bench.claims.ledger import judge
from bench.results.schema import ClaimRow, DesignRecord, LeftOut, Summary
from tests.bench.report import made_up
from tests.bench.report.made_up import cell, inserted, point, ratio, run, summary


def ledger(found: Summary | None = None) -> dict[str, ClaimRow]:
    return {row.id: row for row in judge(found or summary(), run())}


def test_every_claim_gets_a_row_with_one_of_the_five_verdicts() -> None:
    rows = judge(summary(), run())
    assert [row.id for row in rows] == [claim.id for claim in claims()]
    words = {"supported", "refuted", "not separated", "not measurable here", "not measured yet"}
    assert {row.verdict for row in rows} <= words
    assert all(row.evidence.endswith(".") for row in rows)


def test_twofold_is_refuted_because_a_message_costs_one_and_k() -> None:
    row = ledger()["twice-the-operations"]
    assert row.verdict == "refuted"
    assert row.evidence.startswith(
        "With k = 0, 1, 2 and 4 agents a warm message changes 1, 2, 3 and 5 rows in dual (that is 1 + k)"
    )
    assert row.evidence.endswith("Stored once (floor) it changes 1 each. It is twofold only at k = 1.")


def test_twofold_is_supported_when_every_k_changes_twice_the_rows() -> None:
    cells = [
        *(cell("dual", "send", k, inserted(root_messages=1, memories=1), apart=2) for k in (1, 2)),
        *(cell("floor", "send", k, inserted(messages=1)) for k in (1, 2)),
    ]
    assert ledger(summary(anatomy=cells))["twice-the-operations"].verdict == "supported"


def test_figures_come_from_the_data_and_not_from_the_text() -> None:
    cells = [cell("dual", "send", 3, inserted(root_messages=7, memories=4)), cell("floor", "send", 3, inserted(messages=1))]
    assert (
        "With k = 3 agents a warm message changes 11 rows in dual"
        in ledger(summary(anatomy=cells))["twice-the-operations"].evidence
    )


def test_lookups_are_what_translation_costs() -> None:
    row = ledger()["constant-translation"]
    assert row.verdict == "supported"
    assert "spends 3, 6 and 12 statements" in row.evidence
    assert "(60 %, 67 % and 71 % of its statements), 0 each in floor" in row.evidence


def test_the_hybrid_has_fewer_lookups_but_still_some() -> None:
    rows = ledger()
    assert rows["simpler-lookup"].verdict == "supported"
    assert "needs 1, 2 and 4 lookups in hybrid, 3, 6 and 12 in dual" in rows["simpler-lookup"].evidence
    assert rows["no-translation-layer"].verdict == "refuted"


def test_one_partial_point_supports_inconsistency() -> None:
    row = ledger()["one-side-fails"]
    assert row.verdict == "supported"
    assert "each of the 5 points of send (k = 1) leaves 2 partial in dual per side: send 2 of 5" in row.evidence
    assert "Joined into one transaction: 0 of 3 partial" in row.evidence


def test_no_partial_point_refutes_inconsistency() -> None:
    whole = [point("dual", "per_side", f"after-commit-{n}", "whole") for n in (1, 2)]
    row = ledger(summary(crash=whole))["one-side-fails"]
    assert row.verdict == "refuted"
    assert "leaves 0 partial in dual per side." in row.evidence


def test_the_note_miscounts_its_tables_by_the_memories() -> None:
    rows = ledger()
    assert rows["tables-before"].verdict == "refuted"
    assert rows["tables-before"].evidence == "dual has 11 tables, the note counts 10; not in the note's list: memories."
    assert rows["tables-after"].evidence == "hybrid has 9 tables, the note counts 8; not in the note's list: memories."
    assert rows["two-tables-fewer"].verdict == "supported"
    assert rows["two-tables-fewer"].evidence.endswith("new: central_channels and central_servers.")


def test_metadata_are_halved_at_one_agent_only() -> None:
    rows = ledger()
    assert rows["half-the-metadata"].verdict == "refuted"
    assert "in 1, 2 and 4 rows in hybrid, 2, 3 and 5 in dual: −50 %, −33 % and −20 %." in rows["half-the-metadata"].evidence
    assert rows["hybrid-less-redundancy"].verdict == "refuted"
    assert rows["metadata-in-both"].verdict == "supported"


def test_metadata_of_a_run_with_one_agent_are_halved_and_stand_once() -> None:
    cells = [found for found in made_up.anatomy() if found.k <= 1]
    rows = ledger(summary(anatomy=cells))
    assert rows["half-the-metadata"].verdict == "supported"
    assert rows["hybrid-less-redundancy"].verdict == "supported"


def test_copies_of_messages_remain_in_option_b() -> None:
    row = ledger()["option-b-redundancy"]
    assert row.verdict == "supported"
    assert row.evidence == (
        "With k = 1, 2 and 4 agents a warm message changes 2, 3 and 5 rows in option_b, 1 each in floor, 2, 3 and 5 in dual."
    )


def test_the_structure_of_option_a_and_the_tables_of_option_b() -> None:
    rows = ledger()
    assert rows["option-a-single-schema"].verdict == "supported"
    assert "Messages still have tables of their own on both sides" in rows["option-a-single-schema"].evidence
    assert rows["option-b-more-tables"].verdict == "supported"
    assert rows["option-b-more-tables"].evidence == "Tables: option_b 11, option_a 7, hybrid 9 and dual 11."
    assert rows["hybrid-lighter-central"].verdict == "supported"


def test_a_central_table_left_refutes_the_single_schema() -> None:
    tables = {"central": ["root_messages", "channels"], "agent": ["rooms", "memories"]}
    designs = {**run().designs, "option_a": DesignRecord(tables=tables, gaps=[], defects=[])}
    row = next(row for row in judge(summary(), run(designs=designs)) if row.id == "option-a-single-schema")
    assert row.verdict == "refuted"
    assert "pairs left: channels" in row.evidence


def test_code_is_mostly_unchanged_when_most_cells_take_the_same_statements() -> None:
    rows = ledger()
    assert rows["option-b-existing-code"].verdict == "supported"
    assert "Of 13 cells (kind of write, k, state) 13 take as many" in rows["option-b-existing-code"].evidence
    assert "the others are of send" in rows["option-a-existing-queries"].evidence


@pytest.mark.parametrize(
    ("value", "separated", "verdict"), [(0.9, True, "supported"), (1.1, True, "refuted"), (0.99, False, "not separated")]
)
def test_speed_is_judged_by_a_send_and_its_interval(value: float, separated: bool, verdict: str) -> None:
    rows = [ratio("option_b", value, separated=separated), ratio("option_b", 0.8, kind="latest_page")]
    row = ledger(summary(latency=rows))["option-b-central-speed"]
    assert row.verdict == verdict
    assert "n = 2400" in row.evidence
    assert "Of 1 other kind of operation, separated and faster: latest_page" in row.evidence


def test_a_red_proof_refutes_that_rows_can_be_told_apart() -> None:
    red = [
        proof.model_copy(update={"holds": False, "difference_count": 4}) if proof.design == "option_a" else proof
        for proof in made_up.proofs()
    ]
    rows = ledger(summary(proofs=red))
    assert rows["option-a-clear-distinction"].verdict == "refuted"
    assert "(8 differences)" in rows["option-a-clear-distinction"].evidence
    assert ledger()["option-a-clear-distinction"].verdict == "supported"


def test_ids_of_the_paired_workload_count_before_those_of_the_scenes() -> None:
    assert "12 ids of channels and members in a store of the paired workload" in ledger()["text-any-platform"].evidence
    scenes = [proof for proof in made_up.proofs() if proof.trial == "anatomy"]
    assert "scenes made for the test" in ledger(summary(proofs=scenes))["text-any-platform"].evidence


def test_what_a_run_did_not_measure_is_not_measured_yet_and_says_what_is_missing() -> None:
    empty = summary(anatomy=[], latency=[], quantiles=[], crash=[], proofs=[], totals=[])
    rows = {row.id: row for row in judge(empty, run(designs={}))}
    measured = [claim.id for claim in claims() if claim.measure is not None]
    assert {rows[name].verdict for name in measured} == {"not measured yet", "not measurable here"}
    assert [name for name in measured if rows[name].verdict == "not measurable here"] == [
        "less-code-complexity",
        "choose-approach",
    ]
    assert rows["twice-the-operations"].evidence == "This run lacks the rows and statements of send (warm) in dual."
    assert rows["one-side-fails"].evidence == "This run lacks crash points of dual."
    assert rows["two-tables-fewer"].evidence == "This run lacks hybrid, which did not take part."
    assert rows["option-b-central-speed"].evidence == "This run lacks paired latency of a send in option_b against dual."


def test_any_single_missing_part_leaves_the_other_verdicts_alone() -> None:
    whole = ledger()
    without = ledger(summary(crash=[]))
    assert {name for name in whole if whole[name] != without[name]} == {"one-side-fails", "choose-approach"}


def left_out(part: str, design: str, kind: str) -> LeftOut:
    return LeftOut(part=part, design=design, kind=kind, shortfall="message_content_without_agent", rows=4)


def test_designs_that_did_unequal_work_are_not_judged_against_each_other() -> None:
    rows = ledger(summary(left_out=[left_out("anatomy", "dual", "send"), left_out("latency", "option_b", "send")]))
    for name in ("twice-the-operations", "constant-translation", "simpler-lookup"):
        assert rows[name].verdict == "not measurable here"
        assert rows[name].evidence == (
            "No comparison of unequal work: dual is left out of send: message content without agent, 4 rows."
        )
    assert "option_b is left out of send" in rows["option-b-central-speed"].evidence


def test_one_part_of_a_run_says_nothing_of_the_other_nor_one_kind_of_another() -> None:
    whole = ledger()
    elsewhere = ledger(summary(left_out=[left_out("latency", "dual", "edit"), left_out("anatomy", "option_b", "delete")]))
    for name in ("twice-the-operations", "option-b-central-speed"):
        assert elsewhere[name] == whole[name]


def test_kinds_of_unequal_work_are_left_out_of_counts_over_all_kinds_and_named() -> None:
    row = ledger(summary(left_out=[left_out("anatomy", "option_b", "create_channel")]))["option-b-existing-code"]
    assert "Not compared: option_b is left out of create_channel: message content without agent, 4 rows." in row.evidence
    cells = [int(found["option-b-existing-code"].evidence.split()[1]) for found in (ledger(), {"option-b-existing-code": row})]
    assert cells[1] < cells[0]


def test_the_choice_is_not_measurable_and_comes_with_the_figures() -> None:
    row = ledger()["choose-approach"]
    assert row.verdict == "not measurable here"
    assert "rows changed by a warm message at k = 4: dual 5, option_a 5, option_b 5 and hybrid 5" in row.evidence
    assert "send in hybrid against dual: −15.0 % [−16.7 %, −13.3 %]" in row.evidence
    assert "Crash points that leave a partial operation, per side: dual 2 of 5" in row.evidence


def test_judging_twice_gives_the_same_ledger() -> None:
    assert judge(summary(), run()) == judge(summary(), run())


def test_speed_is_judged_by_the_declared_comparison_and_not_by_sends() -> None:
    sends = [row for row in summary().latency if row.kind == "send"]
    declared = ratio("option_b", 1.3, kind="send+reply").model_copy(update={"primary": True})
    rows = {row.id: row for row in judge(summary(latency=[declared, *sends]), run())}
    found = rows["option-b-central-speed"]
    assert found.verdict == "refuted"
    assert "message (send and reply) in option_b against dual: +30.0 %" in found.evidence

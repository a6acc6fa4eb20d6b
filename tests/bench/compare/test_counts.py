from __future__ import annotations

from bench.compare.counts import Counts, counts
from bench.compare.figures import CRASH, PROOFS, SPLIT_BYTES, TOTALS, WRITES, figures
from bench.results.schema import AnatomyCell, Summary
from tests.bench.compare.sides import side
from tests.bench.report.made_up import anatomy, crash, proofs, summary, totals


def against(**changes: object) -> Counts:
    return counts(side("a"), side("b", found=summary(latency=[], **changes)))


def cells(**changes: object) -> list[AnatomyCell]:
    """All cells, the first of them changed."""
    first, *rest = anatomy()
    return [first.model_copy(update=changes), *rest]


def test_equal_runs_are_equal_in_every_figure() -> None:
    found = against()
    assert found.compared == found.equal > 500
    assert not found.changed
    assert not found.wal_bytes_changed
    assert not found.only_a
    assert not found.only_b


def test_a_changed_count_is_told_with_both_values() -> None:
    before = anatomy()[0]
    found = against(anatomy=cells(statements_write=before.statements_write + 1))
    (changed,) = found.changed
    assert (changed.name.part, changed.name.figure, changed.a, changed.b) == (WRITES, "statements write", 1, 2)
    assert changed.name.of == "dual per_side, send warm, k = 0"
    assert found.equal == found.compared - 1


def test_a_table_that_no_row_changed_in_counts_as_zero_rows() -> None:
    found = against(anatomy=cells(rows={}))
    assert [(one.name.figure, one.a, one.b) for one in found.changed] == [("rows inserted in root_messages", 1, 0.0)]


def test_bytes_of_wal_are_told_beyond_what_equal_runs_show_and_only_then() -> None:
    before = anatomy()[0].wal_bytes or 0.0
    two_splits = 2 * SPLIT_BYTES / 4
    assert not against(anatomy=cells(wal_bytes=before + two_splits)).wal_bytes_changed
    beyond = against(anatomy=cells(wal_bytes=before + two_splits + 1))
    assert [one.name.figure for one in beyond.wal_bytes_changed] == ["WAL bytes"]
    assert not beyond.changed


def test_what_one_server_cannot_measure_is_not_a_difference() -> None:
    found = against(anatomy=[cell.model_copy(update={"wal_records": None, "wal_bytes": None}) for cell in anatomy()])
    assert not found.changed
    assert found.unmeasured_b == {"WAL records": len(anatomy()), "WAL bytes": len(anatomy())}
    assert not found.unmeasured_a


def test_another_outcome_of_a_crash_and_another_proof_are_told() -> None:
    points = [crash()[0].model_copy(update={"left": "partial", "parts": ["central"]}), *crash()[1:]]
    proved = [proofs()[0].model_copy(update={"observed_digest": "00" * 32}), *proofs()[1:]]
    found = against(crash=points, proofs=proved)
    assert [(one.name.part, one.name.figure, one.a, one.b) for one in found.changed] == [
        (CRASH, "left", "lost", "partial"),
        (CRASH, "parts", "nobody", "central"),
        (PROOFS, "digest of the facts", "ab" * 8, "00" * 8),
    ]


def test_what_one_run_lacks_is_counted_by_part_and_not_as_changed() -> None:
    found = against(crash=[], missing=["crash-dual"])
    assert not found.changed
    assert found.only_a == {CRASH: len(crash())}
    assert not found.only_b


def test_a_session_that_a_limit_ended_elsewhere_is_left_out_with_its_proofs() -> None:
    shorter = [total.model_copy(update={"operations": 200, "transactions": 1}) for total in totals()]
    proved = [proof.model_copy(update={"observed_digest": "00" * 32}) for proof in proofs() if proof.trial == "latency-000"]
    kept = [proof for proof in proofs() if proof.trial != "latency-000"]
    other = side("b", found=summary(latency=[], proofs=[*kept, *proved]), trials={"latency-000": shorter})
    found = counts(side("a"), other)
    assert [(one.what, one.a, one.b) for one in found.cut] == [("latency-000", "300", "200")]
    assert not found.changed
    assert not found.only_a


def test_sessions_are_matched_by_their_trials_when_one_is_missing() -> None:
    first, second = totals(), [total.model_copy(update={"transactions": 999}) for total in totals()]
    both = side("a", trials={"latency-000": first, "latency-001": second})
    found = counts(both, side("b", trials={"latency-001": second}))
    assert not found.changed
    assert found.only_a == {TOTALS: len(totals())}


def test_every_figure_has_a_name_of_its_own() -> None:
    whole: Summary = summary(latency=[])
    cells_ = len(whole.anatomy) * 6 + sum(
        len([n for n in (r.inserted, r.updated, r.deleted) if n]) for c in whole.anatomy for r in c.rows.values()
    )
    assert len([name for name in figures(side()) if name.part == WRITES and name.slack is None]) == cells_

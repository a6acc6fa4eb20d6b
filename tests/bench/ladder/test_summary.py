from __future__ import annotations

import numpy as np
import pytest

from bench.ladder.summary import summarise
from bench.ladder.trials import STEP, WHOLE, contrasts, trials
from bench.latency.samples import Recorder
from bench.latency.variants import SAME, Contrast
from bench.results.ladder_schema import RungRecord
from bench.results.schema import AnatomyCell, ProofRecord, RowsChanged

RUNGS = ("first", "second", "third")
FACTORS = {"first": 1.0, "second": 0.8, "third": 1.2, "first[again]": 1.0}


def _rung(place: int) -> RungRecord:
    name = RUNGS[place]
    return RungRecord(
        ladder="made", question="Why?", place=place, variant=name, design=name, atomicity="per_side", change=f"{place}", gaps=[]
    )


def _session(session: int) -> Recorder:
    rng, recorder = np.random.default_rng(session), Recorder(list(FACTORS))
    kind = recorder.kind_index("send")
    for operation in range(80):
        for index, factor in enumerate(FACTORS.values()):
            recorder.add(operation, operation // 20, True, kind, index, index, int(1e6 * factor * rng.lognormal(0, 0.02)))
    return recorder


def _cell(variant: str) -> AnatomyCell:
    rows = {"messages": RowsChanged(inserted=1, updated=2, deleted=0)}
    return AnatomyCell.model_validate(
        {
            "design": variant,
            "atomicity": "per_side",
            "kind": "send",
            "k": 2,
            "state": "warm",
            "operations": 4,
            "uniform": True,
            "transactions": 3,
            "statements_read": 2,
            "statements_write": 3,
            "round_trips": 11,
            "flights": 5,
            "rows": rows,
            "wal_records": 19,
            "wal_bytes": None,
            "wal_images": None,
        }
    )


def _proof(variant: str, **gaps: int) -> ProofRecord:
    return ProofRecord(
        trial="ladder-000",
        design=variant,
        holds=True,
        expected_digest="",
        observed_digest="",
        differences=[],
        difference_count=0,
        gaps=gaps,
    )


def test_each_rung_is_compared_with_the_one_before_and_with_the_first() -> None:
    assert contrasts(RUNGS) == [
        Contrast(SAME, "first[again]", "first"),
        Contrast(STEP, "second", "first"),
        Contrast(STEP, "third", "second"),
        Contrast(WHOLE, "second", "first"),
        Contrast(WHOLE, "third", "first"),
    ]
    assert list(trials(2)) == ["ladder-counts", "ladder-000", "ladder-001"]


def test_planted_steps_are_found_with_their_sizes_and_signs() -> None:
    sessions = [_session(session).table(session) for session in range(6)]
    found = summarise([_rung(place) for place in (2, 0, 1)], [_cell("first")], sessions, [], np.random.default_rng(1), 500)
    assert found is not None
    assert [rung.variant for rung in found.rungs] == list(RUNGS)
    steps = {row.variant: row for row in found.ratios if row.family == STEP}
    assert steps["second"].ratio == pytest.approx(0.8, abs=0.01)
    assert steps["third"].ratio == pytest.approx(1.5, abs=0.02)
    assert all(row.separated for row in steps.values())
    (same,) = (row for row in found.ratios if row.family == SAME)
    assert not same.separated
    (count,) = found.counts
    assert (count.statements, count.rows, count.round_trips, count.wal_bytes) == (5, 3, 11, None)


def test_a_rung_that_did_less_work_is_compared_with_none_by_that_kind() -> None:
    sessions = [_session(session).table(session) for session in range(6)]
    proofs = [_proof("second", message_content_without_agent=3), _proof("first")]
    found = summarise([_rung(place) for place in range(3)], [], sessions, proofs, np.random.default_rng(1), 500)
    assert found is not None
    assert {(row.family, row.variant) for row in found.ratios} == {(SAME, "first[again]"), (WHOLE, "third")}
    assert "second: send, message content without agent" in found.left_out


def test_a_run_without_a_ladder_has_no_summary_of_one() -> None:
    assert summarise([], [], [], [], np.random.default_rng(1), 500) is None

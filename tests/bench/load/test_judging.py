"""What raw rows say of a rate, and of the generator itself."""

from __future__ import annotations

import pytest

from bench.load import judging
from bench.load.recorder import Outcome
from tests.bench.load.rows import MS, table


def test_response_is_made_of_channel_lane_lag_and_service() -> None:
    found = judging.rows(table([5.0] * 10, lag_ms=2.0))
    assert (found.response_ns == found.channel_ns + found.lane_ns + found.lag_ns + found.service_ns).all()
    assert set(found.lag_ns.tolist()) == {2 * MS}


def test_a_rate_is_kept_when_one_response_of_a_hundred_is_late_and_not_when_two_are() -> None:
    for late, kept in ((1, True), (2, False)):
        found = judging.rows(table([1.0] * (100 - late) + [80.0] * late))
        share = judging.late_share(found, 50 * MS)
        assert share == pytest.approx(late / 100)
        assert judging.kept(share, 1.0) is kept


def test_a_failed_operation_keeps_no_objective_however_fast_it_failed() -> None:
    failed = dict.fromkeys(range(3), (Outcome.FAIL, "40P01"))
    found = judging.rows(table([1.0] * 100, outcomes=failed))
    assert judging.late_share(found, 50 * MS) == pytest.approx(0.03)
    assert found.outcomes == {"fail": 3, "ok": 97}
    assert found.sqlstates == {"40P01": 3}


def test_what_was_not_issued_is_counted_and_is_late() -> None:
    found = judging.rows(table([1.0] * 10, outcomes={4: (Outcome.NOT_ISSUED, None)}))
    assert found.n == 10
    assert len(found.response_ns) == 9
    assert judging.late_share(found, 50 * MS) == pytest.approx(0.1)


def test_what_time_did_not_suffice_for_is_counted_apart_from_what_lacked_a_message() -> None:
    found = judging.rows(
        table([1.0] * 10, outcomes={4: (Outcome.NOT_ISSUED, None), 8: (Outcome.CUT, None), 9: (Outcome.CUT, None)})
    )
    assert found.outcomes == {"cut": 2, "not_issued": 1, "ok": 7}
    assert found.cut == 2
    assert len(found.response_ns) == 7


def test_an_operation_of_the_warm_up_that_was_cut_cuts_the_point_too() -> None:
    assert judging.rows(table([1.0] * 10, outcomes={0: (Outcome.CUT, None)}, warm_from_ms=50)).cut == 1


def test_operations_done_after_the_window_and_the_objective_are_not_achieved() -> None:
    found = judging.rows(table([1.0] * 98 + [500.0, 500.0]))
    assert judging.achieved_share(found, 990 * MS, 50 * MS) == pytest.approx(0.98)
    assert judging.kept(0.0, 0.98)
    assert not judging.kept(0.0, 0.979)


def test_warm_up_is_not_analysed() -> None:
    assert judging.rows(table([1.0] * 10, gap_ms=10, warm_from_ms=50)).n == 5


def test_a_generator_that_was_late_makes_a_rate_invalid_and_says_by_how_much() -> None:
    assert judging.invalid(judging.rows(table([10.0] * 100, lag_ms=0.9)), 0.5) is None
    told = judging.invalid(judging.rows(table([10.0] * 100, lag_ms=1.5)), 0.5)
    assert told == "the generator was late: lag p99 is 1.5 ms of a response p99 of 10 ms"


def test_lag_that_hides_in_long_waits_for_the_channel_is_found_beside_the_service() -> None:
    hidden = judging.rows(table([50.0] * 100, lag_ms=2.0, channel_ms=40.0))
    assert judging.nearest_rank(hidden.lag_ns, 0.99) <= 0.1 * judging.nearest_rank(hidden.response_ns, 0.99)
    assert judging.invalid(hidden, 0.5) == "the generator was late: mean lag is 2 ms beside a mean service of 8 ms"
    assert judging.invalid(judging.rows(table([50.0] * 100, lag_ms=0.7, channel_ms=40.0)), 0.5) is None


def test_a_generator_with_too_little_to_spare_makes_a_rate_invalid() -> None:
    told = judging.invalid(judging.rows(table([10.0] * 100)), 0.85)
    assert told == "the generator had too little time left: it was busy for 85% of the point"

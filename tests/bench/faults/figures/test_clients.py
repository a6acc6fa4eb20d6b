"""From kills and takeovers to tables: what they met, what they left, and what one transaction makes of it."""

from __future__ import annotations

import pytest

from bench.faults.figures.matrix import matrix
from tests.bench.faults.made_up import kills, raw, summary


def test_random_kills_are_told_by_what_their_clients_were_doing_and_when_in_order() -> None:
    phases = ["between operations", "commit after 1", "open", "ended after 2", "commit", "open after 1"]
    rows = [one.model_copy(update={"phase": phases[one.kill], "left": "whole"}) for one in kills(n=6)]
    rows[1] = rows[1].model_copy(update={"left": "partial"})
    rows.append(rows[0].model_copy(update={"kill": 6, "happened": False, "left": "", "at_ns": 10**12}))
    (found,) = summary(kills=rows).kill_spreads
    assert list(found.phases) == ["open", "commit", "open after 1", "commit after 1", "ended after 2", "between operations"]
    assert (found.kills, found.void, found.split) == (6, 1, {"commit after 1": 1})
    assert found.at_ms == [0.0, 1.25, 2.5, 3.75, 5.0]


def test_what_one_transaction_makes_of_kills_is_told_with_newcombe_s_bounds() -> None:
    joined = [one.model_copy(update={"cell": "joined"}) for one in kills(n=80, partial=48)]
    (found,) = summary(kills=[*kills(n=70, partial=56), *joined]).kill_contrasts
    assert (found.per_side, found.per_side_n, found.joined, found.joined_n) == (56, 70, 48, 80)
    # Newcombe's own example, 1998: 56 of 70 less 48 of 80.
    assert (found.difference, found.low, found.high) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)


def test_kills_in_one_cell_alone_or_too_few_are_not_set_against_each_other() -> None:
    few = [one.model_copy(update={"cell": "joined"}) for one in kills(n=29)]
    assert summary(kills=kills(n=40)).kill_contrasts == summary(kills=[*kills(n=40), *few]).kill_contrasts == []


def test_kills_that_are_all_void_have_no_instants() -> None:
    (found,) = summary(kills=[one.model_copy(update={"happened": False}) for one in kills(n=2)]).kill_spreads
    assert (found.kills, found.void, found.phases, found.at_ms) == (0, 2, {}, [])


def test_few_kills_are_told_by_the_cell_that_has_the_fewest() -> None:
    rows = [*kills(n=40), *(one.model_copy(update={"cell": "joined"}) for one in kills(n=20))]
    told = [line for line in summary(kills=rows).left_out if "kills" in line]
    assert told == ["more than 20 random kills in each cell of a design: fewer than 30 are not told as a share"]
    assert not [line for line in summary(kills=kills(n=40)).left_out if "kills" in line]


def test_takeovers_that_are_not_clean_are_told_with_the_replay_of_the_first() -> None:
    (paused,) = raw().pauses
    changes = (
        {"left": "duplicated", "schedule": "second"},
        {"left": "whole"},
        {"left": "lost", "told": "info", "told_taker": "fail"},
        {"left": "partial", "told": "info", "told_taker": "fail", "happened": False},
        {"left": "partial", "told": "info", "told_taker": "fail", "cell": "joined"},
    )
    rows = [paused, *(paused.model_copy(update=dict(one)) for one in changes)]
    doubled, split = summary(pauses=rows).takeovers
    assert (doubled.left, doubled.n, doubled.exposures, doubled.silent) == ("duplicated", 2, 4, 2)
    assert doubled.schedule == "dual/per_side/send/k=1/paused@after-commit-1"
    assert (split.cell, split.left, split.n, split.exposures, split.silent) == ("joined", "partial", 1, 1, 0)


def test_an_operation_that_was_taken_over_is_acknowledged_when_one_of_both_clients_heard_ok() -> None:
    (paused,) = raw().pauses
    told = [paused.model_copy(update={"told": "info", "told_taker": taker, "left": "lost"}) for taker in ("ok", "fail")]
    (cell,) = matrix([], [], told, [], [])
    assert (cell.n, cell.lost, cell.silent) == (2, 1, 1)


def test_a_kill_between_operations_that_finds_an_acknowledged_one_lost_counts_and_one_that_hits_it_does_not() -> None:
    hit, over = (kills(n=1, partial=0)[0].model_copy(update={"in_flight": hit, "left": "lost"}) for hit in (True, False))
    by_kill, _ = matrix([], [hit, over], [], [], [])
    assert (by_kill.n, by_kill.lost, by_kill.silent) == (2, 1, 1)

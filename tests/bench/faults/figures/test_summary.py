"""From exposures to strips, a matrix, windows and answers: every figure here can be counted by eye."""

from __future__ import annotations

from typing import Any

import pytest

from bench.faults.figures.answers import FOREIGN_KEY, RETRY, SPLIT
from bench.faults.figures.directions import Direction, direction
from bench.faults.figures.matrix import matrix
from bench.faults.figures.telling import bounds_told, failures, proof_told
from bench.faults.not_built import NOT_BUILT
from bench.results.faults_schema import LookRecord, SweepRow, Unavailable
from bench.results.faults_summary_schema import FaultsSummary, MatrixCell
from tests.bench.faults.made_up import (
    control,
    dual_rows,
    episode,
    key,
    kills,
    mutant,
    row,
    strip,
    summary,
    swept,
    table,
)


def _cell(found: FaultsSummary, fault: str, cell: str = "per_side", denominator: str | None = None) -> MatrixCell:
    (one,) = (m for m in found.matrix if (m.fault, m.cell) == (fault, cell) and denominator in {None, m.denominator})
    return one


def _answer(found: FaultsSummary, topic: str) -> str:
    (one,) = (answer.sentence for answer in found.answers if answer.topic == topic)
    return one


def test_a_strip_has_a_letter_for_each_message_and_side() -> None:
    first, *_ = summary().strips
    assert (first.design, first.cell, first.sides) == ("dual", "per_side", {"request-lost": "lllppp", "reply-lost": "llpppw"})
    assert (first.schedules, first.flights_split, len(first.labels)) == (12, 4, 6)


def test_a_void_exposure_is_v_in_a_strip_and_what_was_not_tried_is_a_dot() -> None:
    rows = [row(1, "request-lost", "lost", happened=False), row(3, "request-lost", "partial")]
    (found,) = summary(rows=rows, sweeps=[swept()]).strips
    assert found.sides == {"request-lost": "v.p..."}


def test_of_two_lanes_a_schedule_counts_once() -> None:
    twice = [*dual_rows(), *(one.model_copy(update={"lane": "fast"}) for one in dual_rows())]
    assert summary(rows=twice).matrix == summary().matrix
    assert summary(rows=twice).answers == summary().answers
    assert sum(label.n for label in summary(rows=twice).labels) == sum(label.n for label in summary().labels)


def test_the_matrix_counts_what_is_not_clean_and_an_enumeration_has_no_bounds() -> None:
    cut = _cell(summary(), "request-lost")
    assert (cut.n, cut.void, cut.partial, cut.lost, cut.duplicated) == (6, 0, 3, 0, 0)
    assert (cut.low, cut.high) == (None, None)
    assert bounds_told(cut) == "3 of 6, a census"


def test_what_is_lost_counts_when_its_caller_heard_ok_and_not_when_it_heard_of_the_failure() -> None:
    lost = [row(1, "request-lost", "lost", told="ok"), row(2, "request-lost", "lost", told="fail")]
    (cell,) = matrix(lost, [], [], [], [])
    assert (cell.lost, cell.silent, cell.n) == (1, 1, 2)


def test_void_exposures_are_counted_and_never_judged() -> None:
    (cell,) = matrix([row(1, "request-lost", "partial", happened=False), row(2, "request-lost", "partial")], [], [], [], [])
    assert (cell.n, cell.void, cell.partial) == (1, 1, 1)


def test_kills_are_told_by_kill_and_by_operation_each_with_wilsons_bounds() -> None:
    found = summary(kills=kills(n=200, partial=89))
    by_kill = _cell(found, "SIGKILL at random", denominator="kill")
    assert (by_kill.n, by_kill.partial) == (200, 89)
    # The worked example of the literature: 89 of 200 is 37.8 % to 51.4 % by Wilson.
    assert (round(100 * (by_kill.low or 0), 1), round(100 * (by_kill.high or 0), 1)) == (37.8, 51.4)
    by_operation = _cell(found, "SIGKILL at random", denominator="operation")
    assert (by_operation.n, by_operation.partial) == (2_000, 89)


def test_no_bad_end_in_a_sample_is_told_as_what_it_excludes() -> None:
    by_kill = _cell(summary(kills=kills(n=200, partial=0)), "SIGKILL at random", denominator="kill")
    assert bounds_told(by_kill).startswith("0 of 200, < 3/200")


def test_windows_that_never_end_are_not_left_out_of_their_curve() -> None:
    (curve,) = summary().survival
    assert (curve.n, curve.never) == (3, 1)
    assert curve.share[-1] == pytest.approx(1 / 3)
    assert curve.median_s == pytest.approx(4.0)


def test_a_window_between_looks_is_told_by_the_shortest_and_the_longest_that_it_may_have_been() -> None:
    looked = [episode(2.0, begin_high_s=1.5, end_high_s=4.0), episode(None, begin_high_s=1.5)]
    (curve,) = summary(episodes=looked).survival
    assert curve.median_shortest_s == pytest.approx(1.5)
    assert curve.median_s == pytest.approx(3.0)


def test_more_than_half_that_never_end_have_no_median() -> None:
    (curve,) = summary(episodes=[episode(2.0), episode(None), episode(None)]).survival
    assert curve.median_s is None
    assert curve.median_shortest_s is None


@pytest.mark.parametrize(
    ("parts", "where"),
    [
        (["central"], Direction.CENTRAL_ONLY),
        (["central", "agent 1 of 2"], Direction.CENTRAL_ONLY),
        (["central", "agent 1 of 2", "agent 2 of 2 in part"], Direction.CENTRAL_ONLY),
        (["agent 1 of 1"], Direction.AGENT_ONLY),
        (["agent 2 of 2 in part"], Direction.AGENT_ONLY),
        (["central in part", "agent 1 of 1"], Direction.NEITHER),
        ([], Direction.NEITHER),
    ],
)
def test_a_split_has_a_direction(parts: list[str], where: Direction) -> None:
    assert direction(parts) is where


def test_where_a_cut_splits_is_told_by_messages_per_side_joined_and_with_an_outbox() -> None:
    assert _answer(summary(), SPLIT) == (
        "dual: per side, in 6 of 12 cuts: a send from message 3 (COMMIT central) to 6 (COMMIT agent) of 6; joined, nowhere"
        " (0 of 12 cuts); with an outbox, there is none (no agent has a task of its own)."
    )


def test_an_outbox_splits_nowhere_once_its_relay_has_run_and_a_cell_without_figures_says_so() -> None:
    rows = [*strip("llwwww", "request-lost", cell="outbox")]
    assert _answer(summary(rows=rows, sweeps=[swept("outbox")]), SPLIT) == (
        "dual: per side, no figures in this run; joined, no figures in this run; with an outbox, nowhere once its relay has run"
        " (0 of 6 cuts)."
    )


def test_other_kinds_that_split_are_told_by_name_and_what_was_not_tried_does_not_end_a_stretch() -> None:
    edits = [row(place, "request-lost", "partial", kind="edit", schedule=f"edit{place}") for place in (2, 4)]
    sends = [
        row(1, "request-lost", "partial"),
        row(2, "request-lost", "lost"),
        *(row(n, "request-lost", "partial") for n in (4, 6)),
    ]
    found = summary(rows=[*edits, *sends], sweeps=[swept(kind="edit"), swept()])
    assert "per side, in 5 of 6 cuts tried: a send at message 1 (BEGIN central) and from message 4" in _answer(found, SPLIT)
    assert "to 6 (COMMIT agent) of 6, and also edit; " in _answer(found, SPLIT)
    assert "an edit from message 2 (INSERT central) to 4" in _answer(summary(rows=edits, sweeps=[swept(kind="edit")]), SPLIT)


def test_cuts_that_were_all_void_answer_nothing() -> None:
    void = [row(1, "request-lost", "lost", happened=False)]
    assert "per side, every cut was void, so nothing is known" in _answer(summary(rows=void, sweeps=[swept()]), SPLIT)


def _twice(letters: str) -> list[SweepRow]:
    """Exposures to two faults of the cell that retries under the same id."""
    two = strip(letters, "request-lost", cell="per_side_derived", faults=2, second="reply-lost@2.1")
    return [one.model_copy(update={"schedule": f"{one.schedule}+reply-lost@2.1"}) for one in two]


def test_what_a_retry_does_is_told_by_its_ids_for_one_fault_and_two() -> None:
    assert _answer(summary(rows=[*dual_rows(), *_twice("pppppp")]), RETRY) == (
        "dual: without a retry 6 of 12 cuts end split; per side, a retry under a new id duplicates (4 doubled and 3 split of 12"
        " cuts); per side, one under the same id with ON CONFLICT heals every cut (12 of 12 end whole), but cut again in the"
        " retry 6 split of 6; joined, the same: no figures in this run."
    )


def test_what_a_retry_does_not_heal_is_told_with_what_stood_in_its_way() -> None:
    beside = strip("pwwwww", "zombie", cell="per_side_derived")
    told = _answer(summary(rows=[*dual_rows(), *beside]), RETRY)
    assert "heals all but 1 of 18 cuts (1 split, all behind a zombie that still holds its locks)" in told
    split = _answer(summary(rows=strip("pwwwww", "reply-lost", cell="per_side_derived")), RETRY)
    assert "heals all but 1 of 6 cuts (1 split)" in split


def test_a_retry_that_fails_and_says_so_leaves_nothing_to_wish_for_and_a_false_ok_does() -> None:
    clean = _answer(summary(rows=[*dual_rows(), *_twice("llwwww")]), RETRY)
    assert "and cut again in the retry none of 6 ends split or doubled" in clean
    lied = [one.model_copy(update={"told": "ok"}) for one in _twice("llwwww")]
    assert "but cut again in the retry 2 lost though told ok of 6" in _answer(summary(rows=[*dual_rows(), *lied]), RETRY)


def test_what_a_foreign_key_prevents_is_told_by_tables_with_the_counts_of_both_directions() -> None:
    assert _answer(summary(), FOREIGN_KEY) == (
        "dual: no foreign key crosses the sides, so no row is refused for what the other side lacks; per side, 6 of 12 cuts left"
        " the centre ahead of an agent, and 0 an agent ahead of the centre."
    )
    rows = strip("lllppp", "request-lost", design="hybrid")
    tables = [table("root_messages", "central"), table("memories"), table("rooms", crosses=True)]
    assert _answer(summary(("hybrid",), rows=rows, constraints=[key(across=True)], tables=tables), FOREIGN_KEY) == (
        "hybrid: 1 foreign key crosses the sides (rooms(channelId) to central_channels): rows of rooms (agent) are refused without"
        " their central row; all central rows and rows of memories (agent) are not; per side, 3 of 6 cuts left the centre ahead of"
        " an agent, and 0 an agent ahead of the centre."
    )


def test_a_design_without_any_figure_is_told_so() -> None:
    found = summary(("stranger",), rows=[], sweeps=[], kills=[])
    assert [answer.sentence for answer in found.answers] == [
        "stranger: where a cut splits the sides: no figures in this run.",
        "stranger: what a retry does: no figures in this run.",
        "stranger: which foreign keys it has: no figures in this run.",
    ]


def test_what_a_smaller_run_did_not_do_is_told() -> None:
    left = summary(sweeps=[swept(schedules=12, left_out=36, why="faults_schedules")], kills=kills(n=10), streams=[]).left_out
    assert left[0] == "36 of 48 schedules in 1 sweeps, taken evenly (faults_schedules)"
    assert "two faults" in left
    assert "channels with two agents" in left
    assert any("random kills" in line for line in left)
    assert "streams through a bus that fails" in left


def test_a_fault_that_nobody_could_meet_is_listed_once() -> None:
    same = Unavailable(fault="x", design=None, why="y")
    assert summary(unavailable=[same, same]).unavailable == [same, *NOT_BUILT]


def look(disagreements: int) -> LookRecord:
    what = "interruptions of send, k = 1"
    return LookRecord(design="dual", cell="per_side", what=what, outcomes=6, disagreements=disagreements)


def test_the_proofs_of_the_checker_are_told_and_nothing_of_them_failed() -> None:
    told = " ".join(proof_told(summary()))
    assert "found 2 of 2 mutants" in told
    assert "0 false alarms in 60 exposures" in told
    assert "looked at 3 distinct outcomes and disagreed on 0" in told
    assert "looked at 9 distinct outcomes and disagreed on 2" in " ".join(proof_told(summary(looks=[look(disagreements=2)])))
    assert list(failures(summary())) == []


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"mutants": [mutant("m", killed=False)]}, "mutant m was not found"),
        ({"controls": [control("c", positive=False, passed=False, fired={"I4": 2})]}, "control c failed: 2 FALSE ALARMS"),
        ({"sweeps": [swept(differences=2)]}, "2 of 12 schedules end otherwise in the other lane"),
        ({"sweeps": [swept(disagreements=1, looked_at_twice=4)]}, "the checkers disagree on 1 of 4 outcomes"),
        ({"looks": [look(disagreements=2)]}, "dual, per_side, interruptions of send, k = 1: the checkers disagree on 2 of 6"),
        ({"controls": [control("c", positive=True, passed=False, disagreements=1)]}, "the checkers DISAGREE in 1 case"),
    ],
)
def test_whatever_makes_the_instrument_unbelievable_is_told(changes: dict[str, Any], told: str) -> None:
    (line,) = failures(summary(**changes))
    assert told in line


def test_a_control_that_cannot_be_run_here_has_not_failed() -> None:
    assert not list(failures(summary(controls=[control("c", positive=True, passed=False, unavailable="no server of ours")])))


def test_cells_stand_in_the_order_of_the_tables_with_their_levels_and_question() -> None:
    cells = summary().cells
    names = [cell.name for cell in cells]
    assert names == ["per_side", "per_side_fresh", "per_side_derived", "joined", "outbox", "async_restart"]
    assert cells[1].levels == "design[ids=fresh,retry=1]"
    assert all("?" in cell.question for cell in cells)

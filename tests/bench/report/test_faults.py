"""The report's part on faults: answers first, then every violation with its replay, and how far the instrument may be believed."""

from __future__ import annotations

from bench.report.faults import answer_grids, fault_grids, lead
from bench.report.grid import Grid
from bench.report.render import render
from bench.runs.findings import SHOWN_REPLAYS, findings
from tests.bench.faults.made_up import kills, mutant, raw
from tests.bench.faults.made_up import summary as faults
from tests.bench.report.made_up import run, summary


def _grids() -> dict[str, Grid]:
    return {grid.title: grid for grid in fault_grids(faults())}


def test_a_run_without_faults_has_no_table_of_them_and_the_report_says_so() -> None:
    assert (fault_grids(None), answer_grids(None)) == ([], [])
    assert "What faults leave behind: not part of this run." in render(summary(), run(), {}).markdown


def test_each_design_has_an_answer_to_each_question() -> None:
    grids = answer_grids(faults(("dual", "floor")))
    assert [grid.title for grid in grids] == [
        "Where can a crash split the sides?",
        "Does a retry heal or duplicate?",
        "What does a foreign key prevent, and what not?",
    ]
    assert all([design for design, _ in grid.rows] == ["dual", "floor"] for grid in grids)
    assert grids[0].rows[0][1].startswith("per side, in 6 of 12 cuts: a send from message 3 (COMMIT central) to 6")


def test_every_invariant_that_was_broken_has_its_replay() -> None:
    (found,) = _grids()["Every invariant that was broken, the worst first"].rows
    assert found[:3] == ("I4", "dual", "per_side")
    assert "6 of 12" in found
    assert found[-1] == "storebench replay dual/per_side/send/k=1/request-lost@1.4"


def test_the_worst_comes_first() -> None:
    harms = {"I6": {}, "I12": {"leaked": 1}, "I4": {"central-only": 6}, "I1": {"lost": 1}}
    broken = [raw().verdicts[0].model_copy(update={"invariant": name, "directions": told}) for name, told in harms.items()]
    grids = {grid.title: grid for grid in fault_grids(faults(verdicts=broken))}
    assert [row[0] for row in grids["Every invariant that was broken, the worst first"].rows] == ["I12", "I1", "I4", "I6"]


def test_all_22_invariants_are_told_where_there_are_verdicts() -> None:
    assert len(_grids()["What each invariant says"].rows) == 22
    assert not [grid for grid in fault_grids(faults(verdicts=[])) if grid.title == "What each invariant says"]


def test_held_is_told_with_its_exposures_and_never_as_equal_to_by_construction() -> None:
    (first, *_) = faults().verdicts
    alone = {"exposures": 0, "violated": 0, "schedule": None, "why": "there is no second copy"}
    built = first.model_copy(update={"design": "floor", "cell": "joined", "verdict": "by construction", **alone})
    grids = {grid.title: grid for grid in fault_grids(faults(verdicts=[*faults().verdicts, built]))}
    assert grids["Verdict on every invariant"].heading == ("cell", "invariant", "floor", "dual")
    assert grids["Verdict on every invariant"].rows == (
        ("per_side", "I4", "–", "violated in 6 of 12"),
        ("joined", "I4", "by construction", "held over 12"),
    )
    assert grids["Verdicts that no exposure decided"].rows == (
        ("I4", "by construction", "there is no second copy", "floor", "joined"),
    )


def test_a_sweep_that_a_design_cannot_have_says_why() -> None:
    told = {row[1]: row[-1] for row in _grids()["Sweeps"].rows if row[1] == "outbox"}
    assert told == {"outbox": "there is none: no agent has a task of its own"}


def test_faults_that_could_not_be_injected_are_listed_and_never_counted_as_survived() -> None:
    first, *others = _grids()["Faults that were not injected, and why"].rows
    assert first == ("synchronous_commit=off with a crash", "every design", "the server is not ours")
    told = [row[0].partition(":")[0] for row in others]
    assert {"server", "power cut", "repair"} <= set(told)
    assert all(row[2].startswith("not built: it needs ") for row in others)


def test_a_takeover_that_is_not_clean_is_told_with_its_replay() -> None:
    (row,) = _grids()["What clients left that were stopped past a takeover"].rows
    assert row[2:5] == ("duplicated", "1 of 1", "1")
    assert row[5] == "storebench replay dual/per_side/send/k=1/paused@after-commit-1"


def test_zero_against_zero_is_told_as_not_separated() -> None:
    both = [one.model_copy(update={"cell": cell}) for cell in ("per_side", "joined") for one in kills(n=40, partial=0)]
    split = [one.model_copy(update={"design": "hybrid"}) for one in (*kills(n=40, partial=40), *both[40:])]
    grids = {grid.title: grid for grid in fault_grids(faults(kills=[*both, *split]))}
    rows = grids["What one transaction makes of random kills"].rows
    assert rows[0] == ("dual", "0 of 40", "0 of 40", "not separated at 40 and 40 kills")
    assert rows[1][:3] == ("hybrid", "40 of 40", "0 of 40")
    assert rows[1][3].startswith("100.0 points [")


def test_random_kills_are_told_with_what_they_met_and_when() -> None:
    (row,) = _grids()["Where random kills found their clients"].rows
    assert row == ("per_side", "dual", "40", "0", "commit 10/40", "0.0 9.8 19.5 29.2 39.0 ms")


def test_the_lead_tells_the_proofs_and_what_was_left_out() -> None:
    told = lead(faults())
    assert "found 2 of 2 mutants" in told
    assert "two faults; channels with two agents" in told.partition("Left out by a run of this size: ")[2]


def test_the_end_of_a_command_names_broken_invariants_and_how_many_more_there_are() -> None:
    broken = [raw().verdicts[0].model_copy(update={"design": f"d{number}"}) for number in range(SHOWN_REPLAYS + 3)]
    told = findings(summary(faults=faults(verdicts=broken, mutants=[mutant("m", killed=False)])))
    assert sum("storebench replay" in line for line in told) == SHOWN_REPLAYS
    assert "mutant m was not found" in told
    assert told[-1] == "and 3 more, each with its replay in the report"


def test_the_whole_report_has_the_part_with_its_charts_behind_the_answers() -> None:
    made = render(summary(faults=faults()), run(), {})
    assert "storebench replay dual/per_side/send/k=1/request-lost@1.4" in made.html
    assert "faults-mutants.svg" in made.charts
    assert made.markdown.index("### Where can a crash split the sides?") < made.markdown.index("### Cut at every message")

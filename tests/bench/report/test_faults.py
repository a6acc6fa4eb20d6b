"""The report's part on faults: answers first, then every violation with its replay, and how far the instrument may be believed."""

from __future__ import annotations

from bench.report.faults import fault_grids, lead
from bench.report.grid import Grid
from bench.report.render import render
from bench.runs.findings import SHOWN_REPLAYS, findings
from tests.bench.faults.made_up import mutant, raw
from tests.bench.faults.made_up import summary as faults
from tests.bench.report.made_up import run, summary


def _grids() -> dict[str, Grid]:
    return {grid.title: grid for grid in fault_grids(faults())}


def test_a_run_without_faults_has_no_table_of_them_and_the_report_says_so() -> None:
    assert fault_grids(None) == []
    assert "What faults leave behind: not part of this run." in render(summary(), run(), {}).markdown


def test_each_design_has_an_answer_to_each_question() -> None:
    rows = _grids()["Three questions, answered for each design"].rows
    assert [question for question, _ in rows] == [
        "Where can a crash split the sides?",
        "Does a retry heal or duplicate?",
        "What does a foreign key prevent, and what not?",
    ]


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
    rows = _grids()["Verdict on every invariant"].rows
    assert [row[3] for row in rows] == ["violated", "held over 12 exposures"]


def test_a_sweep_that_a_design_cannot_have_says_why() -> None:
    told = {row[1]: row[-1] for row in _grids()["Sweeps"].rows if row[1] == "outbox"}
    assert told == {"outbox": "there is none: no agent has a task of its own"}


def test_faults_that_could_not_be_injected_are_listed_and_never_counted_as_survived() -> None:
    assert _grids()["Faults that could not be injected here"].rows == (
        ("synchronous_commit=off with a crash", "every design", "the server is not ours"),
    )


def test_the_lead_tells_the_proofs_and_what_was_left_out() -> None:
    told = lead(faults())
    assert "found 2 of 2 mutants" in told
    assert "Left out by a run of this size: two faults; channels with two agents" in told


def test_the_end_of_a_command_names_broken_invariants_and_how_many_more_there_are() -> None:
    broken = [raw().verdicts[0].model_copy(update={"design": f"d{number}"}) for number in range(SHOWN_REPLAYS + 3)]
    told = findings(summary(faults=faults(verdicts=broken, mutants=[mutant("m", killed=False)])))
    assert sum("storebench replay" in line for line in told) == SHOWN_REPLAYS
    assert "mutant m was not found" in told
    assert told[-1] == "and 3 more, each with its replay in the report"


def test_the_whole_report_has_the_part_with_its_charts() -> None:
    made = render(summary(faults=faults()), run(), {})
    assert "storebench replay dual/per_side/send/k=1/request-lost@1.4" in made.html
    assert "faults-mutants.svg" in made.charts

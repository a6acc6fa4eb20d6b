from __future__ import annotations

from bench.report.grid import Grid
from bench.report.shortfalls import shortfall_grids, without_shortfalls
from bench.results.schema import DesignRecord, LeftOut, Shortfall
from tests.bench.report.made_up import proofs, run, summary

GAP = Shortfall(kind="members_without_agent", reason="no room", citation="Remove them")
DEFECT = Shortfall(kind="edit_leaves_copies", reason="no event", citation="a server")


def grids(*left_out: LeftOut) -> dict[str, Grid]:
    counted = [
        proof.model_copy(update={"defects": {"edit_leaves_copies": 4}}) if proof.design == "option_b" else proof
        for proof in proofs()
    ]
    records = {
        "dual": DesignRecord(tables={}, gaps=[], defects=[]),
        "hybrid": DesignRecord(tables={}, gaps=[GAP], defects=[]),
        "option_b": DesignRecord(tables={}, gaps=[], defects=[DEFECT]),
    }
    found = shortfall_grids(summary(proofs=counted, left_out=list(left_out)), run(designs=records))
    return {grid.title.split(":")[0]: grid for grid in found}


def test_gaps_and_defects_stand_there_with_the_rows_they_touch() -> None:
    found = grids()
    assert [cell for row in found["Gaps"].rows for cell in row] == [
        *("hybrid", "members without agent", "no room", "Remove them", "3", "3"),
    ]
    assert [cell for row in found["Defects"].rows for cell in row] == [
        *("option_b", "edit leaves copies", "no event", "a server", "4", "4"),
    ]
    assert "Left out of comparisons between designs" not in found


def test_who_is_left_out_of_what_stands_there_with_why_and_how_many_rows() -> None:
    made = [
        LeftOut(part=part, design="hybrid", kind=kind, shortfall="members_without_agent", rows=1234)
        for part in ("anatomy", "latency")
        for kind in ("join", "leave")
    ]
    rows = grids(*made)["Left out of comparisons between designs"].rows
    assert [tuple(row) for row in rows] == [
        ("hybrid", "join, leave", "members without agent", "1,234", "the paired workload"),
        ("hybrid", "join, leave", "members without agent", "1,234", "the write scenes"),
    ]


def test_designs_without_shortfalls_are_named() -> None:
    records = {"dual": DesignRecord(tables={}, gaps=[], defects=[]), "hybrid": DesignRecord(tables={}, gaps=[GAP], defects=[])}
    assert without_shortfalls(run(designs=records)) == ["dual"]

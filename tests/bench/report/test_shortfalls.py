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
        *("hybrid", "members without agent", "no room", "Remove them", "3", "3", "–"),
    ]
    assert [cell for row in found["Defects"].rows for cell in row] == [
        *("option_b", "edit leaves copies", "no event", "a server", "4", "4", "–"),
    ]
    assert list(found) == ["Gaps", "Defects"]


def left_out(design: str, *parts: str) -> list[LeftOut]:
    return [
        LeftOut(part=part, design=design, kind=kind, shortfall="members_without_agent", rows=1234)
        for part in parts
        for kind in ("leave", "join")
    ]


def test_what_a_design_is_not_compared_by_stands_beside_its_shortfall() -> None:
    assert grids(*left_out("hybrid", "anatomy", "latency"))["Gaps"].rows[0][-1] == "join, leave"
    assert grids(*left_out("hybrid", "anatomy"))["Gaps"].rows[0][-1] == "write scenes: join, leave"


def test_a_variant_with_a_shortfall_that_its_design_has_not_stands_under_its_own_name() -> None:
    found = grids(*left_out("option_b[bus=apart]", "latency"))
    assert found["Variants left out of comparisons between designs"].rows == (
        ("option_b[bus=apart]", "members without agent", "paired workload: join, leave"),
    )
    assert found["Gaps"].rows[0][-1] == "–"


def test_designs_without_shortfalls_are_named() -> None:
    records = {"dual": DesignRecord(tables={}, gaps=[], defects=[]), "hybrid": DesignRecord(tables={}, gaps=[GAP], defects=[])}
    assert without_shortfalls(run(designs=records)) == ["dual"]

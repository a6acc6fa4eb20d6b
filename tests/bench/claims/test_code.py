from __future__ import annotations

from bench.claims.ledger import judge
from bench.results.complexity_schema import CodeCounts, DesignComplexity, PathComplexity
from tests.bench.report.made_up import run, summary


def _design(name: str, decisions: int, lines: int) -> DesignComplexity:
    own = CodeCounts(functions=1, decisions=decisions, worst=2, lines=lines)
    shared = CodeCounts(functions=1, decisions=10, worst=2, lines=50)
    paths = [PathComplexity(path=path, own=own, shared=shared, statements=7) for path in ("write", "read")]
    return DesignComplexity(design=name, paths=paths, operations=[])


def _evidence(*designs: DesignComplexity) -> tuple[str, str]:
    (row,) = (row for row in judge(summary(complexity=list(designs)), run()) if row.id == "less-code-complexity")
    return row.verdict, row.evidence


def test_less_code_stays_unmeasurable_and_tells_what_this_project_s_own_code_has() -> None:
    verdict, evidence = _evidence(_design("dual", 10, 50), _design("hybrid", 8, 60))
    assert verdict == "not measurable here"
    assert evidence.startswith("because the code that is meant is the real server's")
    assert "36 decisions to 40 (−10 %), 220 lines to 200 (+10 %), 14 distinct statements to 14 (+0 %)" in evidence


def test_less_code_without_figures_tells_the_reason_alone() -> None:
    assert _evidence(_design("dual", 1, 1)) == (
        "not measurable here",
        "because the code that is meant is the real server's, and no version of it on the hybrid exists.",
    )

from __future__ import annotations

from bench.aligning import aligned
from bench.complexity.telling import operation_rows, path_rows
from bench.results.complexity_schema import CodeCounts, DesignComplexity, OperationStatements, PathComplexity

OWN = CodeCounts(functions=4, decisions=12, worst=11, lines=42)
SHARED = CodeCounts(functions=33, decisions=23, worst=9, lines=177)


def _design(name: str, sends: int) -> DesignComplexity:
    return DesignComplexity(
        design=name,
        paths=[PathComplexity(path="write", own=OWN, shared=SHARED, statements=19)],
        operations=[OperationStatements(kind="send", statements=sends), OperationStatements(kind="join", statements=1)],
    )


def test_own_and_shared_code_stand_apart_and_together() -> None:
    assert path_rows([_design("hybrid", 5)]) == [
        ("hybrid", "write", "4 / 12 / 42", "33 / 23 / 177", "37 / 35 / 219", "10", "19"),
    ]


def test_designs_with_equal_statements_are_told_together() -> None:
    assert operation_rows([_design("dual", 9), _design("option_a", 9), _design("floor", 1)]) == [
        ("send", "9 dual, option_a; 1 floor"),
        ("join", "1 all"),
    ]


def test_figures_are_aligned_to_the_right() -> None:
    assert aligned([("design", "path", "SQL"), ("hybrid", "write", "7")], left=2) == ["design  path   SQL", "hybrid  write    7"]

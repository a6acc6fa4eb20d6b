"""Complexity as tables and words. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bench.results.complexity_schema import CodeCounts, DesignComplexity

HEADING = ("design", "path", "own", "shared", "together", "worst", "SQL")
OPERATIONS = "Statements of one operation with two agents in the channel"
TITLE = "Code of the paths: functions / decisions / lines; the worst function's decisions; distinct statements"

WORDS = (
    "Counted are the functions that the path really runs, over a scripted world with every operation, refusal and read.",
    """Decisions are the cyclomatic complexity of each function less 1, added up, so that cutting a function in two changes nothing;
each case of a match is one. Lines are without docstrings and comments. Shared code counts for each design that runs it.""",
    "What it can say: which of two designs, written in one manner against one contract, needs more branches, lines and statements.",
    """What it cannot: how hard either is to understand or to change, and anything about another code base. What a statement does
inside of the server is not counted, nor the code that builds tables and statements once.""",
)


def path_rows(found: Sequence[DesignComplexity]) -> list[tuple[str, ...]]:
    """A row for each design and path, in the order of `HEADING`."""
    return [
        (
            design.design,
            path.path,
            _figures(path.own),
            _figures(path.shared),
            _figures(added(path.own, path.shared)),
            str(max(path.own.worst, path.shared.worst) - 1),
            str(path.statements),
        )
        for design in found
        for path in design.paths
    ]


def added(first: CodeCounts, second: CodeCounts) -> CodeCounts:
    """Two bodies of code together."""
    return CodeCounts(
        functions=first.functions + second.functions,
        decisions=first.decisions + second.decisions,
        worst=max(first.worst, second.worst),
        lines=first.lines + second.lines,
    )


def operation_rows(found: Sequence[DesignComplexity]) -> list[tuple[str, str]]:
    """The statements of each operation, designs with equal numbers told together: "9 dual, option_a"."""
    kinds = dict.fromkeys(operation.kind for design in found for operation in design.operations)
    rows = []
    for kind in kinds:
        by_count: dict[int, list[str]] = {}
        for design in found:
            for operation in design.operations:
                if operation.kind == kind:
                    by_count.setdefault(operation.statements, []).append(design.design)
        told = [f"{count} {'all' if len(names) == len(found) > 1 else ', '.join(names)}" for count, names in by_count.items()]
        rows.append((kind, "; ".join(told)))
    return rows


def _figures(counts: CodeCounts) -> str:
    return f"{counts.functions} / {counts.decisions} / {counts.lines}"

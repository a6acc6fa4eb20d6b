"""What a run stores of the code of a design: counts of its paths."""

from __future__ import annotations

from bench.results.record import Record


class CodeCounts(Record):
    """Code that a path runs: functions, their decisions (cyclomatic complexity less 1 each), the cyclomatic complexity of the worst
    of them, and source lines without docstrings and comments.
    """

    functions: int
    decisions: int
    worst: int
    lines: int


class PathComplexity(Record):
    """One path of a design, `write` or `read`: its own code, code it shares with other designs, and its distinct statements."""

    path: str
    own: CodeCounts
    shared: CodeCounts
    statements: int


class OperationStatements(Record):
    """Statements of one operation with two agents in the channel, warm unless `kind` says that it is a first contact."""

    kind: str
    statements: int


class DesignComplexity(Record):
    """Both paths of a design, and the statements of its operations."""

    design: str
    paths: list[PathComplexity]
    operations: list[OperationStatements]

"""Cyclomatic complexity and lines of functions, counted by lizard. Pure, given the sources."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import CodeType

import lizard

from bench.results.complexity_schema import CodeCounts


@dataclass(frozen=True, slots=True)
class Function:
    """A function as it stands in a file: `cyclomatic` is its complexity by McCabe, `lines` are without docstring and comments."""

    name: str
    first_line: int
    cyclomatic: int
    lines: int


def functions_of(source: str) -> list[Function]:
    """All functions of a module; those within others stand for themselves."""
    found = lizard.analyze_file.analyze_source_code("module.py", source).function_list
    return [
        Function(each.name.rpartition(".")[2], each.start_line, each.cyclomatic_complexity, each.nloc)
        for each in sorted(found, key=lambda each: int(each.start_line))
    ]


def function_of(code: CodeType, functions: Iterable[Function]) -> Function | None:
    """The function of this code: decorators stand above it. Comprehensions and lambdas belong to the function around them."""
    return next(
        (each for each in functions if each.first_line >= code.co_firstlineno and each.name == code.co_name),
        None,
    )


def counted(codes: Iterable[CodeType], sources: Mapping[str, str]) -> CodeCounts:
    """What the functions of these codes add up to; `sources` by file name, and code from other files does not count."""
    parsed = {name: functions_of(source) for name, source in sources.items()}
    found = {
        (code.co_filename, function)
        for code in codes
        if code.co_filename in parsed and (function := function_of(code, parsed[code.co_filename])) is not None
    }
    functions = [function for _, function in found]
    return CodeCounts(
        functions=len(functions),
        decisions=sum(function.cyclomatic - 1 for function in functions),
        worst=max((function.cyclomatic for function in functions), default=0),
        lines=sum(function.lines for function in functions),
    )

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import CodeType
from typing import Any

from bench.complexity.counting import Function, counted, function_of, functions_of
from bench.complexity.tracing import functions_run
from bench.results.complexity_schema import CodeCounts

TOY = '''
import functools


def plain(x):
    """Says nothing.

    In three lines.
    """
    # A comment is no code.
    return x


class Toy:
    def branches(self, x):
        match x:
            case 1:
                return [y for y in (1, 2) if y]
            case 2:
                return plain(x)
        return None

    @functools.cache
    def cached(
        self,
        x,
    ):
        return 1 if x else 2

    def never(self):
        while True:
            pass

    def steps(self):
        yield plain(1)
        yield self.branches(2)
'''


def _run() -> tuple[dict[str, Any], Callable[[], None]]:
    names: dict[str, Any] = {}
    exec(compile(TOY, "toy.py", "exec"), names)  # noqa: S102 - the toy is ours

    def work() -> None:
        toy = names["Toy"]()
        toy.branches(1)
        toy.cached(0)
        steps: Iterator[object] = toy.steps()
        list(steps)

    return names, work


def _of_toy(codes: set[CodeType]) -> set[str]:
    return {code.co_name for code in codes if code.co_filename == "toy.py"}


def test_functions_are_counted_with_their_branches_and_lines_without_docstring_and_comment() -> None:
    assert functions_of(TOY) == [
        Function("plain", 5, 1, 2),
        Function("branches", 15, 5, 7),
        Function("cached", 24, 2, 5),
        Function("never", 30, 2, 3),
        Function("steps", 34, 1, 3),
    ]


def test_only_functions_that_run_are_seen_generators_too() -> None:
    _, work = _run()
    assert _of_toy(functions_run(work)) - {"<listcomp>"} == {"plain", "branches", "cached", "steps"}


def test_code_below_a_decorator_and_code_of_a_method_find_their_functions() -> None:
    names, _ = _run()
    functions = functions_of(TOY)
    cached = names["Toy"].cached.__wrapped__.__code__
    assert function_of(cached, functions) == Function("cached", 24, 2, 5)
    assert function_of(names["Toy"].never.__code__, functions) == Function("never", 30, 2, 3)
    assert function_of(compile("", "toy.py", "exec"), functions) is None


def test_what_ran_adds_up_and_other_files_do_not_count() -> None:
    _, work = _run()
    codes = functions_run(work)
    assert counted(codes, {"toy.py": TOY}) == CodeCounts(functions=4, decisions=5, worst=5, lines=17)
    assert counted(codes, {}) == CodeCounts(functions=0, decisions=0, worst=0, lines=0)

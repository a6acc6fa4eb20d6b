"""What a bug report may carry of an exception: the code's own words and places, and no value from outside.

A message is told as it stands in the source, with placeholders: `{path} cannot be written ({error.strerror})`. So a path, a name,
a host or a password that a message was made of cannot come along, whatever it looks like.
"""

from __future__ import annotations

import ast
import errno
import linecache
import traceback
from pathlib import Path

from bench.progress.events import Fault

PACKAGES = ("bench", "variants", "workloads")
_ROOT = Path(__file__).resolve().parents[2]
_OF_THE_INTERPRETER = (AttributeError, NameError, TypeError, ZeroDivisionError, IndexError, RecursionError, MemoryError)
"""Their messages speak of code alone, when the interpreter itself raises them."""

CAUSES_MAX, PLACES_MAX = 8, 40

_LIBRARIES = frozenset(
    {"psycopg", "sqlalchemy", "pydantic", "pydantic_core", "pyarrow", "numpy", "scipy", "matplotlib", "typer", "rich", "jinja2"}
)


def fault_of(error: BaseException, causes: int = CAUSES_MAX) -> Fault:
    """The exception and those behind it."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if _ours(frame.filename)]
    behind = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return Fault(
        kind=type(error).__name__ if _known(error) else "a class of a plug-in",
        reason=_reason(error, frames[-1]) if _known(error) and own and own[-1] is frames[-1] else None,
        code=_code(error) if _known(error) else None,
        where=_place(own[-1]) if own else None,
        caused_by=fault_of(behind, causes - 1) if behind is not None and causes > 0 else None,
    )


def trace_of(error: BaseException) -> tuple[str, ...]:
    """The places that the exception came through, innermost last; with the line of source where it is ours."""
    frames = traceback.extract_tb(error.__traceback__)[-PLACES_MAX:]
    return tuple(f"{_place(frame)}: {frame.line}" if _ours(frame.filename) and frame.line else _place(frame) for frame in frames)


def _ours(filename: str) -> bool:
    path = Path(filename)
    return path.is_relative_to(_ROOT) and path.relative_to(_ROOT).parts[0] in PACKAGES


def _known(error: BaseException) -> bool:
    """Whether its class is ours or a library's; a stranger's is not even asked for its name."""
    module = type.__getattribute__(type(error), "__module__")
    return isinstance(module, str) and module.partition(".")[0] in {*PACKAGES, *_LIBRARIES, "builtins", "json", "subprocess"}


def _place(frame: traceback.FrameSummary) -> str:
    if _ours(frame.filename):
        return f"{Path(frame.filename).relative_to(_ROOT).as_posix()}:{frame.lineno} in {frame.name}"
    parts = Path(frame.filename).parts
    if "site-packages" in parts:
        below = parts[parts.index("site-packages") + 1 :]
        return f"{'/'.join(below)}:{frame.lineno}" if below[0] in _LIBRARIES else f"a plug-in:{frame.lineno}"
    library = Path(ast.__file__).parent
    if Path(frame.filename).is_relative_to(library):
        return f"python/{Path(frame.filename).relative_to(library).as_posix()}:{frame.lineno}"
    return f"a plug-in:{frame.lineno}"


def _code(error: BaseException) -> str | None:
    """What the system or the server calls it."""
    if isinstance(error, OSError) and error.errno is not None:
        return errno.errorcode.get(error.errno, str(error.errno))
    sqlstate = vars(error).get("sqlstate") or type(error).__dict__.get("sqlstate")
    return sqlstate if isinstance(sqlstate, str) and len(sqlstate) == 5 and sqlstate.isalnum() else None


def _reason(error: BaseException, frame: traceback.FrameSummary) -> str | None:
    """The message as it stands in the source of the `raise`, or the interpreter's own."""
    raised = _raise_at(frame)
    if raised is None:
        return str(error)[:400] if type(error) in _OF_THE_INTERPRETER else None
    made = raised.exc
    # A class begins with a capital letter; what a function makes an error of is told as its call.
    if isinstance(made, ast.Call) and made.args and isinstance(made.func, ast.Name) and made.func.id[0].isupper():
        return _template(made.args[0])
    return None if made is None else ast.unparse(made)


def _raise_at(frame: traceback.FrameSummary) -> ast.Raise | None:
    """The `raise` statement that a frame stood at."""
    lines = linecache.getlines(frame.filename)
    try:
        tree = ast.parse("".join(lines))
    except SyntaxError:
        return None
    wanted = frame.lineno or 0
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Raise) and node.lineno <= wanted <= (node.end_lineno or 0)]
    return max(found, key=lambda node: node.lineno, default=None)


def _template(node: ast.expr) -> str:
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values):
            return "".join(_template(value) for value in values)
        case ast.FormattedValue(value):
            return "{" + ast.unparse(value) + "}"
        case _:
            return "{" + ast.unparse(node) + "}"

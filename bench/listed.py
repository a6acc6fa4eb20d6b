"""The pages of `storebench list`: designs, factors with the cells that do not exist, workloads."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator, Mapping
from importlib.metadata import EntryPoint
from itertools import groupby

from rich.text import Text

from bench import registry, workload_registry
from bench.cells import Cell, cells
from bench.drive.errors import ContractError
from bench.errors import UserError
from bench.factors import FACTORS
from bench.visible import visible
from workloads import catalogue


def designs() -> Iterator[Text]:
    """Each design with the first line of what it says of itself, and the distribution that brings it."""
    return _entries(registry.known(), "design")


def workloads() -> Iterator[Text]:
    """Each named workload with the points of its family, and each workload of an entry point, likewise."""
    entries = workload_registry.known()
    width = max(map(len, (*catalogue.names(), *entries)))
    for name in catalogue.names():
        points = catalogue.points(name)
        of_family = f"  ({name}:{points[0]}; {', '.join(points[1:])})" if points else ""
        yield Text.assemble((f"{name:<{width}}", "bold"), f"  {catalogue.about(name)}", (of_family, "dim"))
    yield from _entries(entries, "workload", width)


def factors() -> Iterator[Text]:
    """Each factor with its question and levels, then which levels exist for which design and why another does not."""
    for factor in FACTORS:
        yield Text.assemble((factor.name, "bold"), (f"  {visible(factor.question)}", "dim"))
        for level, meaning in factor.levels.items():
            default = "  (default)" if level == factor.default else ""
            yield Text(f"  {level:<12} {meaning}{default}")
    yield Text("\nlevels by design: + exists, a number is the reason below why it does not", style="bold")
    crossed = {name: _crossed(name) for name in registry.known()}
    reasons = list(dict.fromkeys(cell.missing for row in crossed.values() for cell in row if cell.missing is not None))
    names = list(crossed)
    yield Text(f"  {'':<22}" + "".join(f"{number + 1:>4}" for number in range(len(names))), style="dim")
    for title, row in _rows(crossed):
        yield Text(
            f"  {title:<22}" + "".join(f"{'+' if reason is None else f'({reasons.index(reason) + 1})':>4}" for reason in row)
        )
    yield Text("\ndesigns", style="bold")
    for number, name in enumerate(names, start=1):
        yield Text(f"  {number:>3}  {visible(name)}")
    yield Text("\nreasons", style="bold")
    for number, reason in enumerate(reasons, start=1):
        yield Text(f"  ({number})  {visible(reason)}")


def _crossed(name: str) -> list[Cell]:
    """The cells of a design; one that cannot be built or asked has none, for that reason."""
    try:
        (make,) = registry.load([name]).values()
        return list(cells(name, make))
    except (UserError, ContractError) as error:
        return [Cell(factor, level, str(error)) for factor in FACTORS if not factor.of_run for level in factor.levels]


def _rows(crossed: Mapping[str, list[Cell]]) -> Iterator[tuple[str, tuple[str | None, ...]]]:
    """Each level with its reason for each design; levels of a factor that are alike are one row."""
    across = zip(*crossed.values(), strict=True)
    rows = [(alike[0].factor.name, alike[0].level, tuple(cell.missing for cell in alike)) for alike in across]
    for (factor, reasons, _), same in groupby(rows, key=lambda row: (row[0], row[2], "" if row[1].isdigit() else row[1])):
        levels = [level for _, level, _ in same]
        yield f"{factor}={levels[0] if len(levels) == 1 else f'{levels[0]}..{levels[-1]}'}", reasons


def _entries(entries: Mapping[str, EntryPoint], what: str, width: int = 0) -> Iterator[Text]:
    width = width or max(map(len, entries), default=0)
    for name, entry in entries.items():
        brought = "" if entry.dist is None else f"  ({entry.dist.name} {entry.dist.version})"
        yield Text.assemble((f"{name:<{width}}", "bold"), f"  {visible(_reading(entry, what))}", (visible(brought), "dim"))


def _reading(entry: EntryPoint, what: str) -> str:
    """The first line of the documentation of a plug-in: of its module when that begins with its name, else its own."""
    try:
        plug_in = registry.imported(entry, what)
    except UserError as error:
        return str(error)
    module = sys.modules.get(getattr(plug_in, "__module__", ""))
    of_module = (inspect.getdoc(module) or "") if module is not None else ""
    named = f"`{entry.name}`: "
    if of_module.startswith(named):
        return of_module.removeprefix(named).partition("\n")[0]
    return (inspect.getdoc(plug_in) or "no documentation").partition("\n")[0]

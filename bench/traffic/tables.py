"""Tables of traffic for a terminal, plain where there is none. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from bench.traffic import telling, verdicts
from bench.traffic.acceptance import Check, Verdict
from bench.traffic.description import Description
from bench.visible import visible

_CHECKED = ("", "check", "real", "passes", "median", "seeds", "noise", "verdict")
_WIDE_ALONE = frozenset({"real", "seeds"})
_STYLES = {Verdict.PASSED: "green", Verdict.FAILED: "bold red", Verdict.NOT_APPLICABLE: "yellow"}


def described(found: Description) -> Iterator[RenderableType]:
    """What a trace is like."""
    yield Text(visible(found.name), style="bold")
    for line in telling.heading(found):
        yield Text(f"  {line}")
    yield Text()
    rows = telling.rows(found)
    both = any(row.people is not None for row in rows)
    table = _table("statistic", "all rows", *(("people",) if both else ()))
    group = None
    for row in rows:
        if row.group != group:
            group = row.group
            table.add_row(Text(group, style="bold"))
        table.add_row(Text(f"  {row.name}"), Text(row.everything), *((Text(row.people or ""),) if both else ()))
    yield table


def checked(title: str, found: Sequence[Check], *, wide: bool) -> Iterator[RenderableType]:
    """How a workload fares against a trace; what else is told elsewhere is left out where there is no room for it."""
    yield Text(visible(title), style="bold")
    rows = verdicts.rows(found)
    table = _table(*(name for name in _CHECKED if wide or name not in _WIDE_ALONE))
    before = ""
    for row in rows:
        number = row.number if row.number != before else ""
        before = row.number
        told = {
            "": number,
            "check": row.name,
            "real": row.real,
            "passes": row.passes,
            "median": row.median,
            "seeds": row.seeds,
            "noise": row.noise if wide else row.noise.partition(",")[0],
        }
        cells = [Text(cell) for name, cell in told.items() if wide or name not in _WIDE_ALONE]
        verdict = Text(row.verdict.value, style=_STYLES[row.verdict])
        table.add_row(*cells, verdict if not row.reason else Text.assemble(verdict, f": {visible(row.reason)}"))
    yield table
    yield Text()
    seeds = _table("", "each seed, from 1 on (shares in %)", "")
    for number_of, name, values in verdicts.of_seeds(found):
        seeds.add_row(Text(number_of), Text(name), Text(values))
    if seeds.row_count:
        yield seeds
        yield Text()
    yield Text(verdicts.summary(found))


def _table(*names: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for name in names:
        table.add_column(name, overflow="fold")
    return table

"""A ranking set for a terminal, plain where there is none. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from bench.ranking import words
from bench.ranking.ranking import Order, Ranking
from bench.ranking.ratios import MEASURES
from bench.visible import visible

_STYLES = {Order.INVERTED: "bold red", Order.SAME: "green", Order.NOT_SEPARATED: "dim", Order.TOO_FEW: "dim"}


def shown(found: Ranking) -> Iterator[RenderableType]:
    """What the runs are, every pair with inversions first, what each design cost, and the count in the last line."""
    for side, run in (("synthetic", found.synthetic), ("replay", found.replay)):
        yield Text.assemble((f"{side:<10}", "bold"), visible(f"{run.name}: {words.made_of(run)}"))
    for measure in MEASURES:
        yield Text(words.by_measure(found, measure))
    for line in words.left_out(found):
        yield Text(visible(line), style="dim")
    for line in words.cautions(found):
        yield Text.assemble(("caution: ", "yellow"), visible(line))
    table = _table(words.HEADING)
    for row in found.rows:
        table.add_row(*(Text(visible(cell)) for cell in words.cells(row)), style=_STYLES[row.order])
    yield table
    costs = _table(words.FIGURES)
    for cells in words.figures_of(found):
        costs.add_row(*(Text(visible(cell)) for cell in cells))
    yield costs
    yield Text(words.count(found), style=_STYLES[Order.INVERTED if found.of(Order.INVERTED) else Order.SAME])


def _table(heading: tuple[str, ...]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in heading:
        table.add_column(name)
    return table

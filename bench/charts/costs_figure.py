"""Drawing the bars of where time goes."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from bench.charts import canvas
from bench.charts.costs import SHARES, Split, SplitGroup
from bench.charts.palette import INK, PAPER, UNEQUAL
from bench.visible import visible

_BAR_IN, _HEAD_IN = 0.2, 0.26


def draw(groups: Sequence[SplitGroup], unequal: Collection[tuple[str, str]]) -> Figure:
    """Stacked bars from zero, one for each design at each kind, with the interval of the whole; `unequal` are designs and kinds."""
    used = {share for group in groups for split in group.splits for share, value in split.shares if value > 0}
    shown = [share for share in SHARES if share in used]
    bars = sum(len(group.splits) for group in groups)
    figure = canvas.new_figure(_BAR_IN * bars + _HEAD_IN * len(groups) + 0.21 * ((len(shown) + 1) // 2) + 0.75)
    axes = figure.add_subplot()
    top = max((split.wall_us.high or split.wall_us.mean for group in groups for split in group.splits), default=0.0)
    ticks: list[tuple[float, str]] = []
    y = 0.0
    for group in groups:
        y += _HEAD_IN
        axes.text(0, y - 0.05, visible(group.kind), va="bottom", ha="left", fontweight="bold", fontsize=9)
        for split in group.splits:
            _bar(axes, split, y + _BAR_IN / 2, top)
            sign = UNEQUAL if (split.design, group.kind) in unequal else ""
            ticks.append((y + _BAR_IN / 2, visible(split.design) + sign))
            y += _BAR_IN
    axes.set_ylim(y + 0.03, 0)
    axes.set_xlim(0, top * 1.2 or 1)
    axes.set_yticks([place for place, _ in ticks], [name for _, name in ticks])
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x")
    axes.set_xlabel("microseconds for one operation")
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    keys = [Patch(facecolor=share.colour, hatch=share.hatch, edgecolor=PAPER, label=share.name) for share in shown]
    figure.legend(handles=keys, loc="outside lower left", ncols=2, handlelength=1.4)
    return figure


def _bar(axes: Axes, split: Split, y: float, top: float) -> None:
    left = 0.0
    for share, value in split.shares:
        axes.barh(y, value, height=_BAR_IN * 0.8, left=left, color=share.colour, hatch=share.hatch, edgecolor=PAPER, linewidth=0.6)
        left += value
    end = left
    if split.wall_us.low is not None and split.wall_us.high is not None:
        axes.plot([split.wall_us.low, split.wall_us.high], [y, y], color=INK, linewidth=1)
        end = max(left, split.wall_us.high)
    axes.text(end + top * 0.012, y, f"{split.wall_us.mean:,.0f}", va="center", ha="left", fontsize=8.5, color=INK)

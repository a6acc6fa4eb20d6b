"""Drawing the scoreboard of mutants."""

from __future__ import annotations

from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from bench.charts import canvas
from bench.charts.faults_score import FIRED, MISSED, STRAY, Board
from bench.charts.palette import FAINT, INK, PAPER
from bench.visible import visible

_ROW_IN, _HEAD_IN = 0.19, 1.0
_LOOKS = {FIRED: ("s", "#0072b2", "#0072b2"), MISSED: ("s", PAPER, "#d55e00"), STRAY: ("x", "#d55e00", "#d55e00")}


def draw(board: Board) -> Figure:
    """A row for each mutant, a column for each invariant; at the end whether the mutant was found."""
    figure = canvas.new_figure(_HEAD_IN + _ROW_IN * len(board.lines))
    axes = figure.add_subplot()
    columns = {name: x for x, name in enumerate(board.invariants)}
    for mark, (marker, face, edge) in _LOOKS.items():
        places = [(columns[name], y) for y, line in enumerate(board.lines) for name, own in line.marks.items() if own == mark]
        if places:
            axes.plot(
                [x for x, _ in places],
                [y for _, y in places],
                marker=marker,
                markersize=5.5,
                markerfacecolor=face,
                markeredgecolor=edge,
                markeredgewidth=1.3,
                linestyle="none",
                label=mark,
                zorder=3,
            )
    for y, line in enumerate(board.lines):
        told = "void, as it must" if line.void and line.killed else "found" if line.killed else "NOT FOUND"
        axes.text(
            1.02,
            y,
            told,
            transform=axes.get_yaxis_transform(),
            va="center",
            fontsize=7.5,
            color=FAINT if line.killed else INK,
            fontweight="normal" if line.killed else "bold",
        )
    axes.set_xlim(-0.6, max(len(columns), 1) - 0.4)
    axes.set_ylim(len(board.lines) - 0.4, -0.6)
    axes.set_xticks(range(len(columns)), [visible(name) for name in columns], rotation=90)
    axes.xaxis.tick_top()
    axes.set_yticks(range(len(board.lines)), [visible(line.name).replace("_", " ") for line in board.lines])
    axes.tick_params(axis="both", length=0, labelsize=7.5)
    axes.grid(linewidth=0.4)
    for spine in axes.spines.values():
        spine.set_visible(False)
    seen = {own for line in board.lines for own in line.marks.values()}
    handles = [_handle(mark) for mark in _LOOKS if mark in seen]
    if handles:
        figure.legend(handles=handles, loc="outside lower left", ncols=3, columnspacing=1.0, handletextpad=0.4, fontsize=8)
    return figure


def _handle(mark: str) -> Line2D:
    marker, face, edge = _LOOKS[mark]
    return Line2D([], [], marker=marker, markersize=5.5, markerfacecolor=face, markeredgecolor=edge, linestyle="none", label=mark)

"""Drawing a timeline: operations as bars by process, faults as shaded stretches behind them."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from bench.charts import canvas
from bench.charts.faults_time import TOLD, Timeline
from bench.charts.palette import FAINT, INK
from bench.visible import visible

_ROW_IN, _HEAD_IN = 0.24, 0.95
_COLOURS = {"ok": "#8ec7e8", "fail": "#999999", "info": "#ee7733"}
_SHADE = "#f6dfe8"
_SHADE_EDGE = "#aa3377"
_AT_LEAST = 0.002
"""An operation is drawn no narrower than this share of the whole, so that it can be seen."""


def draw(timeline: Timeline) -> Figure:
    """A row for each process; the colour of a bar is what its caller heard, a pale stretch is a fault."""
    figure = canvas.new_figure(_HEAD_IN + _ROW_IN * len(timeline.processes))
    axes = figure.add_subplot()
    end_s = timeline.end_s
    scale, unit = (1000.0, "ms") if end_s < 5 else (1.0, "s")
    rows = {process: y for y, process in enumerate(timeline.processes)}
    for told in TOLD:
        spans: dict[int, list[tuple[float, float]]] = {}
        for moment in timeline.moments:
            if moment.told == told:
                last_s = end_s if moment.end_s is None else moment.end_s
                width = max(last_s - moment.begin_s, _AT_LEAST * end_s)
                spans.setdefault(rows[moment.process], []).append((moment.begin_s * scale, width * scale))
        for y, own in spans.items():
            axes.broken_barh(own, (y - 0.36, 0.72), facecolors=_COLOURS[told], linewidth=0, zorder=3)
    for region in timeline.regions:
        _shade(axes, region.begin_s * scale, max(region.end_s - region.begin_s, _AT_LEAST * end_s) * scale)
    axes.set_xlim(0, end_s * scale * 1.01)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_yticks(range(len(rows)), [visible(process) for process in timeline.processes])
    axes.tick_params(axis="y", length=0, labelsize=8, labelcolor=FAINT)
    axes.set_xlabel(f"time in {unit}")
    seen = {moment.told for moment in timeline.moments}
    legend = [Patch(facecolor=_COLOURS[told], label=f"told {told}") for told in TOLD if told in seen]
    if timeline.regions:
        faults = ", ".join(visible(fault) for fault in dict.fromkeys(region.fault for region in timeline.regions))
        legend.append(Patch(facecolor=_SHADE, edgecolor=_SHADE_EDGE, linewidth=0.5, label=f"fault: {faults}"))
    figure.legend(handles=legend, loc="outside lower left", ncols=4, labelcolor=INK, columnspacing=1.2, handletextpad=0.5)
    return figure


def _shade(axes: Axes, begin: float, width: float) -> None:
    axes.axvspan(begin, begin + width, facecolor=_SHADE, edgecolor=_SHADE_EDGE, linewidth=0.4, zorder=1)

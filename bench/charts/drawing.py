"""Drawing a chart; apart from what a chart is, so that only who draws waits for the library that does."""

from __future__ import annotations

from collections.abc import Callable

from matplotlib.figure import Figure

from bench.charts import canvas
from bench.charts.chart import Chart, Table, Words


def chart(name: str, section: str, words: Words, table: Table, draw: Callable[[], Figure]) -> Chart:
    """Draw a figure under our settings and keep it in both forms."""
    with canvas.drawing():
        figure = draw()
        return Chart(name, section, words, canvas.svg(figure), canvas.png(figure), table)

"""From a run's summary to its report, in HTML and in Markdown. Pure: the same input gives the same bytes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import numpy as np
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from numpy.typing import NDArray

from bench.charts.build import build
from bench.charts.chart import Chart, as_csv
from bench.report.inline_svg import inline
from bench.report.markdown import as_code, as_markdown
from bench.report.page import page
from bench.report.rendered import Rendered
from bench.results.run_record import RunRecord
from bench.results.schema import Summary
from bench.visible import visible


def render(summary: Summary, run: RunRecord, ecdf: Mapping[str, Mapping[str, NDArray[np.int64]]]) -> Rendered:
    """The report of a run. `ecdf` are the raw latencies in nanoseconds by kind of operation and variant.

    When a same-work proof failed, the report shows the differences in place of any result, and there are no charts.
    """
    charts = build(summary, ecdf) if all(proof.holds for proof in summary.proofs) else []
    content = page(summary, run, charts)
    return Rendered(
        _environment(_for_html).get_template("report.html.j2").render(page=content),
        _environment(_for_markdown).get_template("report.md.j2").render(page=content),
        {f"{chart.name}.{ending}": content for chart in charts for ending, content in _files(chart).items()},
    )


def _files(chart: Chart) -> dict[str, bytes]:
    return {"svg": chart.svg, "png": chart.png, "csv": as_csv(chart.table)}


def _environment(shown: Callable[[object], object]) -> Environment:
    environment = Environment(
        loader=PackageLoader("bench.report"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=shown,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["drawing"] = lambda chart: inline(chart.svg, chart.name, chart.words.title)
    environment.filters["code"] = as_code
    return environment


def _for_html(value: object) -> object:
    if isinstance(value, Markup):
        return value
    # A figure and its unit stay on one line.
    return re.sub(r"(?<=\d) (?=(?:%|ms|s)(?![A-Za-z]))", "\u00a0", visible(str(value)))


def _for_markdown(value: object) -> object:
    return value if isinstance(value, Markup) else as_markdown(str(value))

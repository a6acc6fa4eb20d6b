"""Puts a report into a run's folder: the one place of this package that touches files."""

from __future__ import annotations

import shutil
from pathlib import Path

from bench.report.render import Rendered


def write_report(folder: Path, rendered: Rendered) -> None:
    """Write `report.html`, `report.md` and `charts/`, each replaced as a whole; charts of an earlier report are gone.

    Raises OSError when the folder cannot be written.
    """
    partial, charts = folder / ".partial-charts", folder / "charts"
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir()
    for name, content in rendered.charts.items():
        (partial / name).write_bytes(content)
    shutil.rmtree(charts, ignore_errors=True)
    partial.rename(charts)
    for name, text in (("report.html", rendered.html), ("report.md", rendered.markdown)):
        written = folder / f".partial-{name}"
        written.write_bytes(text.encode())
        written.replace(folder / name)

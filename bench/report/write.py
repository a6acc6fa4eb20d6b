"""Puts a report into a run's folder: the one place of this package that touches files."""

from __future__ import annotations

import shutil
from pathlib import Path

from bench.report.rendered import Rendered
from bench.results.files import unwritable, write_file
from workloads.placing import PARTIAL


def write_report(folder: Path, rendered: Rendered) -> None:
    """Write `report.html`, `report.md` and `charts/`, each replaced as a whole; charts of an earlier report are gone.

    Raises UserError when the folder cannot be written; then nothing half written stays.
    """
    partial, charts = folder / f"{PARTIAL}charts", folder / "charts"
    shutil.rmtree(partial, ignore_errors=True)
    try:
        partial.mkdir()
        for name, content in rendered.charts.items():
            (partial / name).write_bytes(content)
        shutil.rmtree(charts, ignore_errors=True)
        partial.rename(charts)
    except OSError as error:
        shutil.rmtree(partial, ignore_errors=True)
        raise unwritable(charts, error) from error
    write_file(folder / "report.html", rendered.html.encode())
    write_file(folder / "report.md", rendered.markdown.encode())

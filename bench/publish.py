"""What is derived from a run, written into its folder: summary, charts and reports; all of it can be deleted and made again."""

from __future__ import annotations

import logging

from bench.load.trials import PREFIX as LOAD
from bench.report.write import write_report
from bench.results.files import pretty, write_file
from bench.results.folder import SUMMARY, RunFolder
from bench.results.schema import Summary
from bench.summarise import derive, latencies


def publish(folder: RunFolder) -> Summary:
    """Derive the summary and write it with its charts and reports. A run that is damaged is refused, and nothing is written."""
    summary, found = derive(folder), latencies(folder)
    # It tells on standard error that it cannot keep its list of fonts, which matters to nobody.
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    from bench.load.histograms import export  # noqa: PLC0415 - the library is slow to import
    from bench.report.render import render  # noqa: PLC0415 - importing matplotlib writes a folder, and what is refused writes none

    write_file(folder.path / SUMMARY, pretty(summary))
    export(folder.path, folder.trials(LOAD))
    write_report(folder.path, render(summary, folder.read_run(), found))
    return summary

"""What is derived from a run, written into its folder: summary, charts and reports; all of it can be deleted and made again."""

from __future__ import annotations

from bench.latency.summary import distributions
from bench.report.render import render
from bench.report.write import write_report
from bench.results.files import pretty, write_file
from bench.results.folder import SUMMARY, RunFolder
from bench.results.schema import Summary
from bench.summarise import derive, paired


def publish(folder: RunFolder) -> Summary:
    """Derive the summary and write it with its charts and reports."""
    summary = derive(folder)
    write_file(folder.path / SUMMARY, pretty(summary))
    write_report(folder.path, render(summary, folder.read_run(), distributions(paired(folder))))
    return summary

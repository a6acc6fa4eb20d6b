"""The report: what a run found, in words, tables and charts. Pure, but for `bench.report.write`."""

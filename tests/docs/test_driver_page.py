"""The page about the driver shows what a stored run found, in each of its parts."""

from __future__ import annotations

from bench.driver_page import NOT_MEASURED, PAGE, renewed
from bench.pgbench.summary import summarise
from bench.results.pgbench_schema import HarnessPart, PgbenchRound, PgbenchSelect, PgbenchSummary

TEXT = PAGE.read_text(encoding="utf-8")


def found() -> PgbenchSummary:
    def row(arm: str, per_s: float) -> PgbenchRound:
        return PgbenchRound(
            design="dual",
            clients=1,
            arm=arm,
            exchange="plain",
            round=0,
            position=0,
            messages=100,
            seconds=1.0,
            transactions_per_s=per_s,
            client_cpu_us=123,
        )

    parts = [HarnessPart(design="dual", exchange="plain", part="encoding", cpu_us=36.4)]
    selects = [PgbenchSelect(design="dual", round=0, select_us=17, cpu_us=3)]
    return summarise([row("pgbench", 1_000), row("ours", 850)], selects, [], parts, seed=1, draws=100)


def test_parts_are_renewed_and_the_words_around_them_stay() -> None:
    page = renewed(TEXT, found(), "2 CPUs")
    assert NOT_MEASURED not in page
    assert "harness, plain  pgbench  0.85" in page
    assert "\n2 CPUs\nThe fetch alone takes pgbench 17 µs" in page
    assert "encoding      36" in page
    assert renewed(page, None, "") == renewed(TEXT, None, "")


def test_what_no_run_measured_says_so() -> None:
    assert renewed(TEXT, None, "").count(NOT_MEASURED) == 2

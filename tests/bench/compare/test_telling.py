from __future__ import annotations

import json
from collections.abc import Mapping

import numpy as np

from bench.compare.comparison import Comparison, compare
from bench.compare.plain import plain
from bench.compare.telling import markdown
from bench.report.markdown import as_code
from bench.report.markdown_table import ROWS_OPEN, ROWS_SHOWN
from bench.results.schema import ClaimRow
from tests.bench.compare.sides import measured, side
from tests.bench.report.made_up import DESIGNS, anatomy, crash, run, summary

HOSTILE = "a|b <script>`x`</script> \x1b[31m\n# *not* a heading"


def pages(found: Comparison) -> tuple[str, list[str]]:
    text = markdown(found)
    return text, text.splitlines()


def claim(verdict: str) -> ClaimRow:
    return ClaimRow(id="2x", section="Problems", quote="2x", line=1, verdict=verdict, evidence="")


def test_a_run_with_itself_is_one_line() -> None:
    one = measured("one", np.random.default_rng(1))
    assert markdown(compare(one, one)) == (
        "`one` and `one` are the same run: 809 of 809 counts are equal, 4 of 4 latency ratios are \\~, and 0 of 0 verdicts are the"
        " same.\n"
    )


def test_the_short_form_comes_first_and_tables_only_where_something_changed() -> None:
    rng = np.random.default_rng(2)
    text, lines = pages(compare(measured("before", rng), measured("after", rng)))
    assert lines[0] == "# `after` against `before`"
    assert lines[2].startswith("A is `before`, B is `after`. Both did the same work: seed 7, 5 designs (dual, ")
    assert lines[4].startswith("- **Counts**: equal: 809 of 809. Bytes of WAL differ by at most 2 %")
    assert lines[5].startswith("- **Latency**: 0 of 4 ratios to a baseline changed; half of them could have told a change of ")
    assert "Counts that changed" not in text
    assert "## " not in text
    assert "<details><summary>Ratios that did not change (\\~): 4 rows</summary>" in text


def test_changed_ratios_counts_claims_and_circumstances_have_a_table_each() -> None:
    rng = np.random.default_rng(3)
    before, after = measured("before", rng), measured("after", rng, factors={"hybrid": 1.3})
    cells = anatomy()
    cells[0] = cells[0].model_copy(update={"statements_write": 9})
    a = side("before", found=before.summary.model_copy(update={"claims": [claim("supported")]}), paired=list(before.paired))
    b = side(
        "after",
        record=run(server={"server_version": "15.1", "settings": {"fsync": "on"}, "extensions": {"missing": None}}),
        found=after.summary.model_copy(update={"claims": [claim("refuted")], "anatomy": cells}),
        paired=list(after.paired),
    )
    text, _ = pages(compare(a, b))
    assert "| server server_version | 18.6 | 15.1 |" in text
    assert "| dual per_side, send warm, k = 0 | statements write | 1 | 9 | +8 (9×) |" in text
    assert "| workload | per_side | send | hybrid | dual |" in text.partition("## Ratios that changed")[2].partition("<details>")[0]
    assert "| 2x | supported | refuted |" in text


def test_every_row_of_a_table_has_as_many_cells_as_its_heading_whatever_names_hold() -> None:
    designs = run().designs
    record = run(
        designs={f"{HOSTILE}{name}": design for name, design in designs.items()},
        machine={HOSTILE: HOSTILE},
        workloads={HOSTILE: "cd" * 32},
    )
    crashed = [cell.model_copy(update={"kind": HOSTILE, "statements_write": 99}) for cell in anatomy()]
    a = side(
        "a",
        record=record,
        found=summary(latency=[], missing=[HOSTILE], anatomy=[c.model_copy(update={"kind": HOSTILE}) for c in anatomy()]),
    )
    b = side(HOSTILE, record=record.model_copy(update={"machine": {HOSTILE: "other"}}), found=summary(latency=[], anatomy=crashed))
    text, lines = pages(compare(a, b))
    assert "\x1b" not in text
    # As code it is inert; anywhere else it must be escaped.
    assert "<script>" not in text.replace(as_code(HOSTILE), "")
    tables = [line for line in lines if line.startswith("|")]
    assert tables
    for block in text.split("\n\n"):
        rows = [line for line in block.splitlines() if line.startswith("|")]
        assert len({_cells(row) for row in rows}) <= 1


def _cells(row: str) -> int:
    return row.replace("\\\\", "").replace("\\|", "").count("|")


def test_a_long_table_is_folded_and_a_very_long_one_is_cut_with_a_word() -> None:
    cells = [cell.model_copy(update={"transactions": 7, "flights": 7, "round_trips": 77}) for cell in anatomy()]
    text, _ = pages(compare(side("a"), side("b", found=summary(latency=[], anatomy=cells))))
    changed = 3 * len(cells)
    assert changed > ROWS_OPEN
    assert f"<details><summary>Counts that changed: write anatomy: {changed} rows</summary>" in text
    assert (f"{changed - ROWS_SHOWN} more rows" in text) is (changed > ROWS_SHOWN)


def test_what_is_missing_stopped_or_busy_stands_on_top() -> None:
    busy = run(machine=run().machine | {"load_average_1min": 5.0})
    b = side(
        "b", record=busy, found=summary(latency=[], crash=[], missing=["crash-dual"], stopped_early=["reads: reads_session_s"])
    )
    _, lines = pages(compare(side("a"), b))
    assert "- **Missing in B**: crash-dual." in lines
    assert "- **Stopped early in B**: reads: reads_session_s." in lines
    assert f"- **Only in A**: crash points ({len(crash())})." in lines
    assert "- **Caution**: begun on a machine that was busy with something else: B (load 5.0 on 2 CPUs)." in lines


def test_the_json_has_the_same_findings_and_every_row() -> None:
    rng = np.random.default_rng(4)
    found = compare(measured("a", rng), measured("b", rng, factors={"floor": 2.0}))
    again = json.loads(json.dumps(plain(found), allow_nan=False))
    assert isinstance(again, Mapping)
    assert again["counts"]["equal"] == again["counts"]["compared"] == 809
    assert again["latencies"]["changed"] == 1
    assert [row["variant"] for row in again["latencies"]["rows"] if row["told"]] == ["floor"]
    assert again["designs"] == list(DESIGNS)

"""docs/comparing.md says what the code does: its bounds, and the form of what is printed."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from bench.compare.comparison import compare
from bench.compare.counts import WAL_BYTES_BOUND
from bench.compare.figures import SPLIT_BYTES
from bench.compare.latency import BETWEEN_RUNS, READS, WORKLOAD
from bench.compare.likeness import BESIDE_WORK
from bench.compare.telling import markdown
from bench.report.markdown_table import ROWS_SHOWN
from bench.stats.between import PAIRED_SESSIONS, sessions_needed
from tests.bench.compare.sides import measured, side
from tests.bench.report.made_up import run

PAGE = (Path(__file__).parents[2] / "docs" / "comparing.md").read_text(encoding="utf-8")
PROSE = " ".join(PAGE.split())


def test_the_bounds_on_the_page_are_those_of_the_code() -> None:
    assert f"larger than {BETWEEN_RUNS[WORKLOAD] - 1:.0%}, or {BETWEEN_RUNS[READS] - 1:.0%} for reads".replace("%", " %") in PROSE
    assert f"beyond {WAL_BYTES_BOUND:.0%}".replace("%", " %") in PROSE
    assert f"writes {SPLIT_BYTES} bytes" in PROSE
    assert f"at most {ROWS_SHOWN} rows" in PROSE
    assert {6: "From six sessions on"}[PAIRED_SESSIONS] in PROSE
    assert {8: "for a hundred rows it takes eight sessions"}[sessions_needed(0.05 / 100)] in PROSE
    assert all(f"`{key}`" in PROSE for key in BESIDE_WORK)


def test_the_example_has_the_form_that_is_printed() -> None:
    (example,) = re.findall(r"```markdown\n(.*?)```", PAGE, re.DOTALL)
    rng = np.random.default_rng(1)
    a, b = measured("a", rng), measured("b", rng)
    # As in the example: another server, on a machine with other work.
    elsewhere = run(server={"server_version": "15.1"}, machine={"cpus_usable": 2, "load_average_1min": 2.21})
    printed = markdown(compare(a, side("b", record=elsewhere, found=b.summary, paired=list(b.paired))))
    assert _form(example) == _form(printed)[: len(_form(example))]


def _form(text: str) -> list[str]:
    """Titles, the labels of the list and the headings of tables, without names and figures."""
    rows = text.splitlines()
    found = []
    for row, below in zip(rows, [*rows[1:], ""], strict=True):
        if row.startswith(("#", "<details>")):
            found.append(re.sub(r"`[^`]*`|\d+", "", row))
        elif row.startswith("- **"):
            found.append(row.split("**")[1])
        elif set(below) <= set("|- :") and below:
            found.append(row)
    return found

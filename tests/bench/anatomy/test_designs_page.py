"""docs/designs.md is true: its tables are those of the code, and the costs it derives by hand are those that are counted."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from bench.anatomy.measure import AnatomyPlan, measure
from bench.designs_page import PAGE, UNOBSERVED, named, printed, renewed, renewed_from_code, unobserved
from bench.registry import build, load
from bench.results.schema import AnatomyCell, RowsChanged
from bench.server.phases import ServerPhase
from bench.server.server import Server
from bench.stores import Store
from tests.bench.anatomy.derived import Costs, derived_costs, disagreements, value
from variants.contract import Design, Options

ROOT = Path(__file__).parents[3]
TEXT = PAGE.read_text(encoding="utf-8")
OURS = list(tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["entry-points"]["storebench.variants"])
KS = (0, 1, 2, 4)


def test_the_page_prints_every_design_of_the_project_and_derives_its_costs() -> None:
    assert sorted(named(TEXT)) == sorted(OURS)
    assert sorted(named(TEXT, UNOBSERVED)) == sorted(OURS)
    assert sorted(costs.design for costs in derived_costs(TEXT)) == sorted(OURS)


def test_the_printed_tables_are_those_of_the_code() -> None:
    assert renewed_from_code(TEXT) == TEXT, "docs/designs.md is stale: run `python -m bench.designs_page`"


def test_a_stale_table_is_renewed_and_the_words_around_it_stay() -> None:
    design = build(load(["hybrid"]), Options())["hybrid"]
    stale = TEXT.replace("CREATE TABLE central_channels", "CREATE TABLE channels")
    assert stale != TEXT
    assert renewed_from_code(stale) == TEXT
    assert printed(design) in TEXT
    assert renewed(TEXT, lambda name: f"{name}\n").count("CREATE TABLE") == 0


def test_a_column_that_the_proof_does_not_see_is_listed_with_its_reason() -> None:
    designs = build(load(["hybrid", "floor"]), Options())
    listed = unobserved(designs["hybrid"]).splitlines()
    assert any(line.startswith("- `participants.id`: ") for line in listed)
    assert all(len(line.partition(": ")[2]) > 10 for line in listed)
    assert unobserved(designs["floor"]) == "Every column is seen.\n"
    assert renewed_from_code(TEXT.replace(listed[0] + "\n", "")) == TEXT


@pytest.mark.parametrize(
    ("formula", "values"),
    [
        ("0", (0, 0, 0, 0)),
        ("3", (3, 3, 3, 3)),
        ("k", (0, 1, 2, 4)),
        ("3k", (0, 3, 6, 12)),
        ("2 + 5k", (2, 7, 12, 22)),
        ("1 + [k > 0]", (1, 2, 2, 2)),
    ],
)
def test_a_formula_is_read_as_it_is_written(formula: str, values: tuple[int, ...]) -> None:
    assert tuple(value(formula, k) for k in KS) == values


@pytest.mark.parametrize("formula", ["", "1 +", "k2", "1 - k", "n", "1 + + k"])
def test_what_is_no_formula_is_refused(formula: str) -> None:
    with pytest.raises(AssertionError):
        value(formula, 1)


@pytest.fixture(scope="module")
def costs_by_design() -> dict[str, Costs]:
    return {costs.design: costs for costs in derived_costs(TEXT)}


def ignored(done: float, total: float) -> None:
    """Progress that nobody looks at."""


def counted(store: Store) -> list[AnatomyCell]:
    cells, proof = measure(store, AnatomyPlan(ks=KS, scenes=2, kinds=("send",)), ignored)
    assert proof.holds
    return cells


@pytest.mark.parametrize("name", OURS)
def test_the_derived_costs_are_the_counted_ones(
    name: str, costs_by_design: dict[str, Costs], server: Server, fresh_store: Callable[[Design], Store]
) -> None:
    server.settings(ServerPhase.MEASURE)
    cells = counted(fresh_store(build(load([name]), Options())[name]))
    # Two states, two atomicities, each k.
    assert len(cells) == 2 * 2 * len(KS)
    assert all(cell.uniform for cell in cells)
    assert [line for cell in cells for line in disagreements(costs_by_design[name], cell)] == []


@pytest.mark.parametrize(
    ("row", "wrong", "line"),
    [
        ("`memories`", ("2k", "k"), "memories: the page derives 4 rows inserted, counted (2.0, 0.0, 0.0)"),
        ("`worlds`", ("1", "k"), "worlds: the page derives 1 rows inserted, counted (0, 0, 0)"),
        ("statements that read", ("2k", "3k"), "statements that read: the page derives 4, counted 6"),
        ("transactions, per side", ("1", "1"), "transactions, per side: the page derives 1, counted 3"),
    ],
)
def test_a_wrong_derivation_is_named(row: str, wrong: tuple[str, str], line: str, costs_by_design: dict[str, Costs]) -> None:
    planted = Costs("dual", {**costs_by_design["dual"].rows, row: wrong})
    one_row, two_rows = (RowsChanged(inserted=count, updated=0, deleted=0) for count in (1, 2))
    cell = AnatomyCell(
        design="dual",
        atomicity="per_side",
        kind="send",
        k=2,
        state="warm",
        operations=2,
        uniform=True,
        transactions=3,
        statements_read=6,
        statements_write=3,
        round_trips=15,
        flights=5,
        rows={"memories": two_rows, "root_messages": one_row},
        wal_records=None,
        wal_bytes=None,
        wal_images=None,
    )
    assert disagreements(costs_by_design["dual"], cell) == []
    assert disagreements(planted, cell) == [f"dual, per_side, k = 2, warm: {line}"]

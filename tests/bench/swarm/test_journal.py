"""Rows of several workers become one table without loss, whatever a worker that died left half sent."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bench.load import derive, judging
from bench.swarm.journal import Journal, packed, unpacked
from tests.bench.swarm.made_up import rows


def test_what_was_packed_is_unpacked() -> None:
    table = rows(range(50))
    assert unpacked(packed(table)).equals(table)


@pytest.mark.parametrize("batch", [b"", b"no rows", packed(rows(range(3)))[:-40]])
def test_a_batch_that_holds_no_rows_is_refused(batch: bytes) -> None:
    with pytest.raises(ValueError, match="rows"):
        unpacked(batch)


def test_merged_percentiles_are_those_of_the_pooled_raw_values(tmp_path: Path) -> None:
    rng = np.random.default_rng(8)
    journal, pooled = Journal(tmp_path / "rows"), []
    for process in range(4):
        numbers = range(process, 800, 4)
        for begin in range(0, 200, 50):
            responses = rng.lognormal(14.0, 1.0, 50).astype(int)
            pooled.append(responses)
            for number, response in zip(numbers[begin : begin + 50], responses.tolist(), strict=True):
                journal.add(packed(rows([number], process, response_ns=response, lag_ns=0)))
    table = journal.rows()
    assert table["number"].to_pylist() == list(range(800))
    expected = np.concatenate(pooled)
    found = judging.rows(table).response_ns
    assert sorted(found.tolist()) == sorted(expected.tolist())
    for q in derive.QUANTILES:
        assert judging.nearest_rank(found, q) == int(np.quantile(expected, q, method="inverted_cdf"))


def test_a_batch_that_is_half_there_is_left_out_and_the_others_stay(tmp_path: Path) -> None:
    path = tmp_path / "rows"
    journal = Journal(path)
    journal.add(packed(rows([1, 2])))
    journal.add(packed(rows([3])))
    path.write_bytes(path.read_bytes()[:-1])
    assert journal.rows()["number"].to_pylist() == [1, 2]

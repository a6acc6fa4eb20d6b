"""Runs of users on a real server: every operation once, committed, and the store as acknowledged."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import psycopg
import pytest
from pyarrow import compute

from bench.load import derive, judging, recorder
from bench.load.arrivals import digest, poisson
from bench.load.files import ROWS
from bench.server.server import Server
from bench.streams import Stream, generator
from bench.swarm import launching, server_address
from bench.swarm.digests import Part, union
from bench.swarm.launching import Place
from bench.swarm.phases import Shape
from tests.bench.swarm.runs import SHORT, children, performed, stored, wait_for

pytestmark = pytest.mark.database


def test_users_perform_every_operation_once_and_the_store_is_what_was_acknowledged(server: Server, tmp_path: Path) -> None:
    told = performed(SHORT, Place(), tmp_path, server)
    record, table = told.record, recorder.read(told.folder / ROWS)
    assert (record.rows, record.acknowledged, record.operations) == (120, 120, 120)
    assert record.proof_holds
    assert not record.stopped
    numbers = table["number"].to_pylist()
    assert numbers == list(range(numbers[0], numbers[0] + 120))
    ((point, _),) = derive.stored_points([told.folder])
    assert point.due_digest == digest(poisson(120, 80.0, generator(1, Stream.SWARM)))
    assert table["due_ns"].to_pylist() == poisson(120, 80.0, generator(1, Stream.SWARM)).tolist()
    assert set(table["lane"].to_pylist()) <= set(range(4))
    assert [path.suffix for path in (told.folder / "histograms").iterdir()] == [".hgrm"]
    page = (tmp_path / "locust.html").read_text()
    # Locust's own report tells responses by more than whole milliseconds.
    assert re.search(r'"response_time_percentile_0.5(0)?": [0-9]+\.[0-9]', page) or re.search(r'"0\.5": [0-9]+\.[0-9]', page)


@pytest.mark.full
def test_one_master_and_four_workers_do_the_whole_stream_and_merge_without_loss(server: Server, tmp_path: Path) -> None:
    options = replace(SHORT, variant="hybrid", users=8, rate_per_s=60.0, run_s=8.0, shape=Shape.WORKLOAD)
    told = performed(options, Place(workers=4), tmp_path, server)
    record, table = told.record, recorder.read(told.folder / ROWS)
    assert [worker.ended for worker in record.workers] == [True] * 4
    assert union(Part(worker.operations, worker.digest) for worker in record.workers) == Part(record.operations, record.digest)
    assert [worker.rows for worker in record.workers] == [worker.operations for worker in record.workers]
    assert sum(worker.rows for worker in record.workers) == record.rows == record.acknowledged == 480
    assert all(worker.rows > 0 for worker in record.workers)
    assert len(set(table["number"].to_pylist())) == 480
    assert record.proof_holds
    parts = [judging.rows(table.filter(compute.equal(table["process"], worker.process))).response_ns for worker in record.workers]
    pooled = judging.rows(table).response_ns
    for q in derive.QUANTILES:
        assert judging.nearest_rank(pooled, q) == int(np.quantile(np.concatenate(parts), q, method="inverted_cdf"))
    assert told.level is not None
    assert told.level.response_p99_ns == judging.nearest_rank(pooled, 0.99)


@pytest.mark.full
def test_a_worker_that_is_killed_is_told_and_nothing_is_counted_twice(server: Server, tmp_path: Path) -> None:
    options = replace(SHORT, variant="dual", users=8, rate_per_s=40.0, run_s=40.0)
    place = launching.free_place(Place(workers=4))
    commands = [launching.leader(options, place, tmp_path), *[launching.worker(place)] * 4]
    with children(commands, tmp_path, server) as (leading, *workers):
        wait_for(lambda: any(path.stat().st_size > 20_000 for path in tmp_path.glob("*/rows.journal")))
        workers[2].process.send_signal(signal.SIGKILL)
        wait_for(lambda: leading.process.poll() is not None)
    told = stored(tmp_path)
    record, table = told.record, recorder.read(told.folder / ROWS)
    gone = [worker.process for worker in record.workers if not worker.ended]
    assert len(gone) == 1
    assert f"worker {gone[0]} was gone before the end" in record.why
    assert leading.says(f"worker {gone[0]} was gone before the end")
    assert not record.is_whole
    numbers = table["number"].to_pylist()
    assert len(numbers) == len(set(numbers)) == record.rows < record.operations
    # The others' work is all there, and of the one that died nothing that contradicts what it had told.
    assert record.proof_holds


@pytest.mark.full
def test_a_run_that_is_stopped_ends_what_is_under_way_and_its_store_is_as_acknowledged(server: Server, tmp_path: Path) -> None:
    options = replace(SHORT, variant="dual", rate_per_s=60.0, run_s=60.0)
    with children([launching.leader(options, Place(), tmp_path)], tmp_path, server) as (leading,):
        wait_for(lambda: any(path.stat().st_size > 20_000 for path in tmp_path.glob("*/rows.journal")))
        leading.process.terminate()
        wait_for(lambda: leading.process.poll() is not None)
    record = stored(tmp_path).record
    assert record.stopped
    assert 0 < record.acknowledged <= record.rows < record.operations
    assert record.unknown == 0
    assert record.proof_holds


@pytest.mark.full
def test_a_store_that_loses_what_it_acknowledged_is_told(server: Server, tmp_path: Path) -> None:
    options = replace(SHORT, variant="dual", rate_per_s=40.0, run_s=20.0)
    with children([launching.leader(options, Place(), tmp_path)], tmp_path, server) as (leading,):
        wait_for(lambda: any(path.stat().st_size > 20_000 for path in tmp_path.glob("*/rows.journal")))
        with psycopg.connect(server.endpoint.conninfo(), autocommit=True) as connection:
            row = connection.execute("SELECT datname FROM pg_database WHERE datname LIKE '%swarm_0'").fetchone()
        assert row is not None
        with psycopg.connect(server.endpoint.conninfo().replace("dbname=postgres", f"dbname={row[0]}"), autocommit=True) as planted:
            planted.execute("DELETE FROM memories WHERE id = (SELECT min(id::text)::uuid FROM memories)")
        wait_for(lambda: leading.process.poll() is not None)
    assert leading.process.returncode == 3
    assert not stored(tmp_path).record.proof_holds


@pytest.mark.full
@pytest.mark.parametrize("workers", [0, 2])
@pytest.mark.parametrize(
    ("wrong", "words"),
    [({"rate_per_s": 0.0}, "--rate 0: give a number above 0"), ({"messages": 5, "rate_per_s": 500.0}, "lower --rate")],
)
def test_a_run_that_cannot_be_ends_locust_and_is_told_in_one_line(
    wrong: dict[str, float], words: str, workers: int, server: Server, tmp_path: Path
) -> None:
    options = replace(SHORT, **wrong)  # type: ignore[arg-type]  # the keys are those of Options
    address = server_address.written(server.endpoint)
    assert launching.run(options, launching.free_place(Place(workers=workers)), tmp_path, address) == 2
    assert words in launching.trouble_in(tmp_path / launching.LOG)
    assert "Traceback" not in (tmp_path / launching.LOG).read_text()


@pytest.mark.parametrize(
    ("server_words", "words"),
    [("", "STOREBENCH_SERVER is not set to url="), ("embedded", "STOREBENCH_SERVER is not set to url=")],
)
@pytest.mark.full
def test_locust_alone_says_in_one_line_what_it_lacks(server_words: str, words: str, tmp_path: Path) -> None:
    environment = {**os.environ, "STOREBENCH_SERVER": server_words}
    command = launching.leader(SHORT, Place(), tmp_path)
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment, timeout=60)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr

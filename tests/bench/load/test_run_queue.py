"""Time in which a thread could have run and did not."""

from __future__ import annotations

from pathlib import Path

from bench.load.run_queue import RunQueue


def test_the_second_field_of_the_threads_scheduler_statistics_is_read_anew_each_time(tmp_path: Path) -> None:
    path = tmp_path / "schedstat"
    path.write_text("5 70 2\n", encoding="ascii")
    with RunQueue(path) as queue:
        assert queue.waited_ns() == 70
        path.write_text("9 95 3\n", encoding="ascii")
        assert queue.waited_ns() == 95


def test_a_kernel_that_keeps_no_count_says_that_nothing_was_waited(tmp_path: Path) -> None:
    with RunQueue(tmp_path / "nothing") as queue:
        assert queue.waited_ns() == 0
    empty = tmp_path / "empty"
    empty.touch()
    with RunQueue(empty) as queue:
        assert queue.waited_ns() == 0

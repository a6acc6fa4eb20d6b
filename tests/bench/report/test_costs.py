"""How costs and checkpoints are told."""

from __future__ import annotations

from bench.report.costs import cost_grids, lead, recording_sentences
from bench.report.relations import checkpoint_grids, is_equal, relation_grids
from bench.results.cost_schema import Lacking
from bench.results.schema import AnatomyCell, CheckpointCell
from bench.runs.findings import findings
from tests.bench.report.made_up import cell, cost_row, costs_summary, inserted, relation, summary


def counted(**changes: object) -> AnatomyCell:
    told = {
        "wal_records": 5.0,
        "wal_bytes": 600.0,
        "wal_page_bytes": 0.0,
        "wal_images": 0.0,
        "wal_image_records": 0.0,
        "wal_hint_images": 0.0,
        "relations": [relation("root_messages", "root_messages", 1, 300), relation("transactions", "", 1, 34)],
    }
    return cell("dual", "send", 1, inserted(root_messages=1)).model_copy(update=told | changes)


ACROSS = CheckpointCell(plain=counted(), across=counted(wal_images=9000.0, wal_image_records=2.0))


def test_a_split_shows_means_with_their_intervals() -> None:
    split = cost_grids(costs_summary())[0]
    row = dict(zip(split.heading, split.rows[0], strict=True))
    assert (row["design"], row["time µs [95 %]"], row["fsyncs"]) == ("dual", "1,000 [900, 1,100]", "3")


def test_what_could_not_be_measured_is_told_as_not_available_and_never_as_zero() -> None:
    lacking = costs_summary(
        rows=[cost_row("dual", backend_cpu_us=None, fsync_us=None, fsyncs=None, wait_us=None, queued_us=None)],
        lacking=[Lacking(what="fsync", why="this server does not time the fsyncs of its WAL")],
    )
    split, *_, told = cost_grids(lacking)
    row = dict(zip(split.heading, split.rows[0], strict=True))
    assert {row[name] for name in ("backend CPU", "fsync", "fsyncs", "wait", "of it queued")} == {"not available"}
    assert told.rows == (("fsync", "not available", "this server does not time the fsyncs of its WAL"),)


def test_recording_is_told_by_itself_and_on_against_off() -> None:
    by_itself, change = recording_sentences(costs_summary())
    assert by_itself == "Recording by itself takes 2.00 µs of CPU an operation: 0.20 % of a send with the plain exchange."
    assert change == "On against off, the time of a send (plain) changes by ~ +0.5 % [−0.5 %, +1.5 %] (n = 40 pairs of blocks)."
    assert by_itself in lead(costs_summary())
    assert recording_sentences(None) == []
    assert cost_grids(None) == []


def test_plain_and_across_stand_side_by_side() -> None:
    (grid,) = checkpoint_grids([ACROSS])
    (row,) = grid.rows
    assert row == ("send", "warm", "1", "dual", "5", "5", "600", "600", "0", "0", "0", "9,000", "2", "0", "yes")
    assert checkpoint_grids([]) == []


def test_a_record_or_a_byte_that_a_checkpoint_changed_is_told() -> None:
    for changes in ({"wal_records": 6.0}, {"wal_bytes": 601.0}, {"transactions": 9.0}):
        assert is_equal(CheckpointCell(plain=counted(), across=counted(**changes))) is False
    (grid,) = checkpoint_grids([CheckpointCell(plain=counted(), across=counted(wal_records=6.0))])
    assert grid.rows[0][-1] == "NO"


def test_a_checkpoint_that_nobody_could_force_is_no_equality() -> None:
    assert is_equal(CheckpointCell(plain=counted(), across=None)) is None
    (grid,) = checkpoint_grids([CheckpointCell(plain=counted(), across=None)])
    assert grid.rows[0][-1] == "–"


def test_the_end_of_a_run_tells_recording_and_checkpoints() -> None:
    told = findings(summary(costs=costs_summary(), checkpoints=[ACROSS, CheckpointCell(plain=counted(), across=None)]))
    assert told[-1] == (
        "Across a forced checkpoint 1 of 1 cells have the same records and the same bytes without images; images of all cells, an"
        " operation each: 0 bytes without it, 9,000 across it."
    )
    assert findings(summary()) == []


def test_what_one_write_leaves_is_told_by_relation() -> None:
    (grid,) = relation_grids([counted()])
    assert [row[4:8] for row in grid.rows] == [("root_messages", "", "1", "300"), ("transactions", "", "1", "34")]

"""Operations in words: one line each, whatever their texts hold."""

from __future__ import annotations

from bench.verify.suite import story
from bench.verify.wording import worded
from workloads.operations import Send, kind_of


def test_every_operation_of_the_story_is_one_short_line_with_its_key() -> None:
    rehearsal = story()
    for operation in (*rehearsal.writes, *rehearsal.reads):
        line = worded(operation)
        assert "\n" not in line
        assert len(line) < 400
    assert all(worded(write).startswith(f"{write.key!r}: ") for write in rehearsal.writes)
    assert len({kind_of(operation) for operation in (*rehearsal.writes, *rehearsal.reads)}) == 18


def test_a_long_text_is_cut_and_its_length_told() -> None:
    line = worded(Send("k", 1, "room", "ann", "x" * 5000, "test"))
    assert line.endswith("... (5000 characters) to channel 'room'")

"""The scripted story asks for everything: every kind of write, fact and refusal."""

from __future__ import annotations

from bench.verify.suite import story
from bench.verify.world import whole_story
from workloads.operations import READS, WRITES


def test_the_story_is_refused_where_it_says_so_and_nowhere_else() -> None:
    told = [(step.write, step.refused) for step in whole_story()]
    assert [(act.write, act.refusal is not None) for act in story().acts] == told
    assert sum(refused for _, refused in told) > 5


def test_the_story_has_every_kind_of_write_of_read_and_of_fact() -> None:
    rehearsal = story()
    assert {type(write) for write in rehearsal.writes} == set(WRITES)
    assert {type(read) for read in rehearsal.reads} == set(READS)
    facts = rehearsal.model.projection()
    assert all(len(getattr(facts, name)) > 1 for name in facts.__slots__)
    assert len({row.agent for row in facts.a_message}) == 3
    assert any(row.rev == 1 for row in facts.a_message)
    assert any(row.in_reply_to is None for row in facts.c_message)

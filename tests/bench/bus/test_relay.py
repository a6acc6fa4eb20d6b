"""A relay that is killed between an agent's part and the mark, and at every other point."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bench.bus.relay import _is_unmarked, relay_deaths
from bench.crash.judge import Outcome
from bench.crash.rig import Rig
from bench.stores import Store
from variants.contract import Design, Options
from variants.dual import Dual

BEGUN = ("central: BEGIN", "central: SELECT storebench_outbox.id FROM storebench_outbox")
APPLIED = (*BEGUN, "agent: BEGIN", "agent: INSERT INTO memories", "agent: COMMIT")
MARKED = (*APPLIED, "central: UPDATE storebench_outbox SET applied_at=clock_timestamp()")


@pytest.mark.full
def test_a_death_at_any_point_is_made_whole_and_some_of_them_lie_between_apply_and_mark(
    fresh_store: Callable[[Design], Store],
) -> None:
    with Rig.opened(fresh_store(Dual(Options()))) as rig:
        deaths = list(relay_deaths(rig, "send", 1))
    assert [death.answered for death in deaths] == list(range(len(deaths)))
    assert [death.happened for death in deaths] == [*[True] * (len(deaths) - 1), False]
    assert {death.judgement.outcome for death in deaths} == {Outcome.WHOLE}
    between = [death.answered for death in deaths if death.applied_unmarked]
    # Behind the agent's COMMIT, and behind the mark that is not committed.
    assert len(between) == 2
    assert between[-1] == len(deaths) - 2 - 1


def test_a_note_is_applied_and_not_marked_from_the_agent_s_commit_until_that_of_the_mark() -> None:
    assert not _is_unmarked(())
    assert not _is_unmarked(BEGUN)
    assert not _is_unmarked(APPLIED[:-1])
    assert _is_unmarked(APPLIED)
    assert _is_unmarked(MARKED)
    assert not _is_unmarked((*MARKED, "central: COMMIT"))
    # A statement outside of a transaction is one of its own.
    assert _is_unmarked((*BEGUN, "agent: INSERT INTO memories"))
    assert not _is_unmarked((*BEGUN, "agent: SELECT memories.id FROM memories"))

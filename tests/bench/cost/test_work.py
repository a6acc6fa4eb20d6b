"""The operations whose costs are split."""

from __future__ import annotations

import pytest

from bench.cost.performing import prepared
from bench.cost.work import KINDS, blocks, sends
from workloads.model import Model
from workloads.operations import Write, kind_of


@pytest.mark.parametrize("agents", [1, 3])
def test_a_block_of_each_kind_is_made_and_the_model_takes_all_of_it(agents: int) -> None:
    work = blocks("x", agents, 6, 2)
    assert [kind for kind, _ in work.blocks] == list(KINDS)
    assert all(len(operations) == 6 and {kind_of(one) for one in operations} == {kind} for kind, operations in work.blocks)
    model = Model()
    for operations in (work.setup, work.warm_up, *(block for _, block in work.blocks)):
        asked = prepared(model, operations)
        assert all((context is not None) is isinstance(operation, Write) for operation, context in asked)


def test_keys_and_times_of_one_channel_are_never_used_twice_and_channels_do_not_meet() -> None:
    found = [blocks(name, 2, 5, 2) for name in ("x", "y")]
    writes = [one for work in found for part in (work.setup, work.warm_up, *(block for _, block in work.blocks)) for one in part]
    keys = [one.key for one in writes if isinstance(one, Write)]
    assert len(set(keys)) == len(keys)


def test_sends_stand_alone() -> None:
    setup, operations = sends("z", 2, 4)
    model = Model()
    prepared(model, setup)
    assert {kind_of(one) for one in operations} == {"send"}
    assert len(prepared(model, operations)) == 4

"""A workload is lived by the reference model before anything is measured; what is wrong with it is its own fault, in one line."""

from __future__ import annotations

import pytest

from bench import registry, workload_registry
from bench.errors import UserError
from bench.workload_registry import known, load, made
from tests.command import stranger_workloads as stranger
from workloads.workload import Scale, digest

SCALE = Scale(messages=20, agents_per_channel=2)

BROKEN = {
    "raises": "raises RuntimeError: no words",
    "nonsense": "yields 'hello', which is no operation",
    "endless": "does not end: more than",
    "stuck": "does not come back: more than 10 s in one call",
    "leaves": "raises SystemExit: 0",
    "refused": "operation 4 is not allowed: user bob is not a member",
    "malformed": "operation 4 is not allowed: send 'm': text holds a NUL",
    "fickle": "is another one each time",
    "nothing": "gives None, which is no Workload",
    "nameless": "is named 7, which is no text",
    "unheld": "has parameters that JSON cannot hold: TypeError",
    "silent": "has no message: there is nothing to compare",
    "interrupts": "raises KeyboardInterrupt: mine",
    "fails": "raises ValueError: no such scale",
}


@pytest.mark.parametrize("name", list(BROKEN))
def test_a_broken_workload_is_refused_in_one_line(name: str) -> None:
    told = BROKEN[name].replace("10 s", "0.2 s")
    with registry.watched(0.2, also=workload_registry.WATCHED), pytest.raises(UserError) as refused:
        made(name, getattr(stranger, name), SCALE, 1)
    assert str(refused.value).startswith(f"workload '{name}'")
    assert told in str(refused.value)


def test_ours_is_registered_and_the_same_for_the_same_seed() -> None:
    assert list(known()) == ["chat"]
    make = load("chat")
    one, other, third = made("chat", make, SCALE, 1), made("chat", make, SCALE, 1), made("chat", make, SCALE, 2)
    assert digest(one) == digest(other) != digest(third)
    assert one.parameters["messages"] == 20


def test_an_unknown_workload_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(UserError, match="unknown workload 'nope': known are chat"):
        load("nope")

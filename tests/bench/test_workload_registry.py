"""A workload is lived by the reference model before anything is measured; what is wrong with it is its own fault, in one line."""

from __future__ import annotations

from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from bench import registry, workload_registry
from bench.errors import UserError
from bench.workload_registry import GROUP, TRACES, Asked, check, known, made, workloads
from tests.command import stranger_workloads as stranger
from workloads.workload import Scale, counts, digest

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


def test_a_named_workload_is_the_same_for_the_same_seed_and_another_one_for_another() -> None:
    one, other = workloads(Asked("chat", messages=20, agents_per_channel=1), [1, 2])
    (again,) = workloads(Asked("chat", messages=20, agents_per_channel=1), [1])
    assert digest(one) == digest(again) != digest(other)
    assert (one.parameters["messages"], one.parameters["agents_per_channel"], one.parameters["seed"]) == (20, 1, 1)


def test_a_point_is_part_of_the_name() -> None:
    (workload,) = workloads(Asked("fan-out:8", messages=5), [1])
    assert workload.name == "fan-out:8"
    assert workload.parameters["agents_per_channel"] == 8


def test_the_text_that_was_read_stands_for_a_file_that_is_gone() -> None:
    (workload,) = workloads(Asked("gone.toml", text="channels = 3\nusers = 5\npreload = 0\nmessages = 4\n"), [1])
    assert workload.name == "gone.toml"
    assert workload.parameters["channels"] == 3
    assert counts(workload)["send"] == 4


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("nope", None, "unknown workload 'nope': known are chat, steady, burst"),
        ("caht", None, "did you mean chat?"),
        ("fan-out:3", None, "workload fan-out: unknown point '3': known are 0, 1, 2, 4"),
        ("not/there.toml", None, "workload not/there.toml cannot be read: No such file"),
        ("my.toml", "agents_per_channel = 13\n", "my.toml: agents_per_channel is 13, and there are 12 agents"),
    ],
)
def test_what_is_no_workload_is_refused_in_one_line(name: str, text: str | None, told: str) -> None:
    for refused in (lambda: check(name, text), lambda: workloads(Asked(name, text, messages=4), [1])):
        with pytest.raises(UserError) as caught:
            refused()
        assert told in str(caught.value)
        assert "\n" not in str(caught.value)


def test_a_size_that_cannot_be_is_refused_in_one_line() -> None:
    with pytest.raises(UserError, match=r"workload history-read: in the size that is asked for: preload = 500000000: "):
        workloads(Asked("history-read", messages=10_000_000), [1])


def test_the_trace_of_a_replay_is_looked_for_in_the_folder_of_traces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "talk.csv").write_text("t,ch,u,bytes,reply_to,bot\n0,1,1,9,,0\n5,1,2,9,0,0\n9,1,1,9,,0\n", encoding="utf-8")
    asked = Asked("my.toml", text='kind = "replay"\ntrace = "talk.csv"\n', messages=2)
    monkeypatch.delenv(TRACES, raising=False)
    with pytest.raises(UserError, match=r"workload my\.toml: no trace 'talk\.csv' \(looked for talk\.csv\): name the folder"):
        workloads(asked, [1])
    monkeypatch.setenv(TRACES, str(tmp_path))
    (workload,) = workloads(asked, [1])
    assert counts(workload)["send"] == 2
    assert workload.parameters["rows"] == 2


def test_a_plug_in_may_not_take_the_name_of_a_named_workload(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = EntryPoint("chat", "theirs:chat", GROUP)
    monkeypatch.setattr("bench.workload_registry.registered", lambda *_: {entry.name: entry})
    with pytest.raises(UserError, match=r"workload name 'chat' \(theirs:chat\) is that of a named workload"):
        known()

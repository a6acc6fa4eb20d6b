"""A specification that cannot be is refused in one line: the file, the key, and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from workloads import catalogue
from workloads.errors import InputError
from workloads.generation.spec import WorkloadSpec
from workloads.key import keys

HUGE = "9" * 5_000


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("agents_per_channel = 13", "agents_per_channel is 13, and there are 12 agents: give fewer, or more agents"),
        ("agents_per_channel = 51", "agents_per_channel = 51"),
        ("edit_share = 1.1", "edit_share = 1.1"),
        ("edit_share = -0.1", "edit_share = -0.1"),
        ("edit_share = nan", "edit_share = nan: that is no finite number"),
        ("compression = inf", "compression = inf: that is no finite number"),
        ('messages = "many"', "messages = 'many': that is no whole number (messages wants messages)"),
        ("messages = 1.5", "messages = 1.5: that is no whole number"),
        ("messages = true", "messages = True: that is no whole number"),
        ("all_exist = 1", "all_exist = 1: that is neither true nor false"),
        ("mesages = 10", "mesages: unknown key; did you mean messages?"),
        ("zzzz = 10", "zzzz: unknown key: see storebench workload show chat for all of them"),
        ("[sizes]\nmessages = 3", "sizes is a table: keys stand flat"),
        ("messages = 1\nmessages = 2", "line 2"),
        ("messages", "line 1"),
        (f"messages = {HUGE}", "a number has more digits than any key takes"),
        ("messages = 1_000_000_000_000", "messages = 1000000000000"),
        ("channels = 0", "channels = 0"),
        ("kernels = [[0.6, 45.0], [0.5, 1800.0]]", "the branching ratios of kernels add up to 1.1: give less than 1"),
        ("kernels = [[0.6]]", "kernels[0][1] = "),
        ("kernels = [0.6, 45.0]", "kernels[0] = 0.6: that is no list"),
        ("hour_shares = [1.0, 2.0]", "hour_shares wants 24 weights"),
        ("hour_shares = [" + "0.0, " * 24 + "]", "hour_shares wants 24 weights, one of them above 0"),
        ("text_parts = [[0.5, 1.0, 1.0]]", "the shares of text_parts add up to 0.5: let them add up to 1"),
        ("text_parts = []", "text_parts = []: that is empty"),
        ("direct_share = 0.5", "direct_share is 0.5, and there are no direct_channels: give both, or neither"),
        ("messages = 0\npreload = 0", "messages, preload and storm_channels are 0: there is nothing to do"),
        ("messages_per_s = 1e-6\ncompression = 1e-3", "years: give more messages_per_s, or more compression"),
        (
            "author_crowd = [0.0, 0.0, 0.0, 0.0, 2.0, 0.0]",
            "authors: turns are [0.0, 0.0, 0.0, 0.0, 0.0], exponent 2.0: give numbers from 0, a weight above 0",
        ),
        ('kind = "other"', "kind = 'other': give generated or replay"),
        ("kind = 3", "kind = '3': give generated or replay"),
        ('kind = "replay"', "trace is missing: the trace: a path, or the name of a file"),
        ('kind = "replay"\ntrace = "a.csv"\nwindow = "1"', "window = '1': window '1': give START:LENGTH"),
        ('kind = "replay"\ntrace = "a.csv"\nagents = "x"', "agents = 'x': agent rule 'x'"),
        ('kind = "replay"\ntrace = "a.csv"\nmessages_per_s = 3.0', "messages_per_s: unknown key"),
        ("points = 3", "points is no table of tables"),
        ("[points.a]\nmessages = 3", "default_point is missing: say which of a stands for none"),
        ('default_point = "b"\n[points.a]\nmessages = 3', "default_point = 'b': give one of the points: a"),
        ('default_point = "a"\n[points.a]\nmesages = 3', ":a: mesages: unknown key; did you mean messages?"),
        ('default_point = "a b"\n[points."a b"]\nmessages = 3', "point 'a b': name it with letters"),
    ],
)
def test_a_specification_that_cannot_be_is_refused_in_one_line(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "my.toml"
    path.write_text(text + "\n", encoding="utf-8")
    with pytest.raises(InputError) as refused:
        catalogue.load(str(path))
    line = str(refused.value)
    assert line.startswith(str(path))
    assert told in line
    assert "\n" not in line
    assert len(line) < 1_000


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\x00\x01\xff\xfe" * 20, "is not UTF-8"),
        (b"\x00\x01", "line 1"),
        (b"\xef\xbb\xbfmessages = 3\n", "begins with a byte order mark"),
        (b"# " + b"a" * 300_000, "has more than 262144 bytes: that is no workload"),
        (b"messages = " + b"[" * 100_000, "nested too deep"),
        (b"a" + b".a" * 6_000 + b" = 1\n", "has more than 5000 dots"),
    ],
)
def test_a_file_that_is_no_specification_is_refused_in_one_line(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "my.toml"
    path.write_bytes(content)
    with pytest.raises(InputError) as refused:
        catalogue.load(str(path))
    assert told in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_folder_and_a_file_that_is_not_there_are_refused(tmp_path: Path) -> None:
    (tmp_path / "folder.toml").mkdir()
    for name, told in (("folder.toml", "is no plain file"), ("gone.toml", "cannot be read: No such file")):
        with pytest.raises(InputError, match=told):
            catalogue.load(str(tmp_path / name))


def test_whole_numbers_stand_for_numbers_and_a_point_changes_the_file_s_keys(tmp_path: Path) -> None:
    path = tmp_path / "my.toml"
    path.write_text('messages = 7\ncompression = 2\ndefault_point = "b"\n[points.a]\n[points.b]\nmessages = 9\n', encoding="utf-8")
    default, a = catalogue.load(str(path)), catalogue.load(f"{path}:a")
    assert isinstance(default, WorkloadSpec)
    assert (default.messages, default.compression, a.messages) == (9, 2.0, 7)
    assert catalogue.points(str(path)) == ("b", "a")
    assert catalogue.read(f"{path}:a").name == "my.toml:a"
    with pytest.raises(InputError, match=r"my\.toml: unknown point 'c': known are a, b"):
        catalogue.load(f"{path}:c")


@pytest.mark.parametrize("name", catalogue.names())
def test_every_named_workload_and_point_can_be_read(name: str) -> None:
    points = catalogue.points(name)
    assert catalogue.load(name) == (catalogue.load(f"{name}:{points[0]}") if points else catalogue.load(name))
    for point in points:
        assert catalogue.load(f"{name}:{point}").about
    assert catalogue.about(name)


@pytest.mark.parametrize("kind", [WorkloadSpec, type(catalogue.load("trace-replay"))])
def test_every_parameter_says_its_meaning_its_unit_and_its_source(kind: type[WorkloadSpec]) -> None:
    told = keys(kind)
    assert told.keys() == kind.model_fields.keys()
    assert all(key.meaning and key.unit and key.source for key in told.values())


def test_an_unknown_name_is_refused_with_the_one_that_was_meant() -> None:
    with pytest.raises(InputError, match=r"unknown workload 'stedy': known are chat, .* did you mean steady\?"):
        catalogue.load("stedy")


def test_the_size_that_is_asked_for_scales_all_but_time() -> None:
    spec = catalogue.load("cold-start-storm:a")
    assert isinstance(spec, WorkloadSpec)
    half = catalogue.scaled(spec, messages=246, agents_per_channel=20)
    assert isinstance(half, WorkloadSpec)
    assert (half.storm_channels, half.messages, half.preload) == (246, 0, 1_250)
    assert (half.agents_per_channel, half.agents) == (20, 20)
    assert (half.compression, half.messages_per_s, half.users) == (spec.compression, spec.messages_per_s, spec.users)
    workload = catalogue.made(spec, 1, name="storm", messages=246)
    assert workload.parameters["scale"] == 0.5
    assert workload.parameters["compression"] == 100.0
    assert catalogue.scaled(spec) == spec


def test_a_replay_is_cut_to_the_rows_that_are_asked_for(tmp_path: Path) -> None:
    rows = "".join(f"{number},{number % 3},{number % 5},9,{number - 3 if number > 2 else ''},0\n" for number in range(40))
    (tmp_path / "talk.csv").write_text(f"t,ch,u,bytes,reply_to,bot\n{rows}", encoding="utf-8")
    spec = catalogue.read("my.toml", 'kind = "replay"\ntrace = "talk.csv"\n').spec
    whole = catalogue.made(spec, 1, name="talk", folders=[tmp_path])
    part = catalogue.made(spec, 1, name="talk", folders=[tmp_path], messages=10, agents_per_channel=3)
    assert (whole.parameters["rows"], part.parameters["rows"], part.parameters["agents"]) == (40, 10, "3")

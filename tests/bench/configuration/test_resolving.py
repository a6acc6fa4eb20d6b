"""Of a profile, a file, options and settings the later one wins, and each value knows where it came from."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.configuration import Configuration, TraceConfiguration, check, from_record, resolve
from bench.errors import UserError


def _file(folder: Path, text: str) -> Path:
    path = folder / "my.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_setting_wins_over_an_option_an_option_over_the_file_and_the_file_over_the_profile(tmp_path: Path) -> None:
    file = _file(tmp_path, 'seed = 2\nlatency_sessions = 3\ndesigns = ["floor"]\nreads_sessions = 5\n')
    found = resolve(profile="standard", file=file, flags={"seed": 4, "designs": None}, settings=["reads_sessions=6"])
    assert isinstance(found.configuration, Configuration)
    assert found.configuration.seed == 4
    assert found.configuration.designs == ("floor",)
    assert found.configuration.latency_sessions == 3
    assert found.configuration.reads_sessions == 6
    assert found.configuration.reads_rows == 50_000
    wanted = {
        "seed": "--seed",
        "designs": str(file),
        "latency_sessions": str(file),
        "reads_sessions": "--set",
        "reads_rows": "profile standard",
        "workload": "default",
    }
    assert {key: found.origins[key] for key in wanted} == wanted
    assert found.origins.keys() == Configuration.model_fields.keys()


def test_a_file_with_a_trace_is_a_replay_and_its_path_counts_from_the_file_s_folder(tmp_path: Path) -> None:
    found = resolve(file=_file(tmp_path, 'trace = "data/chat.csv"\nreply = 0.5\n')).configuration
    assert isinstance(found, TraceConfiguration)
    assert found.trace == tmp_path / "data" / "chat.csv"
    assert found.reply == 0.5
    absolute = resolve(file=_file(tmp_path, 'trace = "/data/chat.csv"\n')).configuration
    assert isinstance(absolute, TraceConfiguration)
    assert absolute.trace == Path("/data/chat.csv")


def test_a_trace_of_an_option_counts_from_here_and_wins(tmp_path: Path) -> None:
    found = resolve(file=_file(tmp_path, 'trace = "a.csv"\n'), flags={"trace": Path("b.csv")}).configuration
    assert isinstance(found, TraceConfiguration)
    assert found.trace == Path("b.csv")


def test_of_a_profile_a_replay_takes_what_it_knows() -> None:
    found = resolve(profile="full", flags={"trace": Path("chat.csv")})
    assert found.configuration.bootstrap_draws == 10_000
    assert found.origins["bootstrap_draws"] == "profile full"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('trace = "a.csv"\nlatency_messages = 3\n', "latency_messages belongs to the default run, and a trace makes this a replay"),
        ('window = "0:10"\n', "window belongs to a replay: give a trace too"),
    ],
)
def test_a_key_of_the_other_kind_is_refused(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(UserError) as caught:
        resolve(file=_file(tmp_path, text))
    assert str(caught.value).startswith(f"{tmp_path}/my.toml: {told}")


def test_an_unknown_profile_is_refused_with_the_one_that_was_meant() -> None:
    with pytest.raises(UserError, match=r"known are quick, standard, full, .*; did you mean quick\?"):
        resolve(profile="quik")


@pytest.mark.parametrize("configuration", [Configuration(seed=3), TraceConfiguration(trace=Path("chat.csv"), window="0:10")])
def test_what_a_run_has_stored_is_read_back(configuration: Configuration | TraceConfiguration) -> None:
    assert from_record(configuration.model_dump(mode="json")) == configuration


def test_a_key_that_an_older_run_lacks_has_its_default_and_an_unknown_one_is_refused() -> None:
    record = Configuration(seed=3).model_dump(mode="json")
    del record["reads_rounds"]
    assert from_record(record) == Configuration(seed=3)
    with pytest.raises(UserError, match=r"^run.json: speed: unknown"):
        from_record(record | {"speed": 3})
    with pytest.raises(UserError, match=r"^run.json: seed = 'one': that is no whole number"):
        from_record(record | {"seed": "one"})


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ("designs=daul", "--set designs: unknown design 'daul': known are dual, dual_deployed"),
        ("designs=daul", "did you mean dual?"),
        ("workload=caht", "--set workload: unknown workload 'caht': known are chat"),
        ("variants=nope[joined]", "--set variants: variant 'nope[joined]': 'nope' is not among the designs of this run"),
    ],
)
def test_what_does_not_exist_is_told_before_anything_is_imported(setting: str, told: str) -> None:
    found = resolve(settings=[setting])
    with pytest.raises(UserError) as caught:
        check(found.configuration, found.origins)
    assert told in str(caught.value)


def test_what_a_record_names_and_does_not_exist_is_told_without_a_place() -> None:
    with pytest.raises(UserError, match=r"^unknown design 'gone'"):
        check(Configuration(designs=("gone",)))

"""The commands that describe, fit and validate traffic, as a shell would call them."""

from __future__ import annotations

import csv
import io
import json
import tomllib
from pathlib import Path

import pytest
from rich.console import Console

from bench.traffic.acceptance import check
from bench.traffic.tables import checked
from tests.bench.traffic.made import spread
from tests.fuzz.inprocess import Said, call, refused
from workloads.trace import Trace

HEADER = "t,ch,u,bytes,reply_to,bot"


def _write(path: Path, given: Trace, *, annotated: bool = True) -> Path:
    answered = [str(row) if row >= 0 else "" for row in given.reply_to.tolist()]
    lines = [HEADER + (",annotated" if annotated else "")]
    for t_s, ch, u, text_bytes, reply_to in zip(
        given.t_s.tolist(), given.ch.tolist(), given.u.tolist(), given.text_bytes.tolist(), answered, strict=True
    ):
        lines.append(f"{t_s:.3f},{ch},{u},{text_bytes},{reply_to},0" + (",1" if annotated else ""))
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _write(tmp_path_factory.mktemp("traffic") / "made.csv", spread(1))


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures go to a folder below the one that a command is called in."""
    (tmp_path / "cwd").mkdir()
    monkeypatch.chdir(tmp_path / "cwd")


def _one_line(said: Said, *words: str) -> None:
    assert refused(said)
    assert said.status == 2, said
    for word in words:
        assert word in said.errors


def test_a_trace_is_described_as_a_table_and_as_pictures(file: Path, tmp_path: Path) -> None:
    said = call("trace", "describe", str(file), "--out", str(tmp_path / "pictures"))
    assert said.status == 0, said.errors
    assert "burstiness B / memory M, median room" in said.output
    assert (tmp_path / "pictures" / "describe-made.svg").read_bytes().startswith(b"<?xml")
    assert (tmp_path / "pictures" / "describe-made.png").read_bytes().startswith(b"\x89PNG")
    assert said.output.rstrip().endswith("describe-made.png")


def test_a_description_as_json_has_every_figure(file: Path, tmp_path: Path) -> None:
    found = json.loads(call("trace", "describe", str(file), "--json", "--out", str(tmp_path)).output)
    assert found["all"]["timed_rooms"] == 23
    assert found["all"]["burstiness"] == pytest.approx(0.32, abs=0.05)
    assert found["storms"] == []


def test_a_fitted_workload_is_written_once_and_can_be_scored(file: Path, tmp_path: Path) -> None:
    out = tmp_path / "own.toml"
    said = call("trace", "fit", str(file), str(out))
    assert said.status == 0, said.errors
    values = tomllib.loads(out.read_text())
    assert values["channels"] == 24
    assert {path.name for path in Path("traffic").iterdir()} == {"fit-made.svg", "fit-made.png"}
    _one_line(call("trace", "fit", str(file), str(out)), "it is there already", "--overwrite")
    assert call("trace", "fit", str(file), str(out), "--overwrite").status == 0
    scored = call("workload", "validate", str(out), "--against", str(file), "--seeds", "2", "--out", str(tmp_path / "out"))
    assert scored.status in {0, 1}, scored.errors
    assert "of 11 checks" in scored.output
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "validate-own-made.csv",
        *(f"validate-own-made-{kind}.{ending}" for kind in ("checks", "likeness") for ending in ("svg", "png")),
    }
    rows = list(csv.DictReader((tmp_path / "out" / "validate-own-made.csv").read_text().splitlines()))
    assert len(rows) == 17
    assert all(row["seed_1"] and row["seed_2"] for row in rows if row["verdict"] != "not applicable")


def test_a_narrow_terminal_gets_fewer_columns_and_no_wider_lines() -> None:
    real = spread(1)
    lines = check(real, [real])
    for width, has_seeds in ((80, False), (160, True)):
        console = Console(width=width, file=io.StringIO())
        with console.capture() as captured:
            for part in checked("made", lines, wide=width >= 130):
                console.print(part)
        told = captured.get()
        assert max(map(len, told.splitlines())) <= width
        assert ("seeds" in told.splitlines()[1]) is has_seeds
        assert "burstiness" in told


def test_a_workload_that_is_unlike_the_trace_fails_with_status_1(file: Path, tmp_path: Path) -> None:
    said = call("workload", "validate", "steady", "--against", str(file), "--seeds", "1", "--out", str(tmp_path))
    assert said.status == 1
    assert "FAIL" in said.output
    assert "storebench:" not in said.errors


def test_checks_as_json_have_every_seed(file: Path, tmp_path: Path) -> None:
    said = call("workload", "validate", "chat", "--against", str(file), "--seeds", "2", "--json", "--out", str(tmp_path))
    found = json.loads(said.output)
    assert len(found["lines"]) == 17
    assert {len(line["seeds"]) for line in found["lines"] if line["reason"] is None} == {2}
    assert len(found["verdicts"]) == 11
    assert said.errors == ""


def test_links_that_may_be_inferred_are_not_applicable_unless_another_trace_is_annotated(tmp_path: Path) -> None:
    inferred = _write(tmp_path / "inferred.csv", spread(1), annotated=False)
    other = _write(tmp_path / "annotated.csv", spread(2))
    alone = call("workload", "validate", "chat", "--against", str(inferred), "--seeds", "1", "--out", str(tmp_path))
    assert "not applicable: reply links may be inferred" in alone.output
    common = ("--against", str(inferred), "--seeds", "1", "--out", str(tmp_path))
    both = call("workload", "validate", "chat", *common, "--annotated", str(other))
    assert "may be inferred" not in both.output
    # An inferred trace is not made an annotated one by being called so.
    called_so = call("workload", "validate", "chat", *common, "--annotated", str(inferred))
    assert "not applicable: no row of inferred.csv is annotated, its reply links may be inferred" in called_so.output


def test_a_trace_that_carries_nothing_is_refused_in_one_line_after_the_reasons(tmp_path: Path) -> None:
    tiny = tmp_path / "tiny.csv"
    tiny.write_text(f"{HEADER}\n5,0,0,9,,0\n")
    said = call("workload", "validate", "chat", "--against", str(tiny), "--out", str(tmp_path))
    _one_line(said, "it can carry none of the eleven checks")
    assert said.output.count("not applicable") >= 17
    assert not list(tmp_path.glob("validate*"))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "the file is empty"),
        (f"{HEADER}\n", "no row follows the header"),
        (f"{HEADER}\n1,0,0,9,,0\n0,0,0,9,,0\n", "line 3"),
        (f"{HEADER},annotated\n1,0,0,9,,0,yes\n", "annotated is 'yes': give 0 or 1"),
        ("hello\n", "no column t"),
    ],
)
def test_a_file_that_is_no_trace_is_refused_by_all_three(tmp_path: Path, content: str, words: str) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(content)
    _one_line(call("trace", "describe", str(path), "--out", str(tmp_path)), words)
    _one_line(call("trace", "fit", str(path), str(tmp_path / "out.toml")), words)
    _one_line(call("workload", "validate", "chat", "--against", str(path), "--out", str(tmp_path)), words)
    assert sorted(each.name for each in tmp_path.rglob("*")) == ["bad.csv", "cwd"]


def test_a_trace_of_bots_alone_is_described_but_neither_fitted_nor_scored(tmp_path: Path) -> None:
    path = tmp_path / "bots.csv"
    path.write_text(f"{HEADER}\n1,0,0,9,,1\n2,0,0,9,,1\n")
    assert call("trace", "describe", str(path), "--out", str(tmp_path)).status == 0
    _one_line(call("trace", "fit", str(path), str(tmp_path / "out.toml")), "no row is of a person")
    _one_line(call("workload", "validate", "chat", "--against", str(path)), "no row is of a person")


def test_what_is_no_workload_or_generates_nothing_is_refused(file: Path, tmp_path: Path) -> None:
    _one_line(call("workload", "validate", "no-such", "--against", str(file)), "no-such")
    _one_line(call("workload", "validate", str(tmp_path / "absent.toml"), "--against", str(file)), "absent.toml")
    _one_line(call("workload", "validate", "trace-replay", "--against", str(file)), "it replays a trace")
    _one_line(call("workload", "validate", "chat", "--against", str(file), "--seeds", "0"), "--seeds")


def test_a_place_that_cannot_be_written_is_refused_before_the_work(file: Path, tmp_path: Path) -> None:
    _one_line(call("trace", "fit", str(file), str(tmp_path / "out.txt")), "ends in .toml")
    _one_line(call("trace", "fit", str(file), str(tmp_path / "none" / "out.toml")), "there is no folder")
    (tmp_path / "folder.toml").mkdir()
    _one_line(call("trace", "fit", str(file), str(tmp_path / "folder.toml")), "it is a folder")
    _one_line(call("trace", "describe", str(file), "--out", str(file)), "no folder can be made there")
    _one_line(call("trace", "fit", str(file), str(tmp_path / f"{'x' * 300}.toml")), "cannot be written")


def test_a_name_from_outside_is_shown_and_never_obeyed(tmp_path: Path) -> None:
    path = _write(tmp_path / "a\x1b[31m$x_1$ [bold]b.csv", spread(3, rooms=2, messages=60))
    said = call("trace", "describe", str(path), "--out", str(tmp_path / "out"))
    assert said.status == 0, said.errors
    assert "\x1b" not in said.output
    assert "a\\u001b[31m$x_1$ [bold]b.csv" in said.output
    assert call("trace", "fit", str(path), str(tmp_path / "out.toml")).status == 0
    assert "\x1b" not in (tmp_path / "out.toml").read_text()


def test_the_default_workload_passes_against_real_traffic_on_two_seeds(traces: Path, tmp_path: Path) -> None:
    said = _validated(traces, tmp_path, 2)
    failed = [line["name"] for line in json.loads(said.output)["lines"] if line["verdict"] == "FAIL"]
    # The median of two seeds lies outside of the narrowest limits now and then; that of twenty is held below.
    assert len(failed) <= 1, failed


@pytest.mark.full
def test_the_default_workload_passes_all_eleven_checks_on_twenty_seeds(traces: Path, tmp_path: Path) -> None:
    said = _validated(traces, tmp_path, 20)
    assert said.status == 0, said.output
    assert set(json.loads(said.output)["verdicts"].values()) == {"pass"}


def _validated(traces: Path, out: Path, seeds: int) -> Said:
    real, annotated = str(traces / "gitter_fcc_2016.csv.gz"), str(traces / "irc_ubuntu_train.csv.gz")
    common = ("--annotated", annotated, "--seeds", str(seeds), "--json", "--out", str(out))
    return call("workload", "validate", "chat", "--against", real, *common)


@pytest.mark.full
@pytest.mark.parametrize("name", ["gitter_fcc_2016.csv.gz", "irc_ubuntu_train.csv.gz"])
def test_a_workload_fitted_to_a_trace_fails_no_check_against_it(traces: Path, tmp_path: Path, name: str) -> None:
    out = tmp_path / "fitted.toml"
    assert call("trace", "fit", str(traces / name), str(out)).status == 0
    said = call("workload", "validate", str(out), "--against", str(traces / name), "--json", "--out", str(tmp_path))
    assert said.status == 0, said.output


@pytest.mark.parametrize("name", ["fan-out:4", "dm-heavy", "cold-start-storm:b"])
def test_any_generated_workload_can_be_scored(file: Path, tmp_path: Path, name: str) -> None:
    said = call("workload", "validate", name, "--against", str(file), "--seeds", "1", "--out", str(tmp_path))
    assert said.status in {0, 1}, said.errors


def test_a_trace_is_found_by_its_name_in_the_folder_of_traces(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STOREBENCH_TRACES", str(file.parent))
    said = call("workload", "validate", "steady", "--against", file.name, "--seeds", "1", "--out", str(tmp_path))
    assert said.status == 1, said.errors
    assert f"steady against {file.name}, 1 seed" in said.output


def test_a_workload_in_which_every_message_is_by_somebody_new_fails_by_that(file: Path, tmp_path: Path) -> None:
    keys = ("author_newcomer_share = 1.0", "author_visitor_share = 0.0", "author_leaving = 1.0", "author_settling = 0.0")
    (tmp_path / "strangers.toml").write_text("\n".join(('kind = "generated"', *keys)) + "\n")
    common = ("--against", str(file), "--seeds", "1", "--json", "--out", str(tmp_path))
    said = call("workload", "validate", str(tmp_path / "strangers.toml"), *common)
    assert said.status == 1, said.errors
    lines = {line["name"]: line for line in json.loads(said.output)["lines"]}
    assert lines["new users per message"]["verdict"] == "FAIL"
    assert lines["new users per message"]["median"] > 0.9

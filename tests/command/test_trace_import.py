"""`storebench trace import`: a trace comes of every kind of source, and nothing that anybody said or is called."""

from __future__ import annotations

import gzip
import json
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from bench.importing.elizaos import Layout
from bench.server.server import Server
from tests.bench.importing.databases import TABLES, database_of, fill
from tests.fuzz.inprocess import Said, call
from tests.workloads.importing.sources import slack_export
from workloads.importing.shape import digest
from workloads.importing.writing import write_trace
from workloads.trace import Trace, Window, read_trace

Storebench = Callable[..., "subprocess.CompletedProcess[str]"]

SECRET = "hunter2"
NASTY = f"<script>{SECRET}</script>\x1b[31m{SECRET}\u202e=cmd|'{SECRET}'!A1\r\n\0../../{SECRET}"
"""Markup, a terminal's command, turned text, a formula, line ends, NUL and a path, each with a secret."""

MAP = ("t=at", "channel=where.room", "user=who", "text=text", "bot=bot", "id=id", "reply_to=up")


def columns(*pairs: str) -> list[str]:
    return [word for pair in pairs for word in ("--column", pair)]


def made(rows: int = 500) -> Trace:
    rng = np.random.default_rng(3)
    ch = rng.integers(0, 5, rows)
    last: dict[int, int] = {}
    reply_to = np.full(rows, -1)
    for row, channel in enumerate(ch.tolist()):
        if rng.random() < 0.3:
            reply_to[row] = last.get(channel, -1)
        last[channel] = row
    bot = rng.random(rows) < 0.1
    times = np.sort(rng.integers(0, 40 * 86_400_000, rows)) / 1e3
    return Trace("made", None, 0, 0, times, ch, rng.integers(0, 30, rows), rng.integers(0, 900, rows), reply_to, bot)


def told(said: Said) -> dict[str, str]:
    """The result, by its words."""
    return dict(line.split(": ", 1) for line in said.output.splitlines() if not line.startswith(" "))


def written(path: Path) -> str:
    content = path.read_bytes()
    return (gzip.decompress(content) if content.startswith(b"\x1f\x8b") else content).decode()


def holds_nothing(said: Said, *files: Path) -> None:
    everything = said.output + said.errors + "".join(map(written, files))
    for secret in (SECRET, "script", "\x1b", "\0", "cmd|"):
        assert secret not in everything, everything[:2_000]


# -- the round trip ---------------------------------------------------------------------------------------------------------------


def test_a_synthetic_trace_that_is_written_and_imported_has_the_same_shape(tmp_path: Path) -> None:
    trace = made()
    write_trace(tmp_path / "made.csv.gz", trace)
    said = call("trace", "import", "csv", str(tmp_path / "made.csv.gz"), str(tmp_path / "again.csv.gz"))
    assert said.status == 0, said.errors
    assert told(said)["digest"] == digest(trace) == digest(read_trace(tmp_path / "again.csv.gz"))
    assert told(said)["rows"] == "500"
    again = read_trace(tmp_path / "again.csv.gz")
    assert again.ch.tolist() != trace.ch.tolist() or again.u.tolist() != trace.u.tolist()


@pytest.mark.parametrize("workload", ["chat", "burst", "dm-heavy"])
def test_an_exported_workload_has_the_digest_that_its_import_has(tmp_path: Path, workload: str) -> None:
    exported = call("workload", "export", workload, str(tmp_path / "made.csv.gz"), "--messages", "3000")
    assert exported.status == 0, exported.errors
    imported = call("trace", "import", "csv", str(tmp_path / "made.csv.gz"), str(tmp_path / "again.csv.gz"))
    assert told(imported)["digest"] == told(exported)["digest"]
    assert told(imported)["rejected"] == told(imported)["links lost"] == "0"


def test_its_columns_may_be_named_one_by_one(tmp_path: Path) -> None:
    write_trace(tmp_path / "made.csv", made())
    named = columns("t=t", "channel=ch", "user=u", "bytes=bytes", "reply_row=reply_to", "bot=bot")
    said = call("trace", "import", "csv", str(tmp_path / "made.csv"), str(tmp_path / "again.csv"), *named)
    assert told(said)["digest"] == digest(made())
    assert "found by the first row" in told(said)["times"]


@pytest.mark.parametrize("name", ["gitter_fcc_2016.csv.gz", "irc_ubuntu_train.csv.gz"])
def test_a_real_trace_keeps_its_shape(tmp_path: Path, traces: Path, name: str) -> None:
    part = read_trace(traces / name, Window(0, 2_000_000))
    write_trace(tmp_path / "part.csv.gz", part)
    said = call("trace", "import", "csv", str(tmp_path / "part.csv.gz"), str(tmp_path / "again.csv.gz"))
    assert told(said)["digest"] == digest(part)


def test_two_imports_of_one_source_are_numbered_otherwise(tmp_path: Path) -> None:
    write_trace(tmp_path / "made.csv", made())
    results = [call("trace", "import", "csv", str(tmp_path / "made.csv"), str(tmp_path / f"{n}.csv")) for n in range(2)]
    assert told(results[0])["digest"] == told(results[1])["digest"]
    assert (tmp_path / "0.csv").read_bytes() != (tmp_path / "1.csv").read_bytes()


# -- nothing of the source comes out ----------------------------------------------------------------------------------------------


def _rows(good: int) -> list[dict[str, object]]:
    row = {"where": {"room": NASTY}, "who": NASTY, "text": NASTY, "bot": False, "id": NASTY, "up": NASTY}
    rows: list[dict[str, object]] = [row | {"at": 1_512_085_950 + n, "id": f"{n}{NASTY}"} for n in range(good)]
    for field in ("at", "where", "who", "text", "bot"):
        rows += [row | {"at": 1_512_085_950, field: value} for value in (NASTY, {"room": [NASTY]}, {NASTY: NASTY})]
    return rows


@pytest.mark.parametrize("accepted", ["0", "1"])
@pytest.mark.parametrize("quiet", [[], ["--quiet"], ["--json"]], ids=str)
def test_no_secret_of_json_lines_comes_out(tmp_path: Path, accepted: str, quiet: list[str]) -> None:
    source, file = tmp_path / "chat.jsonl", tmp_path / "trace.csv.gz"
    lines = [json.dumps(row) for row in _rows(30)]
    source.write_text("\n".join([*lines, NASTY, f'{{"{SECRET}": "\\ud800{SECRET}', json.dumps([NASTY])]))
    said = call("trace", "import", "jsonl", str(source), str(file), *columns(*MAP), "--max-rejected", accepted, *quiet)
    assert said.status == (0 if accepted == "1" else 2), said.errors
    holds_nothing(said, *([file] if accepted == "1" else []))
    assert file.exists() == (accepted == "1")


@pytest.mark.parametrize("accepted", ["0", "1"])
def test_no_secret_of_csv_comes_out(tmp_path: Path, accepted: str) -> None:
    source, file = tmp_path / "chat.csv", tmp_path / "trace.csv"
    fields = [f'"{value}"' for value in (NASTY, NASTY, NASTY, NASTY, NASTY)]
    rows = [",".join([str(1_512_085_950 + n), *fields[:3], f'"{n}{SECRET}"', fields[4], "0"]) for n in range(20)]
    for place in (0, 6):
        bad = [str(1_512_085_950), *fields, "0"]
        bad[place] = fields[0]
        rows.append(",".join(bad))
    rows += [f'1512085950,"{SECRET}"x,a,b,c,d,0', f"{SECRET},{SECRET}", f'1512085950,"{SECRET}']
    header = ["at", f"<b>{SECRET}", "who", "text", "id", "up", "bot"]
    source.write_text("\n".join([",".join(header), *rows]), newline="")
    named = columns("t=at", f"channel=<b>{SECRET}", "user=who", "text=text", "id=id", "reply_to=up", "bot=bot")
    said = call("trace", "import", "csv", str(source), str(file), *named, "--max-rejected", accepted)
    assert said.status == (0 if accepted == "1" else 2), said.errors
    holds_nothing(said, *([file] if accepted == "1" else []))


def test_a_first_line_that_is_a_message_is_not_told(tmp_path: Path) -> None:
    source = tmp_path / "chat.csv"
    source.write_text(f"1512085950,{SECRET},{SECRET},{SECRET}\n" * 3)
    for extra in ([], columns("t=at", "channel=room", "user=who", "text=text")):
        said = call("trace", "import", "csv", str(source), str(tmp_path / "trace.csv"), *extra)
        assert said.status == 2
        holds_nothing(said)


@pytest.mark.parametrize("packed", [False, True], ids=["folder", "zip"])
@pytest.mark.parametrize("accepted", ["0", "1"])
def test_no_secret_of_a_slack_export_comes_out(tmp_path: Path, packed: bool, accepted: str) -> None:
    name = NASTY.replace("/", "").replace("\0", "")
    said_by = {"type": "message", "user": NASTY, "text": NASTY, "client_msg_id": NASTY}
    good = [said_by | {"ts": f"15120859{n}.000001", "thread_ts": NASTY} for n in range(50, 60)]
    bad = [NASTY, said_by | {"ts": NASTY}, said_by | {"ts": {NASTY: 1}}, said_by | {"subtype": NASTY, "ts": "1"}, {NASTY: NASTY}]
    source = slack_export(tmp_path / "export", {f"{name}/2017-12-01.json": [*good, *bad]}, [{"id": NASTY, "is_bot": True}])
    (source / name / f"{SECRET}.json").touch()
    (source / f"{name}2").mkdir()
    (source / f"{name}2" / "2017-12-01.json").touch()
    if packed:
        with zipfile.ZipFile(tmp_path / "export.zip", "w") as zipped:
            for path in sorted(source.rglob("*")):
                zipped.write(path, path.relative_to(source).as_posix())
        source = tmp_path / "export.zip"
    file = tmp_path / "trace.csv"
    said = call("trace", "import", "slack", str(source), str(file), "--max-rejected", accepted)
    assert said.status == (0 if accepted == "1" else 2), said.errors
    holds_nothing(said, *([file] if accepted == "1" else []))


@pytest.mark.parametrize(
    "words",
    [
        ["elizaos", "postgresql://x:hunter2@h/db", "--database", "mine.csv"],
        ["elizaos", "mine.csv", "postgresql://x:hunter2@h/db"],
        ["csv", "postgresql://x:hunter2@h/db", "mine.csv"],
        ["jsonl", "chat.jsonl", "postgres://x:hunter2@h/db"],
        ["slack", "postgresql://x:hunter2@h/db", "mine.csv"],
    ],
    ids=lambda words: words[0],
)
def test_an_address_where_a_file_is_wanted_is_not_repeated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    said = call("trace", "import", *words)
    assert (said.status, said.errors.count("\n")) == (2, 1)
    holds_nothing(said)
    assert "@h" not in said.errors
    assert not list(tmp_path.iterdir())


def test_days_of_channels_that_no_list_names_are_left_out_no_more_than_rows_are_rejected(tmp_path: Path) -> None:
    message = {"type": "message", "user": "U1", "text": "hi", "ts": "1512085950.000001"}
    source = slack_export(tmp_path / "export", {f"room{n}/2017-12-01.json": [message] for n in range(4)})
    (source / "channels.json").write_text(json.dumps([{"name": f"room{n}"} for n in range(3)]))
    said = call("trace", "import", "slack", str(source), str(tmp_path / "trace.csv"), "--quiet")
    assert (said.status, said.errors.count("\n")) == (2, 1)
    assert "25.0% of the files of days lie in folders of no listed channel, and 1.0% may" in said.errors
    assert not (tmp_path / "trace.csv").exists()
    allowed = call("trace", "import", "slack", str(source), str(tmp_path / "trace.csv"), "--max-rejected", "0.25")
    assert allowed.status == 0, allowed.errors


@pytest.mark.database
@pytest.mark.parametrize("layout", list(Layout), ids=lambda layout: layout.name)
def test_no_secret_of_a_database_and_nothing_of_its_address_comes_out(
    server: Server, tmp_path: Path, layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = NASTY.replace("\0", "")
    with database_of(server, "hunter2", TABLES[layout]) as (address, session):
        fill(session, layout, channel=name, user=name)
        session.execute("UPDATE central_messages SET content = content || %s, metadata = to_jsonb(%s::text)", (name, name))
        by_option = call("trace", "import", "elizaos", str(tmp_path / "1.csv"), "--database", address)
        monkeypatch.setenv("STOREBENCH_DATABASE", address)
        by_variable = call("trace", "import", "elizaos", str(tmp_path / "2.csv"), "--json")
        session.execute("ALTER TABLE central_messages RENAME author_id TO hunter2")
        unknown = call("trace", "import", "elizaos", str(tmp_path / "3.csv"))
    password = server.endpoint.password
    for said in (by_option, by_variable, unknown):
        holds_nothing(said)
        assert password is None or password not in said.output + said.errors
        assert str(server.endpoint.port) not in said.output + said.errors
    assert (by_option.status, by_variable.status, unknown.status) == (0, 0, 2)
    holds_nothing(by_option, tmp_path / "1.csv", tmp_path / "2.csv")
    assert layout.versions in told(by_option)["times"]
    assert "central_messages has no column author_id" in unknown.errors


# -- what is told -----------------------------------------------------------------------------------------------------------------


def _chat(path: Path, good: int, bad: int) -> Path:
    rows = [f"{n},a,u{n % 3},5" for n in range(good)] + ["x,a,b,5"] * bad
    path.write_text("\n".join(["t,c,u,n", *rows]))
    return path


NUMBERS = columns("t=t", "channel=c", "user=u", "bytes=n")


def test_the_first_ten_rejected_rows_are_told_by_line_and_all_by_reason(tmp_path: Path) -> None:
    source = _chat(tmp_path / "chat.csv", 2_000, 15)
    said = call("trace", "import", "csv", str(source), str(tmp_path / "trace.csv"), *NUMBERS)
    assert said.status == 0
    lines = [line for line in said.errors.splitlines() if "rejected" in line]
    assert [line.partition("] ")[2] for line in lines] == [
        f"line {number} rejected: the time is no number" for number in range(2_002, 2_012)
    ]
    assert "rejected: 15\n  15: the time is no number\n" in said.output
    assert told(said)["rows"] == "2000"


def test_when_more_are_rejected_than_may_be_nothing_is_written_and_one_line_says_why(tmp_path: Path) -> None:
    source, file = _chat(tmp_path / "chat.csv", 100, 2), tmp_path / "trace.csv"
    said = call("trace", "import", "csv", str(source), str(file), *NUMBERS, "--quiet")
    assert said.status == 2
    assert said.errors.count("\n") == 1
    assert "2 of 102 rows are rejected, 2.0%, and 1.0% may be: the time is no number (2)" in said.errors
    assert sorted(path.name for path in tmp_path.iterdir()) == ["chat.csv"]
    assert call("trace", "import", "csv", str(source), str(file), *NUMBERS, "--max-rejected", "0.02").status == 0


def test_with_json_every_line_is_an_object_and_one_has_the_result(tmp_path: Path) -> None:
    source = _chat(tmp_path / "chat.csv", 200, 1)
    said = call("trace", "import", "csv", str(source), str(tmp_path / "trace.csv"), *NUMBERS, "--json")
    events = [json.loads(line) for line in said.output.splitlines()]
    (imported,) = [event for event in events if event["event"] == "trace_imported"]
    assert (imported["rows"], imported["channels"], imported["users"]) == (200, 1, 3)
    assert imported["rejected"] == {"the time is no number": 1}
    assert imported["digest"] == digest(read_trace(tmp_path / "trace.csv"))
    assert events[-1]["event"] == "run_ended"
    assert not said.errors


def test_a_trace_that_is_there_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    source = _chat(tmp_path / "chat.csv", 200, 0)
    (tmp_path / "trace.csv").write_text("mine")
    said = call("trace", "import", "csv", str(source), str(tmp_path / "trace.csv"), *NUMBERS)
    assert (said.status, said.errors.count("\n")) == (2, 1)
    assert (tmp_path / "trace.csv").read_text() == "mine"
    assert call("trace", "import", "csv", str(source), str(tmp_path / "trace.csv"), *NUMBERS, "--force").status == 0
    assert len(read_trace(tmp_path / "trace.csv")) == 200


@pytest.mark.parametrize(
    "words",
    [
        ["csv", "missing.csv"],
        ["csv", "chat.csv", "--column", "t"],
        ["csv", "chat.csv", "--time", "stardate"],
        ["csv", "chat.csv", "--zone", "CET"],
        ["csv", "chat.csv", "--delimiter", "<>"],
        ["csv", "chat.csv", "--resolution", "0s"],
        ["csv", "chat.csv", "--resolution", "1 fortnight"],
        ["csv", "chat.csv", "--max-rejected", "2"],
        ["csv", "chat.csv", "--max-rejected", "nan"],
        ["csv", "."],
        ["csv", "a\0b"],
        ["jsonl", "/dev/null"],
        ["slack", "chat.csv"],
        ["slack", "missing"],
        ["slack", "a\0b"],
        ["elizaos"],
        ["elizaos", "--database", "nonsense"],
        ["discord", "chat.csv"],
    ],
    ids=" ".join,
)
def test_bad_input_is_told_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]) -> None:
    monkeypatch.chdir(tmp_path)
    _chat(tmp_path / "chat.csv", 20, 0)
    kind, *rest = words
    said = call("trace", "import", kind, *rest, "trace.csv", "--quiet")
    assert said.status == 2
    assert said.errors.count("\n") == 1
    assert said.errors.startswith("storebench: ")
    assert [path.name for path in tmp_path.iterdir()] == ["chat.csv"]


def test_the_resolution_is_that_of_the_trace(tmp_path: Path) -> None:
    source = _chat(tmp_path / "chat.csv", 200, 0)
    call("trace", "import", "csv", str(source), str(tmp_path / "trace.csv"), *NUMBERS, "--resolution", "1min")
    assert set(read_trace(tmp_path / "trace.csv").t_s.tolist()) == {0, 60, 120, 180}


def test_the_installed_command_imports(storebench: Storebench, tmp_path: Path) -> None:
    write_trace(tmp_path / "made.csv.gz", made())
    done = storebench("trace", "import", "csv", "made.csv.gz", "again.csv.gz")
    assert done.returncode == 0, done.stderr
    assert f"digest: {digest(made())}" in done.stdout

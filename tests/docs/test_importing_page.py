"""Every command of docs/importing.md is run as it stands there, on sources that have what it names."""

from __future__ import annotations

import gzip
import json
import re
import shlex
import shutil
from pathlib import Path

import pytest

from bench.importing.elizaos import Layout
from bench.importing.options import columns_of
from bench.server.server import Server
from tests.bench.importing.databases import TABLES, database_of, fill
from tests.fuzz.inprocess import call
from tests.workloads.importing.sources import slack_export
from workloads.importing.mapping import MEANINGS, NEEDED
from workloads.trace import read_trace

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "importing.md").read_text(encoding="utf-8")
ADDRESS = "postgresql://reader:secret@127.0.0.1:5432/eliza"


def _commands() -> list[str]:
    blocks = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if not line.startswith("export STOREBENCH_DATABASE=")]


@pytest.fixture
def sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The files that the page names, in the folder that commands run in."""
    monkeypatch.chdir(tmp_path)
    chat = "timestamp,room,author,message,id,parent\n1512085950,a,ann,hello,1,\n1512085951,a,bob,hi,2,1\n"
    (tmp_path / "chat.csv.gz").write_bytes(gzip.compress(chat.encode()))
    message = {"ts": 1_512_085_950_000, "channel": {"name": "a"}, "author": {"id": 7}, "length": 5}
    (tmp_path / "chat.jsonl").write_text(f"{json.dumps(message)}\n{json.dumps(message)}\n")
    said = [{"type": "message", "user": "U1", "text": "hi", "ts": f"151208595{n}.000100"} for n in range(2)]
    slack_export(tmp_path / "export", {"general/2017-12-01.json": said})
    shutil.make_archive("export", "zip", tmp_path / "export")
    (tmp_path / "theirs.csv.gz").write_bytes(gzip.compress(b"t,ch,u,bytes,reply_to,bot\n0,7,7,5,,0\n1,7,8,2,0,0\n"))
    return tmp_path


@pytest.mark.database
def test_the_commands_of_the_page_import_what_they_name(sources: Path, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    commands = _commands()
    assert len(commands) == 6
    with database_of(server, "page", TABLES[Layout.FROM_1_7]) as (address, session):
        fill(session, Layout.FROM_1_7)
        monkeypatch.setenv("STOREBENCH_DATABASE", address)
        for command in commands:
            words = [address if word == ADDRESS else word for word in shlex.split(command)[1:]]
            said = call(*words, "--force")
            assert said.status == 0, (command, said.errors)
            assert len(read_trace(sources / "mine.csv.gz")) == (6 if "elizaos" in words else 2), command


def test_the_page_names_every_meaning_of_a_column() -> None:
    table = PAGE[PAGE.index("| meaning |") : PAGE.index("Without any `--column`")]
    rows = [line for line in table.splitlines()[2:] if line.startswith("|")]
    named = {meaning for row in rows for meaning in re.findall(r"`(\w+)`", row.split("|")[1])}
    assert named == set(MEANINGS)
    needed = {meaning for row in rows if "must be there" in row for meaning in re.findall(r"`(\w+)`", row.split("|")[1])}
    assert needed == {*NEEDED, "text", "bytes"}
    assert columns_of([f"{meaning}=x" for meaning in (*NEEDED, "text")])

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from tests.command.program import Program

Storebench = Callable[..., "subprocess.CompletedProcess[str]"]

PLANTED: Mapping[str, str] = {
    "wrong_agent_row": "planted_designs:WrongAgentRow",
    "missing_participant": "planted_designs:MissingParticipant",
    "swapped_order": "planted_designs:SwappedOrder",
    "truncated_text": "planted_designs:TruncatedText",
    "lost_reply_link": "planted_designs:LostReplyLink",
    "yields_nonsense": "stranger_designs:YieldsNonsense",
    "commits_twice": "stranger_designs:CommitsTwice",
    "stays_open": "stranger_designs:StaysOpen",
    "never_ends": "stranger_designs:NeverEnds",
    "raises_in_body": "stranger_designs:RaisesInBody",
    "raises_in_write": "stranger_designs:RaisesInWrite",
    "leaves_the_program": "stranger_designs:LeavesTheProgram",
    "writes_nothing": "stranger_designs:WritesNothing",
    "wrong_parameter": "stranger_designs:WrongParameter",
    "lying_view": "stranger_designs:LyingView",
    "view_without_column": "stranger_designs:ViewWithoutColumn",
    "views_raise": "stranger_designs:ViewsRaise",
    "odd_gaps": "stranger_designs:OddGaps",
    "wrong_answers": "stranger_designs:WrongAnswers",
    "no_tables": "stranger_designs:NoTables",
    "bad_tables": "stranger_designs:BadTables",
    "never_yields": "stranger_designs:NeverYields",
    "never_built": "stranger_designs:NeverBuilt",
    "talkative": "stranger_designs:Talkative",
    "broken": "planted_designs:broken",
    "absent": "no_such_module:Design",
}


@pytest.fixture(scope="session")
def plugin_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A distribution with the planted designs, as if it were installed."""
    folder = tmp_path_factory.mktemp("plugins")
    for module in ("planted_designs.py", "stranger_designs.py"):
        (folder / module).write_text((Path(__file__).parent / module).read_text())
    distribution(folder, "planted", "storebench.variants", PLANTED)
    return folder


def distribution(folder: Path, name: str, group: str, entries: Mapping[str, str]) -> None:
    """What an installed distribution leaves: its name and its entry points."""
    info = folder / f"{name}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    lines = "\n".join(f"{entry} = {target}" for entry, target in entries.items())
    (info / "entry_points.txt").write_text(f"[{group}]\n{lines}\n")


@pytest.fixture(scope="session")
def program() -> Iterator[Program]:
    """Runs the command wherever a test wants it."""
    with Program.opened() as opened:
        yield opened


@pytest.fixture
def storebench(program: Program, plugin_folder: Path, tmp_path: Path) -> Storebench:
    """Runs the command in an empty folder, with the planted designs installed beside ours."""
    return _command(program, plugin_folder, tmp_path, timeout_s=280)


@pytest.fixture
def storebench_long(program: Program, plugin_folder: Path, tmp_path: Path) -> Storebench:
    """The same, for what takes many minutes."""
    return _command(program, plugin_folder, tmp_path, timeout_s=2300)


@pytest.fixture
def installed(program: Program, tmp_path: Path) -> Callable[..., Storebench]:
    """Runs the command with distributions of one's own installed: what each registers by name, and the modules of all."""

    def install(
        distributions: Mapping[str, Mapping[str, str]], modules: Mapping[str, str], group: str = "storebench.variants"
    ) -> Storebench:
        folder = tmp_path / "site"
        folder.mkdir()
        for name, entries in distributions.items():
            distribution(folder, name, group, entries)
        for name, source in modules.items():
            (folder / f"{name}.py").write_text(source)
        return _command(program, folder, tmp_path, timeout_s=280)

    return install


def _command(program: Program, plugin_folder: Path, folder: Path, timeout_s: float) -> Storebench:
    def call(*arguments: str) -> subprocess.CompletedProcess[str]:
        environment = os.environ | {"PYTHONPATH": str(plugin_folder)}
        return program.run(*arguments, folder=folder, environment=environment, timeout_s=timeout_s)

    return call

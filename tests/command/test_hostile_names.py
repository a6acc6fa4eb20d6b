"""Names of markup, SQL, paths, formulas, formats and control characters do no harm, wherever they come from."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import psycopg
import pytest

from bench.server.server import Server
from bench.stores import install, tables_of
from tests.command import harmless, hostile_plugin
from tests.command.conftest import distribution
from tests.command.hostile_plugin import ALL, CONTROL, FORMAT, FORMULA, MARKDOWN, MARKUP, PATH, SQL, Hostile
from tests.command.program import Program
from variants.contract import Options

SMALL = (
    "--set=anatomy_agents=[1]",
    "--set=anatomy_scenes=1",
    "--set=crash_agents=[]",
    "--set=faults_cells=[]",
    "--set=latency_sessions=1",
    "--set=factor_sessions=1",
    "--set=factor_messages=8",
    "--set=latency_messages=10",
    "--set=reads_rows=1000",
    "--set=reads_rounds=3",
    "--set=reads_sessions=1",
)
FILE = f"{MARKUP}{FORMULA}{SQL}{FORMAT}{CONTROL}".replace("/", "") + "[x](y)|`.csv"
FOLDER = f"{FORMULA}{MARKUP}{FORMAT}{CONTROL}".replace("/", "")
TRACE = "t,ch,u,bytes,reply_to,bot," + "extra<script>\n" + "".join(f"{n},{n % 3},{n % 4},20,,0,=cmd()\n" for n in range(20))
Storebench = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module", name="site")
def _site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The hostile plug-in, as if it were installed from a distribution of such a name."""
    folder = tmp_path_factory.mktemp("site")
    designs = {"hostile": "Hostile", "raising": "Raising", "nul_table": "NulTable", "unbuildable": "unbuildable"}
    distribution(folder, "plain", "storebench.variants", {name: f"hostile_plugin:{target}" for name, target in designs.items()})
    distribution(folder, "crowd", "storebench.workloads", {"crowd": "hostile_plugin:crowd"})
    (folder / "plain-1.0.dist-info" / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {MARKUP}\x1b[31m\nVersion: 1|`x`\n")
    (folder / "hostile_plugin.py").write_text(Path(hostile_plugin.__file__).read_text())
    return folder


@pytest.fixture(scope="module", name="hostile")
def _hostile(program: Program, site: Path, tmp_path_factory: pytest.TempPathFactory) -> Storebench:
    """Runs the command in an empty folder, with the hostile plug-in."""
    folder = tmp_path_factory.mktemp("hostile")
    environment = os.environ | {"PYTHONPATH": str(site)}

    def call(*arguments: str) -> subprocess.CompletedProcess[str]:
        return program.run(*arguments, folder=folder, environment=environment)

    return call


def _is_harmless(done: subprocess.CompletedProcess[str]) -> None:
    assert not harmless.CONTROL.findall(done.stdout + done.stderr)
    assert "\nstorebench: forged" not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def _results(out: Path) -> Path:
    (folder,) = out.iterdir()
    return folder


@pytest.fixture(scope="module", name="ran")
def _ran(hostile: Storebench, tmp_path_factory: pytest.TempPathFactory) -> tuple[subprocess.CompletedProcess[str], Path]:
    """A run of the hostile design with the hostile workload, into a folder of a hostile name."""
    out = tmp_path_factory.mktemp("out") / FOLDER
    done = hostile("run", "--designs=hostile,floor", f"--out={out}", "--set=workload=crowd", *SMALL)
    assert done.returncode == 0, done.stderr
    return done, out


@pytest.mark.database
def test_a_run_of_a_hostile_design_and_workload_says_nothing_that_a_terminal_obeys(
    ran: tuple[subprocess.CompletedProcess[str], Path],
) -> None:
    done, _ = ran
    _is_harmless(done)
    assert done.stdout.count("\n") == 1


@pytest.mark.database
def test_report_charts_and_logs_of_it_hold_its_names_as_text_alone(ran: tuple[subprocess.CompletedProcess[str], Path]) -> None:
    folder = _results(ran[1])
    assert harmless.of_folder(folder) == []
    assert "alert(1)" in (folder / "report.html").read_text()
    assert "49" not in (folder / "charts" / "writes-workload.csv").read_text()
    assert "alert" not in (folder / "log.jsonl").read_text()


@pytest.mark.database
def test_nothing_of_it_lies_outside_of_its_folder(ran: tuple[subprocess.CompletedProcess[str], Path]) -> None:
    out = ran[1]
    assert [path.name for path in out.parent.iterdir()] == [out.name]
    assert len(list(out.iterdir())) == 1
    assert not [path for path in out.rglob("*") if path.is_symlink()]


@pytest.mark.database
@pytest.mark.parametrize("command", [("report",), ("show",), ("compare", "--json"), ("compare",), ("list", "runs")], ids=" ".join)
def test_what_looks_at_the_run_shows_names_and_obeys_none(
    ran: tuple[subprocess.CompletedProcess[str], Path], hostile: Storebench, command: tuple[str, ...]
) -> None:
    folder = _results(ran[1])
    runs = {"compare": (folder, folder), "list": ("--out", ran[1])}.get(command[0], (folder,))
    done = hostile(*command, *map(str, runs))
    assert done.returncode == 0, done.stderr
    _is_harmless(done)
    if command == ("compare",):
        assert harmless.of_markdown(done.stdout) == []


@pytest.mark.database
def test_a_trace_of_a_hostile_name_is_replayed_and_reported_as_text(
    hostile: Storebench, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    out = tmp_path_factory.mktemp("replayed")
    (tmp_path / FILE).write_text(TRACE)
    done = hostile("run", f"--trace={tmp_path / FILE}", f"--out={out}", "--designs=floor", "--agents=1")
    assert done.returncode == 0, done.stderr
    _is_harmless(done)
    folder = _results(out)
    assert harmless.of_folder(folder) == []
    assert json.loads((folder / "run.json").read_text())["configuration"]["trace"] == FILE
    assert "alert" not in (folder / "log.jsonl").read_text()


@pytest.mark.database
def test_a_store_has_tables_of_exactly_the_names_of_its_design_and_no_other(server: Server) -> None:
    design = Hostile(Options())
    store = install(design, server.endpoint, "hostile_names")
    with psycopg.connect(store.conninfo) as connection:
        found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    assert sorted(name for (name,) in found) == sorted(table.name for table in tables_of(design))


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (("list", "designs"), 0),
        (("list", "factors"), 0),
        (("list", "workloads"), 0),
        (("show", "hostile"), 0),
        (("run", "--designs=raising", *SMALL), 3),
        (("run", "--designs=unbuildable", *SMALL), 2),
    ],
    ids=lambda value: " ".join(value[:2]) if isinstance(value, tuple) else "",
)
def test_a_hostile_plug_in_is_listed_shown_and_refused_as_text(hostile: Storebench, words: tuple[str, ...], status: int) -> None:
    done = hostile(*words)
    assert done.returncode == status, done.stderr
    _is_harmless(done)
    assert done.stderr.count("\n") == (status != 0)


@pytest.mark.database
def test_a_table_whose_name_the_server_refuses_is_told_in_one_line(hostile: Storebench) -> None:
    done = hostile("run", "--quiet", "--designs=nul_table", *SMALL)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    _is_harmless(done)


@pytest.mark.parametrize("name", ["<script>", "../../x", "a'; DROP TABLE x", "=cmd()", "a\x1b[31m", "{{7*7}}", "x" * 500])
def test_an_entry_point_of_such_a_name_is_refused_in_one_line(installed: Callable[..., Storebench], name: str) -> None:
    done = installed({"other": {name: "odd:design"}}, {"odd": "design = 1"})("list", "designs")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    _is_harmless(done)


NAMES = {
    "markup": MARKUP,
    "sql": SQL,
    "path": PATH,
    "absolute": "/etc/passwd",
    "nul": "a\0b",
    "control": CONTROL,
    "c1": "\x9b31mred\x85",
    "format": FORMAT,
    "markdown": MARKDOWN,
    "formula": FORMULA,
    "rich": "[bold red]x[/bold red][/][link=http://evil.example]y",
    "long": "x" * 100_000,
    "long path": "x/" * 3_000,
    "surrogate": "a\udcffb",
    "brackets": "[" * 5_000,
}

OFTEN = frozenset({"control"})


def _commands(name: str, folder: Path) -> dict[str, tuple[Sequence[str], int]]:
    """Commands that take a name from outside, each with the status it should end with."""
    toml = folder / "hostile.toml"
    toml.write_text(f"{json.dumps(name.replace(chr(0xDCFF), ''))} = 1\n")
    value = folder / "value.toml"
    value.write_text(f"workload = {json.dumps(name.replace(chr(0xDCFF), ''))}\n")
    return {
        "design": (("run", f"--designs={name}"), 2),
        "seed": (("run", f"--seed={name}"), 2),
        "key": (("run", f"--set={name}=1"), 2),
        "no value": (("run", f"--set={name}"), 2),
        "number": (("run", f"--set=latency_messages={name}"), 2),
        "workload": (("run", f"--set=workload={name}"), 2),
        "variant": (("run", f"--set=variants={name}"), 2),
        "profile": (("run", f"--profile={name}"), 2),
        "config": (("run", f"--config={name}"), 2),
        "key in TOML": (("run", f"--config={toml}"), 2),
        "value in TOML": (("run", f"--config={value}"), 2),
        "trace": (("run", f"--trace={name}"), 2),
        "window": (("run", f"--trace={toml}", f"--window={name}"), 2),
        "agents": (("run", f"--trace={toml}", f"--agents={name}"), 2),
        "reply": (("run", f"--trace={toml}", f"--reply={name}"), 2),
        "server": (("run", "--designs=floor", f"--server={name}"), 2),
        "programs": (("doctor", f"--server=embedded={name}"), -1),
        "address": (("doctor", f"--server=url=postgresql://{name}"), -1),
        "resume": (("run", "--resume", name), 2),
        "option": (("run", f"--{name}"), 2),
        "command": ((name,), 2),
        "list": (("list", name), 2),
        "show": (("show", name), 2),
        "show config": (("show", "config", f"--set=workload={name}"), -1),
        "report": (("report", name), 2),
        "compare": (("compare", name, name), 2),
        "rerun": (("rerun", name), 2),
        "verify": (("verify", name), 2),
        "replay": (("replay", name), 2),
        "plans": (("plans", f"--designs={name}"), 2),
        "complexity": (("complexity", f"x{name}"), 2),
        "import": (("trace", "import", "csv", name, "trace.csv"), 2),
        "imported": (("trace", "import", "csv", str(toml), name), 2),
        "import column": (("trace", "import", "jsonl", str(toml), "trace.csv", f"--column={name}"), 2),
        "import time": (("trace", "import", "csv", str(toml), "trace.csv", f"--time={name}"), 2),
        "import slack": (("trace", "import", "slack", name, "trace.csv"), 2),
        "import database": (("trace", "import", "elizaos", "trace.csv", f"--database=postgresql://{name}"), 2),
        "import kind": (("trace", "import", name), 2),
        "json": (("run", "--json", f"--designs={name}"), 2),
    }


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, id=what, marks=() if what in OFTEN else pytest.mark.full) for what, name in NAMES.items()],
)
def test_wherever_a_name_is_given_it_is_refused_in_one_line_of_plain_text(program: Program, name: str, tmp_path: Path) -> None:
    here = tmp_path / "here"
    here.mkdir()
    wrong: dict[str, Any] = {}
    for what, (words, expected) in _commands(name, tmp_path).items():
        done = program.run(*words, folder=here)
        out, errors = done.stdout, done.stderr
        told = errors.startswith("storebench: ") and errors.count("\n") == 1 and len(errors) < 2_000
        quiet = not out or what in {"json", "show config"}
        if (
            done.returncode not in {0, 2}
            or harmless.CONTROL.search(out + errors)
            or (expected == 2 and not (done.returncode == 2 and told and quiet))
        ):
            wrong[what] = (done.returncode, out[:300], errors[:300])
    assert wrong == {}
    assert list(here.iterdir()) == []


@pytest.mark.parametrize(
    "variable",
    [
        "STOREBENCH_SERVER",
        "TMPDIR",
        "TERM",
        *(
            pytest.param(name, marks=pytest.mark.full)
            for name in ("COLUMNS", "LANG", "PGHOST", "PGOPTIONS", "HOME", "MPLCONFIGDIR")
        ),
    ],
)
def test_a_hostile_environment_does_no_harm(site: Path, tmp_path: Path, variable: str) -> None:
    command = Path(sys.executable).parent / "storebench"
    environment = os.environ | {"PYTHONPATH": str(site), variable: ALL}
    done = subprocess.run(
        [command, "run", "--designs=unbuildable"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    _is_harmless(done)
    assert list(tmp_path.iterdir()) == []

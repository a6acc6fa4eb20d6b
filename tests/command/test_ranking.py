"""The ranking of real runs, as small as runs can be, and made once for all tests here."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable

import pytest

from tests.command.program import Program, without_server

pytestmark = pytest.mark.database

SMALL = (
    *("--designs", "dual,hybrid,floor", "--server", "embedded", "--set", "bootstrap_draws=100"),
    *(
        "--set",
        "workload=desk.toml",
        "--set",
        "anatomy_agents=[]",
        "--set",
        "crash_agents=[]",
        "--set",
        "faults_cells=[]",
        "--set",
        "reads_rows=0",
    ),
    *(
        "--set",
        "factor_sessions=0",
        "--set",
        "latency_sessions=1",
        "--set",
        "latency_messages=20",
        "--set",
        "latency_warmup_messages=2",
    ),
)
REPLAY = (
    *("--designs", "dual,hybrid,floor", "--server", "embedded", "--set", "bootstrap_draws=100"),
    *("--trace", "chat.csv", "--agents", "2", "--reply", "0.5"),
)
DESK = 'about = "a desk"\nservers = 1\nchannels = 3\nusers = 9\nagents = 2\npreload = 0\nsilent_readers = 0.0\n'
TRACE = "t,ch,u,bytes,reply_to,bot\n" + "".join(f"{second}.0,{second % 2},{second % 3},40,,0\n" for second in range(30))

Command = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def command(program: Program, tmp_path_factory: pytest.TempPathFactory) -> Command:
    """Runs storebench where all runs of this module lie."""
    folder = tmp_path_factory.mktemp("ranking")
    (folder / "chat.csv").write_text(TRACE)
    (folder / "desk.toml").write_text(DESK)

    def call(*arguments: str) -> subprocess.CompletedProcess[str]:
        return program.run(*arguments, folder=folder, environment=without_server())

    return call


@pytest.fixture(scope="module")
def runs(command: Command) -> tuple[str, str]:
    """A run of generated traffic and a replay."""
    made = []
    for arguments in (SMALL, REPLAY):
        done = command("run", *arguments)
        assert done.returncode == 0, done.stderr
        made.append(done.stdout.splitlines()[-1].removeprefix("report: ").removesuffix("/report.html"))
    return made[0], made[1]


@pytest.mark.full
def test_two_runs_are_ranked_with_inversions_counted_in_the_last_line_and_exit_0(command: Command, runs: tuple[str, str]) -> None:
    done = command("workload", "ranking", *runs, "--markdown")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0].startswith("# Ranking of designs: ")
    assert any(line.startswith("- writes per message: 3 pairs, 3 separated by both runs") for line in lines)
    assert "one session: its intervals know nothing" in done.stdout
    assert lines[-1].startswith("**")
    assert " INVERTED, " in lines[-1]


@pytest.mark.full
def test_as_json_it_has_every_pair_by_every_measure_and_writes_as_the_server_counted(
    command: Command, runs: tuple[str, str]
) -> None:
    found = json.loads(command("workload", "ranking", *runs, "--json").stdout)
    assert len(found["rows"]) == 9
    writes = [row for row in found["rows"] if row["measure"] == "writes"]
    assert {(row["variant"], row["baseline"]) for row in writes} == {("hybrid", "dual"), ("floor", "dual"), ("floor", "hybrid")}
    for row in writes:
        costs = [found["replay"]["figures"][row[place]]["writes"] for place in ("variant", "baseline")]
        assert row["replay"]["interval"]["estimate"] == pytest.approx(costs[0] / costs[1])
    # Two agents: with the copies of both, a message is three rows in dual, and one in the floor.
    assert 3 < found["replay"]["figures"]["dual"]["writes"] < 4
    assert 1 < found["replay"]["figures"]["floor"]["writes"] < 2


@pytest.mark.full
def test_the_replay_given_first_is_refused_in_one_line(command: Command, runs: tuple[str, str]) -> None:
    done = command("workload", "ranking", *reversed(runs))
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert "is a trace replay: give a run of generated traffic first" in line

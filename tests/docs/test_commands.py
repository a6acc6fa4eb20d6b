"""Every command that README and docs show is known here, with the test that runs it."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from bench.validity.points import POINTS
from bench.validity_page import command
from tests.command.program import without_server

ROOT = Path(__file__).resolve().parent.parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
RUN_BY_A_TEST_OF_ITS_OWN = "importing.md"
"""tests/docs/test_importing_page.py runs every command of that page as it stands there."""

RUN_ELSEWHERE = {
    ".venv/bin/storebench run --profile cost": "tests/command/test_cost.py, smaller",
    ".venv/bin/storebench run --profile pgbench": "tests/command/test_pgbench.py, smaller",
    "make bench": "tests/command/test_run.py runs the same command, smaller; below, what make would run",
    "make test": "this suite",
    "make bench TRACE=chat.csv.gz WINDOW=3600:600 K=1,50:2,top10:4 REPLY=0.15": "as make bench",
    ".venv/bin/storebench report results/RUN": "tests/command/test_run.py",
    ".venv/bin/storebench run --seed 7 --resume": "tests/command/test_killed.py, smaller",
    ".venv/bin/storebench replay dual/per_side/send/k=2/after-commit-1": "tests/command/test_small_commands.py",
    ".venv/bin/storebench doctor": "tests/command/test_small_commands.py",
    ".venv/bin/storebench doctor --server container=postgres:18": "tests/command/test_containers.py, of an image that is made here",
    ".venv/bin/python -m tests.containers.making": "tests/bench/server/container/conftest.py makes it so",
    ".venv/bin/pytest tests/contract --server container=postgres:18": ".ci/run, of an image that is made there",
    ".venv/bin/storebench doctor --server embedded=15": "tests/bench/server/test_versions.py finds versions",
    'export STOREBENCH_SERVER="url=postgresql://bench:secret@127.0.0.1:5432/bench"': "tests/command/test_servers.py",
    ".venv/bin/storebench run --server embedded=/usr/lib/postgresql/15/bin": "tests/bench/server/test_binaries.py names a folder",
    'make test SERVER="url=postgresql://bench:secret@127.0.0.1:5432/bench"': "this suite, against another server",
    ".venv/bin/storebench list designs": "tests/command/test_small_commands.py",
    ".venv/bin/storebench list factors": "tests/command/test_small_commands.py",
    ".venv/bin/storebench list workloads": "tests/command/test_small_commands.py",
    ".venv/bin/storebench show hybrid": "tests/command/test_small_commands.py",
    ".venv/bin/storebench verify hybrid": "tests/contract/test_every_design.py; test_wheel.py runs the command",
    ".venv/bin/storebench plans --designs dual_deployed,hybrid --rows 2000": "tests/command/test_reads_and_paths.py, smaller",
    ".venv/bin/storebench complexity dual hybrid": "tests/command/test_reads_and_paths.py",
    '.venv/bin/storebench run --designs dual,hybrid --set "variants=dual[outbox],hybrid[ensure=remembered]"': (
        "tests/command/test_run.py, smaller"
    ),
    ".venv/bin/python -m pip install --no-deps --no-build-isolation tests/plugins/postbox": "tests/command/test_wheel.py",
    ".venv/bin/storebench show postbox": "tests/command/test_wheel.py",
    ".venv/bin/storebench verify postbox": "tests/command/test_wheel.py",
    ".venv/bin/storebench run --designs dual,postbox": "tests/command/test_wheel.py, smaller",
    ".venv/bin/python -m pip uninstall -y postbox-design": "tests/command/test_wheel.py drops its folder",
    ".venv/bin/storebench run --set workload=chat": "tests/command/test_workloads.py with another workload, smaller",
    ".venv/bin/storebench show config": "tests/command/test_configuration.py",
    ".venv/bin/storebench show config --profile standard --set seed=2": "tests/command/test_configuration.py",
    ".venv/bin/storebench show config --profile standard > my.toml": "tests/command/test_configuration.py",
    ".venv/bin/storebench run --config my.toml": "tests/command/test_run.py runs from a file, smaller",
    ".venv/bin/storebench list runs": "tests/command/test_compare.py",
    ".venv/bin/storebench show results/RUN": "tests/command/test_compare.py",
    ".venv/bin/storebench rerun results/RUN": "tests/command/test_compare.py",
    ".venv/bin/storebench compare results/BEFORE results/AFTER": "tests/command/test_compare.py",
    ".venv/bin/storebench workload show fan-out:8": "tests/docs/test_workloads_page.py",
    ".venv/bin/storebench workload show chat > desk.toml": "tests/docs/test_workloads_page.py",
    ".venv/bin/storebench workload export chat chat.csv.gz --messages 20000": "tests/docs/test_workloads_page.py",
    ".venv/bin/storebench run --set workload=fan-out:8 --set latency_messages=200": "tests/command/test_catalogue.py, smaller",
    ".venv/bin/storebench run --set workload=desk.toml": "tests/command/test_ranking.py, smaller",
    ".venv/bin/storebench run": "tests/command/test_run.py, smaller",
    ".venv/bin/storebench run --profile load": "tests/command/test_load.py, smaller",
    "make load": "tests/command/test_load_users.py runs the same command, smaller",
    ".venv/bin/storebench load --design hybrid --workload burst --users 16 --rate 80 --run-time 2m": (
        "tests/command/test_load_users.py, smaller"
    ),
    ".venv/bin/storebench load --design hybrid --web": "tests/bench/swarm/test_page.py",
    ".venv/bin/storebench load --design hybrid --workers 4 --users 16 --rate 100": "tests/bench/swarm/test_runs.py, smaller",
    ".venv/bin/storebench load --design floor --rate 60 --run-time 30m --steady": "tests/bench/swarm/test_soak.py",
    ".venv/bin/storebench load --design hybrid --users 16 --rate 100 --master 2 --bind 10.0.0.1": "tests/bench/swarm/test_hosts.py",
    ".venv/bin/storebench load --worker 10.0.0.1": "tests/bench/swarm/test_hosts.py",
    'export STOREBENCH_SERVER="url=postgresql://bench:secret@10.0.0.1:5432/bench"': "tests/bench/swarm/test_hosts.py",
    ".venv/bin/locust -f bench/locustfile.py --design hybrid --rate 80": "tests/bench/swarm/test_runs.py, as Locust's module",
    ".venv/bin/storebench run --profile growth": "tests/command/test_growth.py, smaller",
    ".venv/bin/storebench run --profile ladder": "tests/command/test_growth.py, smaller",
    ".venv/bin/storebench verify ladder_keys": "tests/contract/test_rungs.py; tests/command/test_growth.py runs the command",
    ".venv/bin/storebench show ladder_keys": "tests/command/test_growth.py, of another ladder",
    ".venv/bin/python -m bench.growth_page results/RUN": "tests/bench/growth/test_growth_page.py",
    ".venv/bin/storebench faults": "tests/command/test_faults.py, smaller",
    ".venv/bin/storebench faults --profile full": "tests/command/test_faults.py, smaller",
    ".venv/bin/storebench replay dual/per_side/send/k=1/reply-lost@1.9": "tests/command/test_faults.py",
    ".venv/bin/storebench replay dual/per_side/send/k=2/reply-lost@1.30 --shortest I4": "tests/command/test_faults.py",
    ".venv/bin/storebench replay dual/per_side/send/k=1/terminated@4": "tests/command/test_faults.py",
    ".venv/bin/storebench replay dual/async_restart/stream/k=2/drop@17": "tests/command/test_faults.py",
    ".venv/bin/python -m bench.faults_page results/RUN": "tests/bench/faults/test_faults_page.py",
    (
        ".venv/bin/python -m bench.history results/RUN/trials/faults-clients-dual/history-per_side.jsonl"
    ): "tests/bench/history/test_edn.py",
    ".venv/bin/python -m bench.load_page results/RUN": "tests/bench/load/test_load_page.py",
    (
        ".venv/bin/storebench run --designs dual,dual_deployed,option_a,option_a_shared,option_b,option_b_envelope,hybrid,floor"
        " --trace gitter_fcc_2016.csv.gz --window 5766043:32400 --agents 2,top10:4"
    ): "tests/command/test_ranking.py replays another trace",
    ".venv/bin/storebench workload ranking results/SYNTHETIC results/REPLAY": "tests/command/test_ranking.py",
    ".venv/bin/storebench workload ranking results/SYNTHETIC results/REPLAY --markdown": "tests/command/test_ranking.py",
    (
        ".venv/bin/storebench workload validate chat --against gitter_fcc_2016.csv.gz --annotated irc_ubuntu_train.csv.gz"
    ): "tests/command/test_traffic.py",
    ".venv/bin/storebench workload export chat like.csv.gz --like gitter_fcc_2016.csv.gz": "tests/docs/test_workloads_page.py",
    ".venv/bin/storebench trace describe like.csv.gz": "tests/docs/test_workloads_page.py",
    ".venv/bin/storebench trace describe chat.csv.gz": "tests/command/test_traffic.py",
    ".venv/bin/storebench trace fit chat.csv.gz mine.toml": "tests/command/test_traffic.py",
    ".venv/bin/storebench workload validate mine.toml --against chat.csv.gz": "tests/command/test_traffic.py",
    ".venv/bin/storebench aa --pairs 100": "tests/command/test_aa.py, smaller",
    ".venv/bin/storebench coverage results/RUN": "tests/command/test_aa.py, smaller",
    ".venv/bin/storebench run --profile isolated": "tests/command/test_isolated.py, smaller",
    (
        ".venv/bin/storebench run --profile isolated --designs dual,hybrid,option_a,floor --set pgbench_rounds=10"
    ): "tests/command/test_isolated.py and tests/command/test_pgbench.py, smaller",
    (
        "for seed in 1 2 3 4 5 6 7 8 9 10; do .venv/bin/storebench run --profile paired --seed $seed --out detectable; done"
    ): "tests/command/test_isolated.py runs such sessions, smaller",
    (
        ".venv/bin/storebench run --profile paired --set latency_sessions=16 --set latency_messages=360 --set latency_session_s=400"
        " --out standard"
    ): "tests/command/test_isolated.py runs such sessions, smaller",
    "python -m tests.perf.generation TRACE": "by hand: a benchmark, see tests/perf",
    "python -m bench.designs_page": "tests/docs/test_designs_page.py holds what it writes",
    "make perf": "by hand: benchmarks, see tests/perf; tests/perf/test_suite.py and test_gates.py hold what it does",
    ".venv/bin/storebench validity results/RUN": "tests/docs/test_validity_page.py",
    **{command(point.number): "tests/docs/test_validity_page.py, on a stored run" for point in POINTS},
}


def _commands(page: Path) -> list[str]:
    blocks = re.findall(r"```sh\n(.*?)```", page.read_text(), re.DOTALL)
    return [line.strip() for block in blocks for line in block.splitlines() if line.strip() and not line.startswith("#")]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_that_a_page_shows_is_run_by_a_test(page: Path) -> None:
    unknown = [
        command
        for command in _commands(page)
        if page.name != RUN_BY_A_TEST_OF_ITS_OWN
        and command not in RUN_ELSEWHERE
        and not command.startswith(("pip-", "python3 -m venv"))
    ]
    assert not unknown


@pytest.mark.parametrize(
    ("variables", "flags"),
    [
        ([], []),
        (
            ["TRACE=chat one.csv.gz", "WINDOW=-5:600", "K=1,50:2,top10:4", "REPLY=0.15"],
            ["--trace=chat one.csv.gz", "--window=-5:600", "--agents=1,50:2,top10:4", "--reply=0.15"],
        ),
        (["SEED=7", "OUT=elsewhere"], ["--seed=7", "--out=elsewhere"]),
    ],
)
def test_make_bench_runs_storebench_with_the_flags_of_its_variables(tmp_path: Path, variables: list[str], flags: list[str]) -> None:
    assert made(tmp_path, "bench", variables, ["run"]) == ["run", *flags]


@pytest.mark.parametrize(
    ("variables", "flags"),
    [
        ([], ["--design=all", "--rate=40"]),
        (
            ["DESIGN=dual, floor", "RATE=80", "USERS=4", "RUN_TIME=2m", "SEED=7", "OUT=elsewhere"],
            ["--design=dual, floor", "--rate=80", "--users=4", "--run-time=2m", "--seed=7", "--out=elsewhere"],
        ),
    ],
)
def test_make_load_runs_storebench_with_the_flags_of_its_variables(tmp_path: Path, variables: list[str], flags: list[str]) -> None:
    assert made(tmp_path, "load", variables, ["load"]) == ["load", "--shape=flat", "--agree", *flags]


def test_make_load_on_a_server_in_a_container_has_what_both_need(tmp_path: Path) -> None:
    assert made(tmp_path, "load", ["SERVER=container"], ["load", "container"])[0] == "load"


def made(folder: Path, target: str, variables: list[str], sets: list[str]) -> list[str]:
    """The words that `make` runs storebench with, where these sets are installed; another one could not be."""
    shutil.copy(ROOT / "Makefile", folder)
    (folder / "pyproject.toml").touch()
    for name in ("requirements", ".venv/bin"):
        (folder / name).mkdir(parents=True)
    for name in sets:
        (folder / "requirements" / f"{name}.txt").touch()
        (folder / ".venv" / f"{name}.stamp").touch()
    command = folder / ".venv" / "bin" / "storebench"
    command.write_text('#!/bin/sh\nfor word; do echo "word:$word"; done\n')
    command.chmod(0o755)
    call, environment = ["make", target, *variables], without_server()
    done = subprocess.run(call, cwd=folder, capture_output=True, text=True, check=True, env=environment)
    return [line.removeprefix("word:") for line in done.stdout.splitlines()]

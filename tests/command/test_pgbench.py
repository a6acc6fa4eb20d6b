"""`storebench run --profile pgbench`, made small: scripts for the reader, every arm, the report; and a server without pgbench."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from tests.command.program import Program

SMALL = ("pgbench_rounds=1", "pgbench_messages=80", "pgbench_clients=[2]", "pgbench_agents=1", "bootstrap_draws=100")


def _printed(program: Program, *arguments: str, folder: Path) -> str:
    done = program.run(*arguments, folder=folder)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


@pytest.mark.usefixtures("own_server")
def test_the_profile_compares_the_harness_with_pgbench_and_exports_its_scripts(program: Program, tmp_path: Path) -> None:
    settings = [word for one in SMALL for word in ("--set", one)]
    _printed(program, "run", "--profile", "pgbench", "--designs", "dual,hybrid", *settings, "--out", "runs", folder=tmp_path)
    (folder,) = (tmp_path / "runs").iterdir()
    found = json.loads((folder / "summary.json").read_text())["pgbench"]
    arms = {(row["design"], row["clients"], row["arm"], row["exchange"]) for row in found["rounds"]}
    both = {(arm, exchange) for arm in ("pgbench", "ours") for exchange in ("plain", "shared")}
    # An arm whose clients did not run at once is lacking with that reason: on a busy machine that can happen.
    # Clients have one CPU, so no arm has two processes.
    expected = {(design, 2, *arm) for design in ("dual", "hybrid") for arm in both}
    assert arms <= expected
    assert len(arms) + len(found["lacks"]) == len(expected)
    assert {row["part"] for row in found["parts"]} == {
        "the design's generator and flights",
        "encoding",
        "libpq and the system's calls",
        "the rest",
        "(the generator once more, amid waits)",
    }
    scripts, first = (folder / "trials" / name for name in ("pgbench-scripts", "pgbench-000"))
    # Parts of the client's time are taken where the arms run.
    placed = [json.loads((trial / "trial.json").read_text())["placement"] for trial in (scripts, first)]
    assert placed[0] == placed[1] is not None
    assert (scripts / "hybrid-plain.sql").read_text().splitlines()[0].endswith("\\gset")
    assert "\\startpipeline" in (scripts / "dual-pipelined.sql").read_text()
    assert b"CREATE TABLE public.replay_parameters" in gzip.decompress((scripts / "dual-store.sql.gz").read_bytes())
    assert "gunzip -c NAME-store.sql.gz" in (scripts / "readme.txt").read_text()
    report = (folder / "report.md").read_text()
    assert "What the harness costs" in report
    assert "Every arm against pgbench" in report
    assert (folder / "charts" / "harness.svg").is_file()

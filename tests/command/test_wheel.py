"""A design of another distribution: built as a wheel, installed beside storebench, listed, shown and verified."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from bench.configuration.profiles import NAMES
from workloads import catalogue

ROOT = Path(__file__).resolve().parents[2]
POSTBOX = ROOT / "tests" / "plugins" / "postbox"

pytestmark = pytest.mark.database


def _pip(*arguments: str, folder: Path) -> None:
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr


def _storebench(site: Path, folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        [str(Path(sys.executable).parent / "storebench"), *arguments],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.full
def test_a_stranger_s_wheel_is_listed_shown_and_verified_once_it_is_installed(tmp_path: Path) -> None:
    wheels, site = tmp_path / "wheels", tmp_path / "site"
    _pip("wheel", "--no-deps", "--no-build-isolation", "--no-index", "-w", str(wheels), str(POSTBOX), folder=tmp_path)
    (wheel,) = wheels.iterdir()
    assert wheel.name == "postbox_design-1.0-py3-none-any.whl"
    _pip("install", "--no-deps", "--no-index", "--target", str(site), str(wheel), folder=tmp_path)
    listed = _storebench(site, tmp_path, "list", "designs")
    assert "postbox" in [line.split()[0] for line in listed.splitlines()]
    assert "each message is stored once, and each agent that is told of it gets a slip" in listed
    assert "(postbox-design 1.0)" in listed
    shown = _storebench(site, tmp_path, "show", "postbox")
    assert "INSERT INTO slips (message, agent)" in shown
    told = _storebench(site, tmp_path, "verify", "postbox", "--stories", "20")
    assert {line.split()[1] for line in told.splitlines()} == {"ok"}
    small = [
        "anatomy_agents=[1]",
        "anatomy_scenes=1",
        "crash_agents=[]",
        "faults_cells=[]",
        "latency_sessions=1",
        "factor_sessions=0",
        "latency_messages=8",
        "reads_rows=0",
    ]
    measured = _storebench(site, tmp_path, "run", "--designs", "dual,postbox", *(f"--set={setting}" for setting in small))
    assert measured.startswith("report: ")


def test_our_own_wheel_brings_the_profiles_the_named_workloads_and_the_pages_of_the_report(tmp_path: Path) -> None:
    _pip("wheel", "--no-deps", "--no-build-isolation", "--no-index", "-w", str(tmp_path), str(ROOT), folder=tmp_path)
    (wheel,) = tmp_path.glob("*.whl")
    held = set(zipfile.ZipFile(wheel).namelist())
    data = [path for code in ("bench", "workloads") for path in (ROOT / code).rglob("*") if path.suffix in {".toml", ".j2"}]
    assert {path.stem for path in data} >= {*NAMES, *catalogue.names()}
    assert {str(path.relative_to(ROOT)) for path in data} <= held


def test_without_its_wheel_the_design_is_unknown(tmp_path: Path) -> None:
    done = subprocess.run(
        [str(Path(sys.executable).parent / "storebench"), "verify", "postbox"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert "unknown design 'postbox'" in done.stderr


def test_the_design_shares_no_code_with_ours() -> None:
    source = (POSTBOX / "postbox_design.py").read_text(encoding="utf-8")
    imported = {line.split()[1] for line in source.splitlines() if line.startswith(("from ", "import "))}
    assert {name for name in imported if name.startswith(("variants", "bench"))} == {"variants.contract"}

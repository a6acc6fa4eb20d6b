"""Commands on a server in a container: what is refused in one line, and what a user is told of the engine."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from bench.errors import UserError
from bench.server.container.engine import opened
from tests.containers.making import make

Storebench = Callable[..., "subprocess.CompletedProcess[str]"]


def test_a_run_without_an_engine_is_refused_in_one_line(
    storebench: Storebench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none.sock")
    done = storebench("run", "--designs=floor", "--server", "container=postgres:18")
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert "no container engine runs at" in line
    assert not (tmp_path / "results").exists()


def test_doctor_tells_that_there_is_no_engine_and_needs_none(
    storebench: Storebench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none.sock")
    done = storebench("doctor", "--json")
    assert done.returncode == 0, done.stderr
    (found,) = [finding for finding in json.loads(done.stdout)["findings"] if finding["what"] == "container engine"]
    assert found["found"].startswith("none (no container engine runs at")


@pytest.mark.database
def test_doctor_tells_engine_image_and_abilities_of_a_server_in_a_container(storebench: Storebench) -> None:
    try:
        with opened() as engine:
            image, version = make(engine), engine.version
    except UserError as error:
        pytest.skip(str(error))
    done = storebench("doctor", "--server", f"container={image}", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    found = {finding["what"]: finding["found"] for finding in told["findings"]}
    assert told["possible"]
    assert told["server"]["kind"] == "container"
    assert found["container engine"] == version
    assert f"{image} by {version}" in found["container"]

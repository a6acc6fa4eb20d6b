"""The project works anywhere: no file names one machine's folders or a package registry."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# Each word is put together here, so that this file does not hold it.
MACHINE_PATHS = ("/wor" + "k/", "/roo" + "t/")
REGISTRY_HOSTS = ("pypi" + ".org", "python" + "hosted", "npm" + "js.", "conda" + ".org", "crates" + ".io")


def project_files(root: Path) -> list[Path]:
    """The files that git tracks or would track; a folder that is no checkout has none to judge."""
    # The checkout may belong to another account than the one that runs the tests.
    listing = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        capture_output=True,
        check=False,
    )
    if listing.returncode != 0:
        reason = f"git cannot list the project's files: {listing.stderr.decode().strip()}"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    paths = (root / name for name in listing.stdout.decode().split("\0") if name)
    return sorted({path for path in paths if path.is_file()})


def forbidden_words(paths: list[Path]) -> list[str]:
    """One line for each forbidden word in a text file, with file and line; files that are no text are passed over."""
    found = []
    for path in paths:
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError:
            continue
        found += [
            f"{path}:{number} holds {word}"
            for number, line in enumerate(lines, start=1)
            for word in (*MACHINE_PATHS, *REGISTRY_HOSTS)
            if word in line.lower()
        ]
    return found


def test_no_file_of_the_project_names_a_machine_path_or_a_registry() -> None:
    paths = project_files(ROOT)
    assert Path(__file__) in paths
    assert forbidden_words(paths) == []


@pytest.mark.parametrize("word", [*MACHINE_PATHS, *REGISTRY_HOSTS])
def test_a_planted_word_is_reported_with_its_line(tmp_path: Path, word: str) -> None:
    path = tmp_path / "page.md"
    path.write_text(f"first line\nsee {word.upper()} there\n", encoding="utf-8")
    assert forbidden_words([path]) == [f"{path}:2 holds {word}"]


def test_a_file_that_is_no_text_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "picture.png"
    path.write_bytes(b"\xff\xfe" + MACHINE_PATHS[0].encode())
    assert forbidden_words([path]) == []

"""A file that can be read in one sitting."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[2]
LINES_MAX = 400


def too_long(root: Path) -> list[str]:
    """One line for each source file above the limit, with its length."""
    sources = (path for folder in ("workloads", "variants", "bench", "tests") for path in (root / folder).rglob("*.py"))
    lengths = ((path, len(path.read_text(encoding="utf-8").splitlines())) for path in sorted(sources))
    return [
        f"{path.relative_to(root)} has {length} lines, at most {LINES_MAX} are allowed: give it one responsibility"
        for path, length in lengths
        if length > LINES_MAX
    ]


def test_no_source_file_is_longer_than_the_limit() -> None:
    assert too_long(ROOT) == []


def test_a_planted_file_of_one_line_too_many_is_reported(tmp_path: Path) -> None:
    (tmp_path / "bench").mkdir()
    (tmp_path / "bench" / "whole.py").write_text("pass\n" * LINES_MAX, encoding="utf-8")
    (tmp_path / "bench" / "long.py").write_text("pass\n" * (LINES_MAX + 1), encoding="utf-8")
    assert [line.split()[0] for line in too_long(tmp_path)] == ["bench/long.py"]

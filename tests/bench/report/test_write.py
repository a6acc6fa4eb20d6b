from __future__ import annotations

from pathlib import Path

import pytest

from bench.errors import UserError
from bench.report.rendered import Rendered
from bench.report.write import write_report


def test_a_report_is_written_as_it_was_rendered(tmp_path: Path) -> None:
    write_report(tmp_path, Rendered("<p>ä</p>", "# ä\n", {"a.svg": b"<svg/>", "a.png": b"\x89"}))
    assert (tmp_path / "report.html").read_bytes() == "<p>ä</p>".encode()
    assert (tmp_path / "report.md").read_bytes() == "# ä\n".encode()
    assert sorted(path.name for path in (tmp_path / "charts").iterdir()) == ["a.png", "a.svg"]


def test_a_second_report_replaces_the_first_and_leaves_other_files_alone(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text("{}")
    write_report(tmp_path, Rendered("one", "one", {"old.svg": b"1", "both.svg": b"1"}))
    write_report(tmp_path, Rendered("two", "two", {"both.svg": b"2"}))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["charts", "report.html", "report.md", "run.json"]
    assert [path.name for path in (tmp_path / "charts").iterdir()] == ["both.svg"]
    assert (tmp_path / "charts" / "both.svg").read_bytes() == b"2"


def test_what_a_killed_writer_left_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / ".partial-charts").mkdir()
    (tmp_path / ".partial-charts" / "half.svg").write_bytes(b"<sv")
    write_report(tmp_path, Rendered("x", "x", {"a.svg": b"1"}))
    assert [path.name for path in (tmp_path / "charts").iterdir()] == ["a.svg"]


@pytest.mark.parametrize("name", ["charts", "report.html"])
def test_a_report_that_cannot_be_put_in_place_leaves_nothing_half_written(tmp_path: Path, name: str) -> None:
    if name == "charts":
        (tmp_path / name).write_text("somebody's file")
    else:
        (tmp_path / name).mkdir()
    with pytest.raises(UserError, match=f"{name} cannot be written"):
        write_report(tmp_path, Rendered("x", "x", {"a.svg": b"1"}))
    assert not list(tmp_path.glob(".partial-*"))
    assert (tmp_path / name).exists()

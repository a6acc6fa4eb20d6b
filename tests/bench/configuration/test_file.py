"""A file that is no configuration is refused in one line: what, on which line or at which key, and what to do."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bench.configuration import resolve
from bench.errors import UserError


def _refused(path: Path) -> str:
    with pytest.raises(UserError) as caught:
        resolve(file=path)
    told = str(caught.value)
    assert "\n" not in told
    assert "\x1b" not in told
    assert len(told) < 600 + len(str(path))
    return told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("seed = 1\nlatency_session_s = 12ms\n", "line 2, column 23: Expected newline or end of document after a statement"),
        ("seed = 1\nlatency_session_s = 12ms\n", "(latency_session_s wants seconds, such as 120.0)"),
        ("reads_rows = 6k", "(reads_rows wants messages, such as 6000)"),
        ("seed = 1\n\nseed = 2\n", "line 3, column 9: a key is given twice"),
        ("seed = ", "line 1"),
        ("seed = 1\n\n\nfoo", "line 4: Expected '=' after a key"),
        ("seed = 1 \x00", "line 1, column 10"),
        ("\u2028\u2028seed", "line 1, column 1"),
        ('latency_session_s = "12 s"', "latency_session_s = '12 s': that is no number (latency_session_s wants seconds"),
        ("latency_session_s = nan", "latency_session_s = nan: that is no finite number"),
        ("latency_session_s = inf", "latency_session_s = inf: that is no finite number"),
        ("latency_session_s = -12", "it should be greater than 0"),
        ("latency_session_s = true", "latency_session_s = True: that is no number"),
        ("seed = 1.0", "seed = 1.0: that is no whole number"),
        ("seed = true", "seed = True: that is no whole number"),
        ("seed = 9223372036854775808", "it should be less than 9223372036854775808"),
        ("seed = 0x" + "f" * 100_000, "seed = a number of 400000 bits: it should be less than"),
        ("seed = " + "9" * 5_000, "a number has more digits than any key takes"),
        ("seed = 2021-01-01", "that is no whole number"),
        ("seed = " + "[" * 100_000, "values are nested too deep"),
        ("a." * 50_000 + "a = 1", "has more than 5000 dots: keys stand flat"),
        ("peer_delivery = 1", "that is neither true nor false"),
        ('designs = "dual"', "that is no list"),
        ("designs = []", "that is empty"),
        ('designs = ["dual", "dual"]', "'dual' is there twice"),
        ('designs = ["dual", 3]', "designs[1] = 3: that is no text"),
        ("latency_sesion_s = 1", "latency_sesion_s: unknown; known are those of `storebench show config`"),
        ("latency_session_ms = 1", "did you mean latency_session_s?"),
        ("[latency]\nmessages = 3", "latency is a table: keys stand flat"),
        ("latency.messages = 3", "latency is a table: keys stand flat"),
        ("[seed]\na = 1", "seed = {'a': 1}: that is no whole number"),
        ("[[seed]]", "seed = [{}]: that is no whole number"),
        ('"\\u001b[31mred" = 1', "\\x1b[31mred: unknown"),
        ('trace = ""', "trace = '': that is no path"),
        ('trace = "a\\u0000b"', "none of them NUL"),
        ('trace = "a.csv"\nwindow = "soon"', "give START:LENGTH in seconds"),
        ('trace = "a.csv"\nagents = "many"', "give agents per room such as 2"),
        ('trace = "a.csv"\nreply = 1.5', "it should be less than or equal to 1 (reply wants a probability from 0 to 1"),
        ("#" * 300_000, "has more than 262144 bytes"),
    ],
)
def test_a_file_that_is_no_configuration_is_refused(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "my.toml"
    path.write_text(text, encoding="utf-8", newline="")
    found = _refused(path)
    assert told in found
    assert str(path) in found


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"\xef\xbb\xbfseed = 1", "line 1 begins with a byte order mark: save the file as UTF-8 without one"),
        ("seed = 1".encode("utf-16"), "line 1 is not UTF-8 (byte 0): save the file as UTF-8"),
        (b"seed = 1\n# caf\xe9\n", "line 2 is not UTF-8 (byte 14): save the file as UTF-8"),
        (bytes(range(256)), "line 2 is not UTF-8"),
    ],
)
def test_bytes_that_are_no_text_are_refused(tmp_path: Path, data: bytes, told: str) -> None:
    path = tmp_path / "my.toml"
    path.write_bytes(data)
    assert told in _refused(path)


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    assert "is no plain file: give a file of TOML" in _refused(tmp_path)
    assert "is no plain file" in _refused(Path("/dev/zero"))
    assert "cannot be read: No such file or directory" in _refused(tmp_path / "missing.toml")
    assert "cannot be read: Not a directory" in _refused(Path("/dev/null/my.toml"))
    assert "a\\u0000b cannot be read" in _refused(Path("a\0b"))
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    assert "is no plain file" in _refused(fifo)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_without_permission_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "my.toml"
    path.touch(mode=0o000)
    assert "cannot be read: Permission denied" in _refused(path)


def test_a_path_with_control_characters_is_shown_and_not_obeyed(tmp_path: Path) -> None:
    path = tmp_path / "\x1b[31mred\n.toml"
    path.write_text("seed = x", encoding="utf-8")
    assert "\\u001b[31mred\\u000a.toml: line 1" in _refused(path)

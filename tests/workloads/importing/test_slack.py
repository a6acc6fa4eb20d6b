"""A Slack export, unpacked or as a zip, becomes a trace."""

from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path

import pytest

from tests.workloads.importing.sources import slack_export, slack_import
from workloads.errors import InputError
from workloads.importing.finishing import TWICE, UNKNOWN
from workloads.importing.shape import digest
from workloads.importing.slack import NO_MESSAGE, NO_TEXT, NO_TIME, NOTICE, OTHER_FILE, UNLISTED

ANN, BOB, ROBOT = "U01", "U02", "U03"
USERS = [{"id": ANN, "name": "ann"}, {"id": BOB, "is_bot": False}, {"id": ROBOT, "is_bot": True}]


def said(ts: str, user: str | None = ANN, text: str | None = "hi", **more: object) -> dict[str, object]:
    message = {"type": "message", "ts": ts, "user": user, "text": text, **more}
    return {key: value for key, value in message.items() if value is not None}


DAYS: dict[str, list[object]] = {
    "general/2017-12-01.json": [
        said("1512085950.000216"),
        said("1512085960.000001", BOB, "h\u00e9llo", thread_ts="1512085950.000216"),
        said("1512085961.000001", None, "beep", subtype="bot_message", bot_id="B9"),
        said("1512085962.000001", ROBOT, "boop"),
        said("1512085963.000001", subtype="channel_join", text="<@U01> has joined the channel"),
        said("1512085964.000001", text=None, subtype="file_share"),
    ],
    "general/2017-12-02.json": [
        said("1512172350.000001", subtype="thread_broadcast", thread_ts="1512085950.000216"),
        said("1512172351.000001", text="", thread_ts="1512172351.000001"),
    ],
    "dev/2017-12-01.json": [said("1512085950.000216", BOB)],
}


def test_messages_become_rows_threads_links_and_notices_are_left_out(tmp_path: Path) -> None:
    imported = slack_import(slack_export(tmp_path / "export", DAYS, USERS, others=["silent"]))
    trace = imported.trace
    assert len(trace) == 7
    assert imported.left_out == {NOTICE: 1, NO_TEXT: 1}
    assert not imported.rejected
    # The first moment is that of two channels; folders are read by their names, so dev comes first.
    assert trace.ch[0] != trace.ch[1]
    assert trace.text_bytes.tolist() == [2, 2, 6, 4, 4, 2, 0]
    assert trace.reply_to.tolist() == [-1, -1, 1, -1, -1, 1, -1]
    assert trace.bot.tolist() == [False, False, False, True, True, False, False]
    assert trace.annotated is not None
    assert trace.annotated.all()
    assert trace.t_s[0] == pytest.approx(4 * 86_400 - 450 + 0.000216, abs=1e-6)


def test_a_zip_of_an_export_gives_what_the_folder_gives(tmp_path: Path) -> None:
    folder = slack_export(tmp_path / "export", DAYS, USERS)
    with zipfile.ZipFile(tmp_path / "export.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted(folder.rglob("*")):
            packed.write(path, path.relative_to(folder).as_posix())
    packed_import = slack_import(tmp_path / "export.zip")
    assert digest(packed_import.trace) == digest(slack_import(folder).trace)
    assert packed_import.left_out == {NOTICE: 1, NO_TEXT: 1}


@pytest.mark.parametrize("flag", [True, False])
def test_names_of_a_zip_are_utf8_whether_it_says_so_or_not(tmp_path: Path, flag: bool) -> None:
    days = {f"{name}/2017-12-01.json": [said("1512085950.1")] for name in ("caf\u00e9", "\u65e5\u672c", "plain")}
    folder = slack_export(tmp_path / "export", days)
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as packed:
        for path in sorted(folder.rglob("*")):
            packed.write(path, path.relative_to(folder).as_posix())
    content = (tmp_path / "export.zip").read_bytes()
    if not flag:
        for head, at in ((b"PK\x03\x04", 7), (b"PK\x01\x02", 9)):
            parts = content.split(head)
            content = head.join([parts[0], *(part[: at - 4] + b"\0" + part[at - 3 :] for part in parts[1:])])
        (tmp_path / "export.zip").write_bytes(content)
        assert not any(entry.flag_bits & 0x800 for entry in zipfile.ZipFile(tmp_path / "export.zip").infolist())
    imported = slack_import(tmp_path / "export.zip")
    assert len(imported.trace) == 3
    assert not imported.left_out


def test_a_bad_message_is_rejected_by_folder_file_and_place_without_a_name(tmp_path: Path) -> None:
    days: dict[str, list[object]] = {
        "alpha/2017-12-01.json": [said("1512085950.1"), 7, said("1512085951.1")],
        "secret-plans/2017-12-01.json": [
            said("1512085950.1", None),
            said("yesterday"),
            said("1512085950.2"),
            {"type": "message", "text": "x"},
        ],
        "secret-plans/2017-12-02.json": [said("1512085950.2"), said("1512085951.2", thread_ts="1.0")],
    }
    imported = slack_import(slack_export(tmp_path / "export", days))
    assert imported.first == [
        f"folder 1, 2017-12-01.json, message 2 rejected: {NO_MESSAGE}",
        "folder 2, 2017-12-01.json, message 1 rejected: no user",
        "folder 2, 2017-12-01.json, message 2 rejected: the time is no number",
        f"folder 2, 2017-12-01.json, message 4 rejected: {NO_TIME}",
        f"folder 2, 2017-12-02.json, message 1 rejected: {TWICE}",
    ]
    assert len(imported.trace) == 4
    assert imported.finished.links_lost == {UNKNOWN: 1}


@pytest.mark.parametrize("odd", [None, True, 7, 1.5, [], {}, [{}], {"a": []}, "\ud800"], ids=str)
@pytest.mark.parametrize("field", ["type", "subtype", "user", "text", "ts", "thread_ts", "bot_id", "username"])
def test_a_field_of_any_kind_rejects_or_leaves_out_its_message_at_the_most(tmp_path: Path, field: str, odd: object) -> None:
    days: dict[str, list[object]] = {"a/2017-12-01.json": [said("1512085950.1"), {**said("1512085951.1"), field: odd}]}
    imported = slack_import(slack_export(tmp_path / "export", days))
    assert len(imported.trace) + sum(imported.rejected.values()) + sum(imported.left_out.values()) == 2


def test_what_is_no_channel_and_no_day_is_left_out_and_counted(tmp_path: Path) -> None:
    folder = slack_export(tmp_path / "export", DAYS, USERS)
    (folder / "general" / "notes.txt").write_text("x")
    (folder / "attachments").mkdir()
    (folder / "attachments" / "2017-12-01.json").write_text("broken")
    (folder / "integration_logs.json").write_text("broken")
    left_out = slack_import(folder).left_out
    assert (left_out[OTHER_FILE], left_out[UNLISTED]) == (1, 1)


def test_direct_messages_lie_in_folders_of_their_ids(tmp_path: Path) -> None:
    folder = slack_export(tmp_path / "export", DAYS)
    (folder / "dms.json").write_text(json.dumps([{"id": "D77", "members": [ANN, BOB]}]))
    (folder / "D77").mkdir()
    (folder / "D77" / "2017-12-01.json").write_text(json.dumps([said("1512085950.5")]))
    assert len(set(slack_import(folder).trace.ch)) == 3


def _refused(path: Path) -> str:
    with pytest.raises(InputError) as told:
        slack_import(path)
    assert "\n" not in str(told.value)
    return str(told.value)


def test_what_is_no_export_is_refused(tmp_path: Path) -> None:
    assert "no channels.json there" in _refused(tmp_path)
    assert "neither a folder nor a file" in _refused(tmp_path / "missing")
    (tmp_path / "text").write_text("no zip")
    assert "no zip that can be read" in _refused(tmp_path / "text")
    os.mkfifo(tmp_path / "pipe")
    assert "neither a folder nor a file" in _refused(tmp_path / "pipe")


@pytest.mark.parametrize(
    ("place", "content", "told"),
    [
        ("channels.json", b"{}", "channels.json: it is no JSON list of objects"),
        ("channels.json", b"[1]", "channels.json: it is no JSON list of objects"),
        ("users.json", b"\xff", "users.json: it is no JSON"),
        ("users.json", b"[" * 100_000, "users.json: it is no JSON"),
        ("general/2017-12-01.json", b"", "folder 2, 2017-12-01.json: it is no JSON"),
        ("general/2017-12-01.json", b"{}", "folder 2, 2017-12-01.json: the file is no JSON list"),
    ],
)
def test_a_broken_file_is_refused_by_its_place_without_the_channels_name(
    tmp_path: Path, place: str, content: bytes, told: str
) -> None:
    folder = slack_export(tmp_path / "export", DAYS, USERS)
    (folder / place).write_bytes(content)
    assert _refused(folder).startswith(told)


def test_a_day_that_is_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    folder = slack_export(tmp_path / "export", DAYS, USERS)
    (folder / "general" / "2017-12-03.json").unlink(missing_ok=True)
    os.mkfifo(folder / "general" / "2017-12-03.json")
    assert _refused(folder).startswith("folder 2, 2017-12-03.json: it is a pipe")

"""A Slack export as rows of a trace: people's and bots' messages, with threads as links.

The export has `channels.json` (and `groups.json`, `dms.json`, `mpims.json`, where there are any), `users.json`, and a folder for
each channel with a file for each day. A message is known by its channel and its `ts`; one of a thread answers the message that
begins it.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from workloads.errors import InputError
from workloads.importing.collecting import Collector
from workloads.importing.mapping import utf8_bytes
from workloads.importing.slack_tree import GIVE, Tree, composed
from workloads.importing.times import NoTime, TimeForm, Times

LISTS = ("channels.json", "groups.json", "mpims.json", "dms.json")
USERS = "users.json"

MESSAGES = frozenset({"bot_message", "file_share", "me_message", "reply_broadcast", "thread_broadcast"})
"""Subtypes that somebody wrote; the others tell of joins, leaves, topics, deletions and the like."""

NOTICE = "notices of joins, leaves, topics and the like"
NO_TEXT = "messages without a text"
UNLISTED = "files in folders of no listed channel"
OTHER_FILE = "files that are not of a day"
NOT_READ = "the file is no JSON list"
NO_MESSAGE = "no message: not a JSON object"
NO_TIME = "ts is no text"


class Places:
    """Where a message stands, said without the name of its channel: a number is the place of its folder among all, by name."""

    def __init__(self) -> None:
        self._starts = list[int]()
        self._files = list[str]()

    def begin(self, start: int, folder: int, day: str) -> None:
        """The messages from this number on are of this file."""
        self._starts.append(start)
        self._files.append(f"folder {folder}, {day}")

    def __call__(self, place: int) -> str:
        """The words for the place of a message, which is counted from 1 over all files."""
        index = bisect_right(self._starts, place - 1) - 1
        return f"{self._files[index]}, message {place - self._starts[index]}"


class SlackExport:
    """An export whose lists of channels and users were read. Raises `InputError` when there are none.

    `files` are those of days, and `unlisted` those of them that lie in folders of no listed channel, which are not read.
    """

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._listed = _listed(tree)
        self._bots = _bots(tree)
        self.places = Places()
        self.files = sum(map(len, tree.days.values()))
        self.unlisted = sum(len(days) for folder, days in tree.days.items() if folder not in self._listed)

    def read(self, collector: Collector, advance: Callable[[int, int], None]) -> Mapping[str, int]:
        """Hand all messages to the collector; gives how many of what were left out, as no messages that somebody wrote.

        `advance` is called with the files that were read and that there are. Raises `InputError` for a file that is no day.
        """
        tree = self._tree
        left_out = Counter({OTHER_FILE: tree.others, UNLISTED: self.unlisted})
        done = 0
        for number, (folder, days) in enumerate(tree.days.items(), start=1):
            if folder not in self._listed:
                continue
            times = Times(TimeForm.SECONDS)
            for day in days:
                start = collector.rows + left_out[NOTICE] + left_out[NO_TEXT]
                self.places.begin(start, number, day)
                for place, message in enumerate(_messages(tree, folder, number, day), start=start + 1):
                    unwritten = _take(collector, times, place, folder, message, self._bots)
                    if unwritten is not None:
                        left_out[unwritten] += 1
                done += 1
                advance(done, self.files)
        return {what: count for what, count in left_out.items() if count}


def _take(collector: Collector, times: Times, place: int, channel: str, message: Any, bots: frozenset[str]) -> str | None:
    """Hand a message to the collector, or say as what it is left out."""
    if not isinstance(message, dict):
        collector.reject(place, NO_MESSAGE)
        return None
    subtype = message.get("subtype")
    if message.get("type", "message") != "message" or not (subtype is None or _name(subtype) in MESSAGES):
        return NOTICE
    text, ts, thread = message.get("text"), message.get("ts"), message.get("thread_ts")
    if not isinstance(text, str):
        return NO_TEXT
    if not isinstance(ts, str):
        collector.reject(place, NO_TIME)
        return None
    try:
        at_us = times.at_us(ts)
    except NoTime as why:
        collector.reject(place, str(why))
        return None
    user, bot = (_name(message.get(field)) for field in ("user", "bot_id"))
    author = user or bot or _name(message.get("username"))
    collector.take(
        place,
        at_us,
        channel,
        author,
        utf8_bytes(text),
        bot=bool(bot) or subtype == "bot_message" or author in bots,
        annotated=True,
        own=ts,
        answered=thread if isinstance(thread, str) and thread != ts else "",
    )
    return None


def _messages(tree: Tree, folder: str, number: int, day: str) -> Sequence[Any]:
    called = f"folder {number}, {day}"
    found = _json(tree.read(folder, day, called), called)
    if not isinstance(found, list):
        raise InputError(f"{called}: {NOT_READ}: {GIVE}")
    return found


def _listed(tree: Tree) -> frozenset[str]:
    """The names of the folders that are channels: a channel's name, or the id of direct messages."""
    lists = [name for name in LISTS if name in tree.top]
    if not lists:
        raise InputError(f"no {LISTS[0]} there: {GIVE}")
    return frozenset(name for file in lists for entry in _entries(tree, file) for name in _names(entry))


def _bots(tree: Tree) -> frozenset[str]:
    if USERS not in tree.top:
        return frozenset()
    return frozenset(_name(entry.get("id")) for entry in _entries(tree, USERS) if entry.get("is_bot") is True) - {""}


def _entries(tree: Tree, file: str) -> Iterator[dict[str, Any]]:
    found = _json(tree.read(None, file, file), file)
    if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
        raise InputError(f"{file}: it is no JSON list of objects: {GIVE}")
    return iter(found)


def _json(content: bytes, called: str) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        raise InputError(f"{called}: it is no JSON: {GIVE}") from None


def _names(entry: Mapping[str, Any]) -> Iterator[str]:
    return (name for field in ("name", "id") if (name := composed(_name(entry.get(field)))))


def _name(value: object) -> str:
    return value if isinstance(value, str) else ""

"""A history for outsiders: one EDN map a line, in the form that Jepsen's checkers read. Pure.

A process that was told info, or nothing, is never used again there, since its operation may still take effect: whoever follows on
it gets a new number. Faults are operations of the process `:nemesis`, twice each: when they begin and when they end.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from bench.drive.drivers import Told
from bench.history.entry import Entry, History


class Keyword(str):
    """A word that EDN writes with a colon before it."""

    __slots__ = ()


Value = Keyword | str | int | bool | None | tuple["Value", ...] | Mapping[str, "Value"]


class _Line(NamedTuple):
    at_ns: int
    # Of two lines of one instant the end of an operation comes before the beginning of the next.
    is_begin: bool
    order: int
    content: dict[str, Value]


def edn(history: History) -> Iterator[str]:
    """The lines of a history, without line ends, by time."""
    lines = sorted(_lines(history), key=lambda line: line[:3])
    for index, line in enumerate(lines):
        yield written({"index": index, "time": line.at_ns, **line.content})


def written(value: Value) -> str:
    """A value as EDN writes it."""
    match value:
        case None:
            return "nil"
        case bool():
            return "true" if value else "false"
        case int():
            # Its readers take a number of more than 64 bits by its suffix alone.
            return str(value) if -(2**63) <= value < 2**63 else f"{value}N"
        case Keyword():
            return f":{value}"
        case str():
            return '"' + "".join(map(_escaped, value)) + '"'
        case tuple():
            return "[" + " ".join(map(written, value)) + "]"
    return "{" + ", ".join(f":{key} {written(item)}" for key, item in value.items()) + "}"


def _lines(history: History) -> Iterator[_Line]:
    numbers = _numbers(history.entries)
    for order, (entry, process) in enumerate(zip(history.entries, numbers, strict=True)):
        content: dict[str, Value] = {
            "process": process,
            "f": Keyword(entry.f.replace("_", "-")),
            "value": {"key": entry.key, "messages": entry.message_ids, "channel": entry.channel, "agent": entry.agent},
        }
        yield _Line(entry.invoked_ns, True, order, {"type": Keyword("invoke"), **content})
        if entry.completed_ns is not None:
            # What takes no time at all is begun first, too.
            at_ns = max(entry.completed_ns, entry.invoked_ns + 1)
            yield _Line(at_ns, False, order, {"type": Keyword(entry.told), **content, **_end(entry)})
    for order, fault in enumerate(history.faults):
        content = {
            "type": Keyword("info"),
            "process": Keyword("nemesis"),
            "f": fault.description,
            "target": fault.process,
            "happened": fault.happened,
        }
        yield _Line(fault.at_ns, True, order, {**content, "value": Keyword("start")})
        yield _Line(max(fault.until_ns or 0, fault.at_ns + 1), False, order, {**content, "value": Keyword("stop")})


def _end(entry: Entry) -> dict[str, Value]:
    last = entry.last
    xids = tuple(item.xid for item in last.transactions if item.xid is not None) if last else ()
    return {
        "truth": Keyword(entry.truth),
        "partial": entry.partial,
        "sqlstate": last.sqlstate if last else None,
        "phase": Keyword(last.phase) if last and last.phase else None,
        "xids": xids,
        "backend": last.backend_pid if last else None,
    }


def _numbers(entries: tuple[Entry, ...]) -> Iterator[int]:
    """The process of each entry, one after an info being a new one: that number plus how many processes there are."""
    apart = max((entry.process for entry in entries), default=0) + 1
    now: dict[int, int] = {}
    for entry in entries:
        number = now.setdefault(entry.process, entry.process)
        yield number
        if entry.told is Told.INFO:
            now[entry.process] = number + apart


def _escaped(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    if unicodedata.category(character)[0] in "CZ" and character != " ":
        number = ord(character)
        units = [number] if number < 0x10000 else [0xD800 + (number - 0x10000 >> 10), 0xDC00 + (number - 0x10000 & 0x3FF)]
        return "".join(f"\\u{unit:04x}" for unit in units)
    return character

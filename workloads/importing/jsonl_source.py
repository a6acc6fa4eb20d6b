"""JSON lines: an object a line, fields by dotted path, as rows of a trace."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping

from workloads.importing.collecting import Collector
from workloads.importing.lines import Lines
from workloads.importing.mapping import TRACE
from workloads.importing.rows import FIELDS, Rows
from workloads.importing.times import Clock
from workloads.trace_columns import ANNOTATED

_PART = re.compile(r"((?:[^.\\]|\\.)+)(?:\.|$)", re.DOTALL)

OPTIONAL = frozenset({"bot", "reply_to", "reply_row", "annotated", "id"})
"""What a row may lack; null and absent are the same there."""

_ABSENT = object()


class _Unfit(Exception):
    """Why a row cannot be used, in words that hold nothing of it."""


class JsonlSource:
    """A file of JSON lines; without `columns` each line has the fields of our own format."""

    def __init__(self, lines: Lines, columns: Mapping[str, str] | None) -> None:
        self._lines = lines
        self.columns = columns or {**TRACE, "annotated": ANNOTATED}
        self._getters = [_getter(meaning, self.columns.get(meaning)) for meaning in FIELDS]

    def read(self, collector: Collector, times: Clock) -> None:
        """Hand all rows to the collector; blank lines are passed over. Raises `Problem` when the file cannot be read to its end."""
        lines, getters = self._lines, self._getters
        take = Rows(collector, times, self.columns).take
        for line in lines:
            if lines.fault is not None:
                collector.reject(lines.number, lines.fault)
                lines.fault = None
                continue
            if line.isspace():
                continue
            try:
                row = json.loads(line)
            except (ValueError, RecursionError):
                collector.reject(lines.number, "no JSON")
                continue
            try:
                fields = [get(row) for get in getters]
            except _Unfit as why:
                collector.reject(lines.number, str(why))
                continue
            take(lines.number, *fields)


def path_of(dotted: str) -> list[str]:
    r"""The keys of a dotted path; `\.` is a dot inside of a key."""
    return [re.sub(r"\\(.)", r"\1", part, flags=re.DOTALL) for part in _PART.findall(dotted)] or [dotted]


def _nothing(row: object) -> str:
    del row
    return ""


def _below(value: object, key: str) -> object:
    if isinstance(value, dict):
        return value.get(key, _ABSENT)
    if isinstance(value, list) and key.isdecimal() and len(key) < 10 and int(key) < len(value):
        return value[int(key)]
    return _ABSENT


def _getter(meaning: str, dotted: str | None) -> Callable[[object], str]:
    """What gives the text of one field of a row; raises `_Unfit`."""
    if dotted is None:
        return _nothing
    keys = path_of(dotted)
    absent, wrong = f"no {meaning}", f"{meaning} is no text or number"

    def get(row: object) -> str:
        value = row
        for key in keys:
            value = _below(value, key)
        if isinstance(value, str):
            return value
        if value is None or value is _ABSENT:
            # A message without a text, such as one that is a picture, has none in so many words.
            if meaning in OPTIONAL or (meaning == "text" and value is None):
                return ""
            raise _Unfit(absent)
        if isinstance(value, bool) and meaning in {"bot", "annotated"}:
            return "1" if value else "0"
        if isinstance(value, int | float) and not isinstance(value, bool) and meaning != "text":
            return repr(value)
        raise _Unfit(wrong)

    return get

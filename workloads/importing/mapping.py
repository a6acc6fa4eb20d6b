"""Which column or field of a source holds what, as the user says it. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from workloads.errors import InputError

MEANINGS: Mapping[str, str] = MappingProxyType(
    {
        "t": "when the message was written",
        "channel": "name or id of its channel",
        "user": "name or id of its author",
        "text": "its text, of which the length alone is kept",
        "bytes": "the length of its text in UTF-8",
        "bot": "whether its author is an automated account",
        "id": "its own id",
        "reply_to": "the id of the message that it answers, or nothing",
        "reply_row": "the row of the message that it answers, from 0, or nothing",
        "annotated": "whether it is known what it answers",
    }
)
NEEDED = ("t", "channel", "user")

TRACE: Mapping[str, str] = MappingProxyType(
    {"t": "t", "channel": "ch", "user": "u", "bytes": "bytes", "bot": "bot", "reply_row": "reply_to"}
)
"""A trace of our own format, which is what a source is taken for when nothing is said of its columns; `annotated` may be there."""

FLAGS: Mapping[str, bool] = MappingProxyType(
    {"": False, "0": False, "false": False, "no": False, "f": False, "1": True, "true": True, "yes": True, "t": True}
)
_WHOLE = re.compile(r"[0-9]{1,18}")


def parsed(options: Sequence[str]) -> Mapping[str, str]:
    """The column of each meaning, from options such as `t=timestamp`; raises `InputError`."""
    found = dict[str, str]()
    for option in options:
        meaning, equals, column = option.partition("=")
        if meaning not in MEANINGS or not equals or not column:
            raise InputError(f"--column {option!r}: write MEANING=COLUMN; meanings are {', '.join(MEANINGS)}")
        if meaning in found:
            raise InputError(f"--column {option!r}: {meaning} is given twice: keep one")
        found[meaning] = column
    missing = [meaning for meaning in NEEDED if meaning not in found]
    if missing:
        raise InputError(f"--column {missing[0]}=COLUMN is missing: say which column holds {MEANINGS[missing[0]]}")
    _check_pairs(found)
    return found


def _check_pairs(found: Mapping[str, str]) -> None:
    if ("text" in found) == ("bytes" in found):
        raise InputError("--column: give text=COLUMN or bytes=COLUMN, one of the two")
    if "reply_to" in found and "id" not in found:
        raise InputError("--column reply_to=COLUMN needs id=COLUMN: say which column holds the ids that are referred to")
    if "reply_to" in found and "reply_row" in found:
        raise InputError("--column: give reply_to=COLUMN (ids) or reply_row=COLUMN (rows), not both")


def whole(text: str) -> int | None:
    """A whole number from 0 of at most 18 digits, or None."""
    return int(text) if _WHOLE.fullmatch(text) else None


def utf8_bytes(text: str) -> int:
    """The length of a text in UTF-8; half of a surrogate pair counts 3 bytes, as the sign that stands for what cannot be shown."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))

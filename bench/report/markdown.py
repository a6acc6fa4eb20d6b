"""Text as Markdown that reads as that text and nothing else. Pure."""

from __future__ import annotations

import re

from markupsafe import Markup

from bench.visible import visible

_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_SPECIAL = re.compile(r"[\\`*{}\[\]|~$]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
"""Signs that mean something anywhere in a line; an underscore within a word means nothing."""
_AT_START = re.compile(r"\A(\s*)(#|[-+](?=\s|\Z)|(?:-+|=+)\s*\Z)")
_NUMBER_AT_START = re.compile(r"\A(\s*\d+)([.)])(?=\s|\Z)")
"""Signs that mean something at the start of a line: headings and lists."""
_ADDRESS = re.compile(r"((?:https?|ftp)(?=://)|www(?=\.))([:.])", re.IGNORECASE)
"""Beginnings that many readers of Markdown make a link of without being asked."""


def as_markdown(text: str) -> Markup:
    """The text with every sign escaped that Markdown or HTML would read, safe in a table's cell too."""
    escaped = _SPECIAL.sub(lambda found: f"\\{found[0]}", visible(text))
    started = _NUMBER_AT_START.sub(r"\1\\\2", _AT_START.sub(r"\1\\\2", escaped))
    entities = _ADDRESS.sub(lambda found: f"{found[1]}&#{ord(found[2])};", started.translate(_ENTITIES))
    return Markup(entities)  # noqa: S704  # what HTML would read is an entity by now


def as_code(text: str) -> Markup:
    """The text as a code span, fenced by more backticks than it has; a bar is escaped, since it would end a table's cell."""
    shown = visible(text).replace("|", "\\|")
    fence = "`" * (max((len(run) for run in re.findall("`+", shown)), default=0) + 1)
    room = " " if "`" in shown else ""
    return Markup(f"{fence}{room}{shown}{room}{fence}")  # noqa: S704  # a code span takes its content as it stands

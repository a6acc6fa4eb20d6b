"""Text as Markdown that reads as that text and nothing else. Pure."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

from bench.charts.visible import visible

_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+!|~-])")


def as_markdown(text: str) -> Markup:
    """The text with every sign escaped that Markdown or HTML would read, safe in a table's cell too."""
    return Markup(_SPECIAL.sub(r"\\\1", str(escape(visible(text)))).replace("&\\#", "&#"))


def as_code(text: str) -> Markup:
    """The text as a code span, fenced by more backticks than it has; a bar is escaped, since it would end a table's cell."""
    shown = visible(text).replace("|", "\\|")
    fence = "`" * (max((len(run) for run in re.findall("`+", shown)), default=0) + 1)
    room = " " if "`" in shown else ""
    return Markup(f"{fence}{room}{shown}{room}{fence}")  # noqa: S704  # a code span takes its content as it stands

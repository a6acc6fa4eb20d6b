"""What a reader or a terminal must not meet, wherever names from outside are shown."""

from __future__ import annotations

import csv
import re
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
"""Control characters but the end of a line, and those that hide or turn text around."""

_DRAWN = "svg defs style g path use text rect pattern line image"
TAGS = frozenset(
    re.findall(
        r"\w+",
        "html head meta title body header h1 h2 h3 p nav ul ol li a section div dl dt dd table thead tbody tr th td span figure"
        f" figcaption br code strong em details summary clippath {_DRAWN}",
    )
)
_SVG_TAGS = frozenset(re.findall(r"\w+", f"{_DRAWN} clipPath metadata RDF Work type date format creator Agent title"))
_CODE = re.compile(r"(?<!\\)(`+)(?!`).*?(?<!`)\1(?!`)")


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.found.append(f"tag {tag}")
        for name, value in attrs:
            where = value or ""
            if name.startswith("on") or (
                name in {"href", "src", "xlink:href"} and not where.startswith(("#", "charts/", "data:image"))
            ):
                self.found.append(f"{tag} {name}={where}")


def of_html(text: str) -> list[str]:
    """Markup that no template of ours makes: foreign tags, handlers, links that lead away."""
    reader = _Tags()
    reader.feed(text)
    return reader.found


def of_markdown(text: str) -> list[str]:
    """Links that lead away, markup, and rows of a table that have other cells than its heading."""
    found, cells = [], 0
    for line in text.splitlines():
        plain = _CODE.sub("", line)
        found += re.findall(r"(?<!\\)\]\((?!charts/)[^)]*\)|https?://\S*|www\.\S*|<[a-z!/]\S*", plain)
        count = len(re.findall(r"(?<!\\)\|", line)) if line.startswith("|") else 0
        if count and cells not in {0, count}:
            found.append(f"a row of {count} cells below one of {cells}: {line}")
        cells = count
    return found


def of_svg(text: str) -> list[str]:
    """Elements that draw nothing, and handlers."""
    root = ET.fromstring(text)  # noqa: S314  # a picture that we have just made
    found = []
    for element in root.iter():
        tag = element.tag.rpartition("}")[2]
        if tag not in _SVG_TAGS:
            found.append(f"tag {tag}")
        found += [f"{tag} {name}" for name in element.attrib if name.rpartition("}")[2].startswith("on")]
    return found


def of_csv(text: str) -> list[str]:
    """Cells that a spreadsheet would take for a formula, and rows that differ in length."""
    rows = list(csv.reader(text.splitlines()))
    cells = [cell for row in rows for cell in row]
    formulas = [cell for cell in cells if re.match(r"\s*[=+@-]", cell) and not re.fullmatch(r"-?[\d.]+(e-?\d+)?", cell)]
    return formulas + [str(row) for row in rows if len(row) != len(rows[0])]


def of_folder(folder: Path) -> list[str]:
    """All of it in every file of a run, raw rows and pictures of points apart."""
    checks = {".html": of_html, ".md": of_markdown, ".svg": of_svg, ".csv": of_csv}
    found = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix not in {".parquet", ".png"}):
        text = path.read_text(encoding="utf-8")
        name = path.relative_to(folder).as_posix()
        found += [f"{name}: {problem}" for problem in (checks[path.suffix](text) if path.suffix in checks else [])]
        found += [f"{name}: {character!r}" for character in set(CONTROL.findall(text))]
        if not re.fullmatch(r"[a-z0-9_./-]+", name):
            found.append(f"{name}: its own name")
    return found

"""What a report is made of, before it is written."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rendered:
    """The report's two forms and the charts' files by name: SVG, PNG and CSV of each."""

    html: str
    markdown: str
    charts: dict[str, bytes]

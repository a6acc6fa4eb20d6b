"""The pages of docs/ of which parts are written from the code: renewed in the checkout that they belong to."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from bench.errors import UserError

DOCS = Path(__file__).resolve().parents[1] / "docs"


def renew(page: Path, renewed: Callable[[str], str]) -> None:
    """Write the page anew from what it says. Raises UserError where there is no checkout."""
    if not page.is_file():
        raise UserError(f"{page} is not there: run this from a checkout of the project")
    page.write_text(renewed(page.read_text(encoding="utf-8")), encoding="utf-8")

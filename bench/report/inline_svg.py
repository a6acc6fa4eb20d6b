"""A chart's SVG made fit to stand inside of a page with others. Pure."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

from bench.visible import visible

_BEFORE_ROOT = re.compile(r"\A.*?(?=<svg)", re.DOTALL)
_STYLE = re.compile(r"<style.*?</style>", re.DOTALL)
_ROOT = re.compile(r"<svg\b[^>]*>")
_VIEW = re.compile(r'viewBox="[^"]*"')


def inline(svg: bytes, name: str, label: str) -> Markup:
    """The drawing with ids of its own (they begin with `name`), as wide as its place, and with a label for those who hear it.

    Raises ValueError when it is no SVG as our charts are.
    """
    text = _STYLE.sub("", _BEFORE_ROOT.sub("", svg.decode()))
    root, view = _ROOT.search(text), _VIEW.search(text)
    if root is None or view is None:
        raise ValueError(f"chart {name!r} has no SVG root with a view box")
    text = re.sub(r'\bid="([^"]*)"', rf'id="{name}-\1"', text[root.end() :])
    text = re.sub(r"url\(#([^)]*)\)", rf"url(#{name}-\1)", text)
    text = re.sub(r'xlink:href="#([^"]*)"', rf'xlink:href="#{name}-\1"', text)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" {view[0]} role="img"'
        f' aria-label="{escape(visible(label))}" style="stroke-linejoin:round;stroke-linecap:butt">'
    )
    return Markup(head + text.strip())  # noqa: S704  # drawn by our charts, which escape what comes from outside

"""Text from outside made harmless to look at. Pure."""

from __future__ import annotations

import unicodedata

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def visible(text: str) -> str:
    """The text with every character that does not show, or that turns others around, spelled out by its number.

    Such characters would break an XML file, or make a name look like another one.
    """
    return "".join(_spelled(character) if unicodedata.category(character) in _HIDDEN else character for character in text)


def _spelled(character: str) -> str:
    number = ord(character)
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"

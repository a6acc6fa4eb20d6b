"""What objects of a stranger's code say of themselves, whatever they do when they are asked. Pure."""

from __future__ import annotations


def raised(error: BaseException) -> str:
    """The kind of an exception and its text; one that cannot tell its text is told without it."""
    kind = type(error).__name__
    try:
        return f"{kind}: {error}"
    except BaseException:  # noqa: BLE001 - a stranger's __str__ may raise anything
        return f"{kind}, which cannot tell what it says"


def shown(value: object, limit: int = 80) -> str:
    """A value as code, cut to a limit; one that cannot be shown is told by its type."""
    try:
        return repr(value)[:limit]
    except BaseException:  # noqa: BLE001 - a stranger's __repr__ may raise anything
        return f"a {type(value).__name__} that cannot be shown"

"""A command line as it may be stored and shown: without secrets, and without where things lie on this machine. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePath

_PATHS = frozenset({"--out", "--trace", "--config", "--workload"})
_HOSTS = frozenset({"--bind", "--worker"})
_PATH_KEYS = frozenset({"trace", "workload"})
_SERVER = "--server"
_OURS = frozenset({"embedded", "container"})
"""Kinds of servers whose choice is a version, a folder or an image: of the last two the last part alone is told."""


def told(arguments: Sequence[str]) -> list[str]:
    """The arguments with the last part alone of every path, and with addresses of servers and hosts left out."""
    return list(_told(arguments))


def _told(arguments: Sequence[str]) -> Iterator[str]:
    option = ""
    for argument in arguments:
        name, equals, value = argument.partition("=")
        if option:
            yield _value(option, argument)
            option = ""
        elif name in (*_PATHS, *_HOSTS, _SERVER) and equals:
            yield f"{name}={_value(name, value)}"
        elif argument in (*_PATHS, *_HOSTS, _SERVER):
            option = argument
            yield argument
        elif name == "--set" and equals:
            yield f"{name}={_setting(value)}"
        elif not equals:
            yield argument if argument.startswith("-") else PurePath(argument).name or argument
        else:
            yield _setting(argument)


def _setting(text: str) -> str:
    """`key=value` with the last part alone of a path."""
    key, equals, value = text.partition("=")
    return f"{key}={PurePath(value).name or value}" if equals and key.strip() in _PATH_KEYS else text


def _value(option: str, value: str) -> str:
    if option in _HOSTS:
        return "..."
    if option != _SERVER:
        return PurePath(value).name or value
    kind, equals, choice = value.partition("=")
    if not equals:
        return kind if kind in _OURS else "..."
    return f"{kind}={PurePath(choice).name}" if kind in _OURS else "url=..."

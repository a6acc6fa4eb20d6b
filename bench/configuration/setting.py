"""`key=value` as it is typed in a command. Pure."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, get_args, get_origin

from bench.configuration.model import Configuration, TraceConfiguration
from bench.errors import UserError
from bench.foreign import shown

YES_AND_NO = {"yes": True, "no": False}
"""The levels of `peer_delivery` by the names that `storebench list factors` gives them."""


def split(text: str) -> tuple[str, object]:
    """The key and the value of a setting. A value is JSON, or else text; a list may be given with commas, or as its one item."""
    key, equals, value = text.partition("=")
    if not equals or not key.strip():
        raise UserError(f"--set {shown(text)}: write key=value")
    return key.strip(), _value(key.strip(), value)


def _value(key: str, text: str) -> object:
    kind = _type(key)
    if kind is tuple:
        return _list(text)
    if kind in {str, Path}:
        return _text(text)
    return YES_AND_NO.get(text, _json(text)) if kind is bool else _json(text)


def _list(text: str) -> object:
    value = _json(text)
    if not isinstance(value, str):
        return value if isinstance(value, list) else [value]
    # A comma within brackets belongs to the name of a variant.
    parts = [part.strip() for part in re.split(r",(?![^\[\]]*\])", value)]
    return [_json(part) for part in parts] if parts != [""] else []


def _text(text: str) -> object:
    """A name such as 2024 is text; null stands for what is not set."""
    value = _json(text)
    return value if isinstance(value, str) or value is None else text


def _json(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _type(key: str) -> Any:
    """What a key's value is, whatever its items are; `object` for an unknown key."""
    fields = Configuration.model_fields | TraceConfiguration.model_fields
    annotation = fields[key].annotation if key in fields else object
    without_none = next((part for part in get_args(annotation) if type(None) in get_args(annotation)), annotation)
    return get_origin(without_none) or without_none

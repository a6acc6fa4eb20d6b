"""A configuration as the text of a TOML file, which reads back as the same configuration. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from textwrap import wrap

from bench.configuration.model import Configuration, TraceConfiguration
from bench.visible import visible
from workloads.key import Key, keys

WIDTH = 120


def as_toml(configuration: Configuration | TraceConfiguration, origins: Mapping[str, str] | None = None) -> str:
    """Every key with its value, and as comments its meaning, unit, default and source; with `origins`, where each value came from.

    A key that is not set stands as a comment, since TOML has no word for that.
    """
    kind = type(configuration)
    told = keys(kind)
    blocks = ["\n".join(_head(kind))]
    for name, field in kind.model_fields.items():
        default = "none, it must be given" if field.is_required() else _shown(field.default)
        origin = None if origins is None else origins[name]
        blocks.append("\n".join([*comments(told[name], default, origin), _line(name, getattr(configuration, name))]))
    return "\n\n".join(blocks) + "\n"


def written(value: object) -> str:
    """A value as TOML writes it."""
    match value:
        case bool():
            return str(value).lower()
        case int() | float():
            return repr(value)
        case str() | Path():
            return _quoted(str(value))
        case tuple():
            return f"[{', '.join(map(written, value))}]"
    raise TypeError(f"a configuration holds no {type(value).__name__}")


def _quoted(text: str) -> str:
    """What does not show is spelled by its number, in the very way that TOML has for it."""
    return '"' + visible(text.replace("\\", "\\\\").replace('"', '\\"')) + '"'


def _head(kind: type[Configuration | TraceConfiguration]) -> Iterator[str]:
    what = "a replay of a trace" if kind is TraceConfiguration else "the default run"
    yield from comment(f"A configuration of {what}, for storebench run --config FILE.")


def comments(key: Key, default: str, origin: str | None = None) -> Iterator[str]:
    """What a key says of itself, as comments of TOML."""
    yield from comment(f"{key.meaning[0].upper()}{key.meaning[1:]}.")
    yield from comment(f"unit: {key.unit}; default: {default}")
    yield from comment(f"source: {key.source}")
    if origin is not None:
        yield from comment(f"from: {origin}")


def comment(text: str) -> Iterator[str]:
    """A text as comments of TOML, in lines that are not too long."""
    # A word that is too long, as a path may be, is not broken: a comment ends with its line, whatever it holds.
    for line in wrap(visible(text), WIDTH - 2, break_long_words=False, break_on_hyphens=False):
        yield f"# {line}"


def _line(name: str, value: object) -> str:
    return f"# {name} is not set" if value is None else f"{name} = {written(value)}"


def _shown(default: object) -> str:
    return "not set" if default is None else written(default)

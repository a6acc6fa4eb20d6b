"""Inputs made wrong: blindly, by their bytes, and with knowledge of what they hold. All draws come from the generator given."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

TOKENS = (
    *(b"", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\r", b"\n", b"\r\n", b"\x1b[2J"),
    *(b'"', b"'", b",", b"=", b"{", b"}", b"]", b"\\"),
    *(b"nan", b"inf", b"-1", b"1e999", b"0.5", b"true", b"null", b"-0", b"0x10", b"1_000", b"1979-05-27T07:32:00Z"),
    *("\u0663".encode(), "\u202e".encode(), "\U0001f600".encode(), b"\xed\xa0\x80"),
    *(b"9" * 19, b"9" * 5_000, b"[" * 5_000, b'{"a":' * 2_000, b"x" * 20_000),
)

INTEGERS = (-1, 0, 1, 2, 50, 51, 2**31, 2**53 + 1, 2**63 - 1, 2**63, -(2**63) - 1, 10**30)
FLOATS = (0.0, -0.0, 0.5, -1.5, 1e-308, 1e308, float("nan"), float("inf"), float("-inf"))
LONG = "x" * 9_999
TEXTS = ("", " ", "dual", "nope", "12 s", "dual[joined]", "dual[x=y]", "../../x", "a\x00b", "\x1b[31m", "\u202e", "\ud800", LONG)


def blind(rng: random.Random, data: bytes) -> bytes:
    """One to three changes of bytes, whatever they mean."""
    for _ in range(rng.choice((1, 1, 2, 3))):
        data = rng.choice(_BLIND)(rng, data)
    return data


def _flip(rng: random.Random, data: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(min(len(data), rng.choice((1, 1, 2, 8)))):
        changed[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def _cut(rng: random.Random, data: bytes) -> bytes:
    start, end = _range(rng, data)
    return data[:start] + data[end:]


def _double(rng: random.Random, data: bytes) -> bytes:
    start, end = _range(rng, data)
    return data[:end] + data[start:end] + data[end:]


def _truncate(rng: random.Random, data: bytes) -> bytes:
    return data[: rng.randint(0, len(data))]


def _insert(rng: random.Random, data: bytes) -> bytes:
    place = rng.randint(0, len(data))
    return data[:place] + rng.choice(TOKENS) + data[place:]


def _replace(rng: random.Random, data: bytes) -> bytes:
    start, end = _range(rng, data)
    return data[:start] + rng.choice(TOKENS) + data[end:]


def _splice(rng: random.Random, data: bytes) -> bytes:
    start, end = _range(rng, data)
    place = rng.randint(0, len(data))
    return data[:place] + data[start:end] + data[place:]


def _range(rng: random.Random, data: bytes) -> tuple[int, int]:
    start = rng.randint(0, len(data))
    return start, min(len(data), start + rng.choice((1, 2, 5, 20, 200, 5_000)))


_BLIND: Sequence[Callable[[random.Random, bytes], bytes]] = (_flip, _cut, _double, _truncate, _insert, _replace, _splice)


def value(rng: random.Random, depth: int = 0) -> object:
    """Any value that JSON or TOML can hold, near the limits of its type more often than not."""
    kind = rng.randrange(8 if depth < 3 else 5)
    if kind <= 1:
        return rng.choice(INTEGERS)
    if kind == 2:
        return rng.choice(FLOATS)
    if kind == 3:
        return rng.choice(TEXTS)
    if kind == 4:
        return rng.choice((True, False, None))
    if kind == 5:
        return {rng.choice(TEXTS): value(rng, depth + 1) for _ in range(rng.randint(0, 3))}
    return [value(rng, depth + 1) for _ in range(rng.randint(0, 3))]


def altered(rng: random.Random, tree: object) -> object:
    """A JSON value with one place of it changed: another value, nothing, or twice what was there."""
    if isinstance(tree, dict) and tree and rng.random() < 0.85:
        key = rng.choice(sorted(tree))
        changed = dict(tree)
        match rng.randrange(6):
            case 0:
                del changed[key]
            case 1:
                changed[rng.choice(TEXTS)] = changed[key]
            case _:
                changed[key] = altered(rng, tree[key])
        return changed
    if isinstance(tree, list) and tree and rng.random() < 0.85:
        place = rng.randrange(len(tree))
        match rng.randrange(6):
            case 0:
                return tree[:place] + tree[place + 1 :]
            case 1:
                return [*tree, tree[place]]
            case _:
                return [*tree[:place], altered(rng, tree[place]), *tree[place + 1 :]]
    return value(rng)

"""Payloads: texts of an exact length in bytes, and metadata; of words, since a repeated letter compresses too well."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np

from workloads.projection import canonical_json
from workloads.words import PLAIN_WORDS, WORDS

CORPUS_WORDS = 40_000
METADATA_BYTES_MIN = 200
METADATA_BYTES_MAX = 400


@dataclass(frozen=True, slots=True)
class Corpus:
    """A long text of words, from which texts are cut: `data` in UTF-8, `starts` where its words begin."""

    data: bytes
    starts: tuple[int, ...]

    def cut(self, position: int, length_bytes: int) -> str:
        """A text of exactly this many bytes in UTF-8, from a word on; no character is cut, dots fill what is left.

        `position` is any whole number from 0; `length_bytes` is at least 1. A text longer than the corpus repeats it.
        """
        if length_bytes < 1:
            raise ValueError(f"a text has at least 1 byte, not {length_bytes}")
        start = self.starts[position % len(self.starts)]
        piece = self.data[start : start + length_bytes]
        while len(piece) < length_bytes:
            piece += self.data[: length_bytes - len(piece)]
        try:
            return piece.decode()
        except UnicodeDecodeError as torn:
            return piece[: torn.start].decode() + "." * (length_bytes - torn.start)


def corpus(rng: np.random.Generator) -> Corpus:
    """A corpus in which early words of the list are more frequent than late ones, as in any language."""
    weights = 1.0 / np.arange(10, len(WORDS) + 10)
    chosen = rng.choice(len(WORDS), CORPUS_WORDS, p=weights / weights.sum())
    words = [f"{word} ".encode() for word in WORDS]
    pieces = [words[index] for index in chosen.tolist()]
    lengths = np.array([len(word) for word in words])[chosen]
    starts = cast("list[int]", (np.cumsum(lengths) - lengths).tolist())
    return Corpus(b"".join(pieces), tuple(starts))


def metadata(rng: np.random.Generator) -> dict[str, object]:
    """What a client sends along with a message: 200 to 400 bytes of canonical JSON, every size alike."""
    size_bytes = int(rng.integers(METADATA_BYTES_MIN, METADATA_BYTES_MAX + 1))
    facts: dict[str, object] = {
        "attachments": [],
        "channelType": "GROUP",
        "client": ("web", "desktop", "mobile")[int(rng.integers(3))],
        "locale": ("en-GB", "de-DE", "fr-FR", "ja-JP")[int(rng.integers(4))],
        "mentionsAgent": bool(rng.integers(2)),
        "session": rng.bytes(8).hex(),
        "preview": "",
    }
    room_bytes = size_bytes - len((canonical_json(facts) or "").encode())
    return facts | {"preview": _plain_words(rng, room_bytes)}


def _plain_words(rng: np.random.Generator, length_bytes: int) -> str:
    # A word of one letter and the space behind it are the shortest that fill two bytes.
    chosen = rng.integers(len(PLAIN_WORDS), size=length_bytes // 2 + 1)
    return " ".join(PLAIN_WORDS[index] for index in chosen.tolist())[:length_bytes]

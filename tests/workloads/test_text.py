"""Payloads."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workloads.projection import canonical_json
from workloads.text import Corpus, corpus, metadata
from workloads.words import WORDS


def generator(seed: int = 1) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(seed))


CORPUS = corpus(generator())


@given(st.integers(0, 10**9), st.one_of(st.integers(1, 64), st.integers(1, 10_000)))
def test_a_text_has_exactly_the_bytes_that_were_asked_for(position: int, length_bytes: int) -> None:
    assert len(CORPUS.cut(position, length_bytes).encode()) == length_bytes


@given(st.integers(0, 100), st.integers(1, 60))
def test_characters_of_every_width_are_never_cut(position: int, length_bytes: int) -> None:
    words = ["a ", "\u00e9 ", "\u4f60 ", "\U0001f680 "]
    small = Corpus("".join(words).encode(), (0, 2, 5, 9))
    text = small.cut(position, length_bytes)
    assert len(text.encode()) == length_bytes
    assert set(text) <= set("".join(words)) | {"."}
    assert len(text) - len(text.rstrip(".")) < 4


def test_a_text_longer_than_the_corpus_repeats_it() -> None:
    small = Corpus(b"one two ", (0, 4))
    assert small.cut(1, 14) == "two one two on"


def test_a_text_of_no_bytes_is_no_text() -> None:
    with pytest.raises(ValueError, match="at least 1 byte"):
        CORPUS.cut(0, 0)


def test_a_corpus_is_of_words_and_the_same_for_the_same_seed() -> None:
    assert corpus(generator()) == CORPUS
    assert corpus(generator(2)) != CORPUS
    assert set(CORPUS.data.decode().split()) <= set(WORDS)
    assert not CORPUS.data.isascii()


def test_every_start_of_a_corpus_is_the_start_of_a_word() -> None:
    assert all(start == 0 or CORPUS.data[start - 1] == ord(" ") for start in CORPUS.starts)


@given(st.integers(0, 2**32))
def test_metadata_is_json_of_200_to_400_bytes(seed: int) -> None:
    text = canonical_json(metadata(generator(seed)))
    assert text is not None
    assert 200 <= len(text.encode()) <= 400


def test_metadata_uses_the_whole_range_of_sizes() -> None:
    rng = generator()
    sizes = {len((canonical_json(metadata(rng)) or "").encode()) for _ in range(2_000)}
    assert min(sizes) == 200
    assert max(sizes) == 400

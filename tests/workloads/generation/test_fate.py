"""Which messages will be deleted is known at their birth, and the same wherever it is asked."""

from __future__ import annotations

import numpy as np
import pytest

from workloads.generation.fate import KEPT, LATE, SOON, Fates


def test_one_message_has_the_fate_that_it_has_among_many() -> None:
    channel, sequence = np.divmod(np.arange(5_000), 100)
    fates = Fates(7, 0.3, 0.9)
    assert fates.of(channel, sequence).tolist() == [
        fates.one(*pair) for pair in zip(channel.tolist(), sequence.tolist(), strict=True)
    ]


def test_as_many_are_deleted_as_the_share_says_and_most_of_them_soon() -> None:
    found = Fates(1, 0.05, 0.9).of(np.arange(200_000) % 50, np.arange(200_000) // 50)
    counts = {fate: int((found == fate).sum()) for fate in (KEPT, SOON, LATE)}
    assert counts[SOON] == pytest.approx(9_000, rel=0.05)
    assert counts[LATE] == pytest.approx(1_000, rel=0.15)


def test_another_seed_deletes_others_and_no_share_none() -> None:
    channel, sequence = np.zeros(2_000, np.int64), np.arange(2_000)
    assert (Fates(1, 0.5, 0.9).of(channel, sequence) != Fates(2, 0.5, 0.9).of(channel, sequence)).any()
    assert not Fates(1, 0.0, 0.9).of(channel, sequence).any()

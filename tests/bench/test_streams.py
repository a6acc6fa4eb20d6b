"""Parts of a run draw random numbers of their own."""

from __future__ import annotations

import numpy as np

from bench.configuration.values import SESSIONS_MAX
from bench.streams import Stream, generator, session_seed, workload_seed

SESSIONS = range(2 * SESSIONS_MAX)
"""As many as a run may have, of the designs as they are and of joined ones and variants together."""


def test_no_two_parts_of_a_run_draw_the_same_numbers() -> None:
    drawn = {generator(1, stream, *numbers).bytes(8) for stream in Stream for numbers in ((0,), (1,), (2, 1))}
    assert len(drawn) == 3 * len(Stream)
    assert np.random.default_rng(1).bytes(8) not in drawn


def test_the_bootstrap_of_a_summary_is_not_the_stream_of_its_first_session() -> None:
    assert generator(1, Stream.SUMMARY).bytes(8) != generator(1, Stream.PAIRED, 0).bytes(8)


def test_the_same_seed_and_part_draw_the_same_again() -> None:
    assert generator(7, Stream.LADDER, 3).bytes(8) == generator(7, Stream.LADDER, 3).bytes(8)


def test_workloads_of_other_parts_have_seeds_that_no_paired_session_has() -> None:
    of_sessions = {session_seed(1, number) for number in SESSIONS}
    apart = [workload_seed(1, stream, number) for stream in (Stream.ISOLATED, Stream.LADDER, Stream.LOAD) for number in SESSIONS]
    assert len(set(apart)) == len(apart)
    assert not of_sessions & set(apart)


def test_the_seed_of_a_paired_session_is_a_thousand_times_that_of_the_run_and_its_number() -> None:
    assert session_seed(3, 14) == 3_014

"""Each check passes for a trace against itself, and fails when what it looks at is changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from bench.traffic import acceptance, verdicts
from bench.traffic.acceptance import Check, Verdict, check, limits
from bench.traffic.profile import distance_of
from tests.bench.traffic.made import spread, trace
from workloads.trace import Trace


@pytest.fixture(scope="module")
def real() -> Trace:
    return spread(1)


@pytest.fixture(scope="module")
def stick(real: Trace) -> acceptance.Yardstick:
    return acceptance.yardstick(real, None)


def _lines(stick: acceptance.Yardstick, *synthetic: Trace, kernels: int = 2) -> dict[str, Check]:
    measured = [acceptance.measure(stick, each) for each in synthetic]
    return {line.limit.key: line for line in acceptance.checks(stick, measured, kernels)}


def test_there_are_eleven_checks_with_the_thresholds_that_were_agreed() -> None:
    told = {limit.key: (limit.number, limit.low, limit.high) for limit in limits(2)}
    assert told == {
        "gaps": (1, 0, 0.06),
        "room_gaps": (2, 0, 0.13),
        "burstiness": (3, -0.17, 0.17),
        "memory": (3, -0.10, 0.10),
        "fano_minute": (4, 0.75, 1.25),
        "fano_hour": (4, 0.6, 1.6),
        "bytes": (5, 0, 0.03),
        "bytes_p99": (5, 0.85, 1.15),
        "channels": (6, 0, 0.05),
        "users": (6, 0, 0.10),
        "top_hundredth": (7, -0.05, 0.05),
        "same_author": (8, -0.03, 0.03),
        "returns": (8, -0.06, 0.06),
        "antecedents": (9, 0, 0.02),
        "hours": (10, 0, 0.025),
        "new_user": (11, 0.75, 1.25),
        "new_pair": (11, 0.75, 1.25),
    }
    assert next(limit.high for limit in limits(1) if limit.key == "hours") == 0.01


def test_a_trace_passes_all_checks_against_itself_and_is_at_no_distance(stick: acceptance.Yardstick, real: Trace) -> None:
    lines = _lines(stick, real, real)
    assert {line.verdict for line in lines.values()} == {Verdict.PASSED}
    assert {line.median for line in lines.values() if line.limit.is_distance} == {0.0}
    assert all(line.median == line.real for line in lines.values() if not line.limit.is_distance)
    assert set(verdicts.of_numbers(list(lines.values())).values()) == {Verdict.PASSED}


def _later(given: Trace, factor: float) -> Trace:
    return replace(given, t_s=given.t_s * factor)


def _poisson(given: Trace) -> Trace:
    rng = np.random.default_rng(2)
    t_s = np.sort(rng.uniform(given.t_s[0], given.t_s[-1], len(given)))
    return replace(given, t_s=t_s, ch=rng.permutation(given.ch), reply_to=np.full(len(given), -1))


def _alone(given: Trace) -> Trace:
    """Everybody writes on: pairs of rows of a channel have one author."""
    u = given.u.copy()
    for room in np.unique(given.ch):
        rows = np.flatnonzero(given.ch == room)
        u[rows[1::2]] = u[rows[: len(rows) // 2 * 2 : 2]]
    return replace(given, u=u)


def _returning(given: Trace) -> Trace:
    u = given.u.copy()
    for room in np.unique(given.ch):
        rows = np.flatnonzero(given.ch == room)
        u[rows[2::3]] = u[rows[: len(rows[2::3]) * 3 : 3]]
    return replace(given, u=u)


def _merged(given: Trace) -> Trace:
    return replace(given, ch=given.ch // 3)


def _unanswered_far(given: Trace) -> Trace:
    """Every answer is to the message just before."""
    reply_to = np.full(len(given), -1)
    for room in np.unique(given.ch):
        rows = np.flatnonzero(given.ch == room)
        answers = np.flatnonzero(given.reply_to[rows] >= 0)
        reply_to[rows[answers]] = rows[answers - 1]
    return replace(given, reply_to=reply_to)


def _at_noon(given: Trace) -> Trace:
    moved = np.where(given.t_s // 3_600 % 24 < 2, np.floor(given.t_s / 86_400) * 86_400 + 12 * 3_600, given.t_s)
    return replace(given, t_s=np.sort(moved))


PLANTED: dict[str, Callable[[Trace], Trace]] = {
    "gaps": lambda given: _later(given, 1.5),
    "room_gaps": lambda given: _later(given, 3.0),
    "burstiness": _poisson,
    "memory": _poisson,
    "fano_minute": _poisson,
    "fano_hour": _poisson,
    "bytes": lambda given: replace(given, text_bytes=given.text_bytes + 5),
    "bytes_p99": lambda given: replace(given, text_bytes=np.where(given.text_bytes > 200, given.text_bytes * 2, given.text_bytes)),
    "channels": _merged,
    "users": lambda given: replace(given, u=given.u // 4),
    "top_hundredth": lambda given: replace(given, u=np.where(given.u % 8 == 0, 0, given.u)),
    "same_author": _alone,
    "returns": _returning,
    "antecedents": _unanswered_far,
    "hours": _at_noon,
    "new_user": lambda given: replace(given, u=given.u // 2),
    "new_pair": lambda given: replace(given, u=given.ch),
}


@pytest.mark.parametrize("key", PLANTED)
def test_a_planted_difference_fails_its_check(stick: acceptance.Yardstick, real: Trace, key: str) -> None:
    assert _lines(stick, PLANTED[key](real))[key].verdict is Verdict.FAILED


def test_the_median_of_the_seeds_decides(stick: acceptance.Yardstick, real: Trace) -> None:
    other = replace(real, text_bytes=real.text_bytes * 9)
    assert _lines(stick, real, real, other)["bytes"].verdict is Verdict.PASSED
    assert _lines(stick, real, other, other)["bytes"].verdict is Verdict.FAILED


def test_the_noise_of_a_trace_is_small_beside_a_planted_difference(stick: acceptance.Yardstick, real: Trace) -> None:
    for key, plant in PLANTED.items():
        line = _lines(stick, plant(real))[key]
        assert line.floor is not None, key
        assert line.floor > 0, key
    gaps = _lines(stick, _poisson(real))["gaps"]
    assert gaps.halves is not None
    assert gaps.floor is not None
    assert max(gaps.halves, gaps.floor) < 0.1


def test_a_workload_without_replies_fails_the_distance_of_answers(stick: acceptance.Yardstick, real: Trace) -> None:
    silent = replace(real, reply_to=np.full(len(real), -1))
    line = _lines(stick, silent)["antecedents"]
    assert line.verdict is Verdict.FAILED
    assert verdicts.rows([line])[0].reason == "1 of 1 seeds have nothing to measure"


def test_whole_minutes_carry_no_gaps_and_synthetic_times_do_not_either(real: Trace) -> None:
    coarse = replace(real, t_s=np.floor(real.t_s / 60) * 60)
    lines = {line.limit.key: line for line in check(coarse, [real])}
    assert {key for key, line in lines.items() if line.verdict is Verdict.NOT_APPLICABLE} == {
        *("gaps", "room_gaps", "burstiness", "memory", "fano_minute")
    }
    assert lines["gaps"].reason == "times are whole minutes"
    assert lines["fano_hour"].verdict is Verdict.PASSED


def test_whole_seconds_are_compared_with_whole_seconds(real: Trace) -> None:
    seconds = replace(real, t_s=np.floor(real.t_s))
    (line,) = [line for line in check(seconds, [real]) if line.limit.key == "gaps"]
    assert line.median == 0


def test_inferred_links_carry_no_distance_and_an_annotated_trace_does(real: Trace) -> None:
    inferred = replace(real, annotated=None)
    (alone,) = [line for line in check(inferred, [real]) if line.limit.key == "antecedents"]
    assert alone.verdict is Verdict.NOT_APPLICABLE
    assert alone.reason is not None
    assert "may be inferred" in alone.reason
    (with_it,) = [line for line in check(inferred, [real], real) if line.limit.key == "antecedents"]
    assert (with_it.verdict, with_it.median) == (Verdict.PASSED, 0)


def test_few_large_rooms_carry_no_timing_and_say_how_many_there_are() -> None:
    few = spread(2, rooms=7)
    lines = {line.limit.key: line for line in check(few, [few])}
    assert lines["gaps"].reason == "7 rooms have 500 messages: 20 are needed"
    assert lines["channels"].reason == "7 channels: 20 are needed"
    assert lines["bytes"].verdict is Verdict.PASSED


def test_a_short_trace_has_no_hours_of_the_day(real: Trace) -> None:
    short = replace(real, t_s=real.t_s / real.t_s[-1] * 2 * 86_400)
    (line,) = [line for line in check(short, [short]) if line.limit.key == "hours"]
    assert line.reason == "it lasts 2.0 days: 7 are needed"


@pytest.mark.parametrize(
    "tiny", [trace([(5, 0, 0)]), trace([(5, 0, 0)] * 900), trace([(row, 0, row) for row in range(300)])], ids=["1", "900", "300"]
)
def test_a_tiny_trace_carries_nothing_and_nothing_passes(tiny: Trace) -> None:
    stick = acceptance.yardstick(tiny, None)
    assert stick.carries_nothing
    lines = acceptance.checks(stick, [], 2)
    assert {line.verdict for line in lines} == {Verdict.NOT_APPLICABLE}
    assert verdicts.summary(lines).startswith("of 11 checks 0 pass, 0 fail, 11 cannot be made")


def test_messages_of_one_time_carry_what_needs_no_time() -> None:
    same = trace([(7.0, row % 30, row * 7 % 500) for row in range(20_000)])
    lines = {line.limit.key: line for line in check(same, [same])}
    assert lines["burstiness"].reason is not None
    assert lines["hours"].reason is not None
    assert lines["users"].verdict is Verdict.PASSED


def test_a_check_in_part_not_applicable_is_no_pass(real: Trace) -> None:
    coarse = replace(real, t_s=np.floor(real.t_s / 60) * 60)
    found = verdicts.of_numbers(check(coarse, [real]))
    assert found[4] is Verdict.NOT_APPLICABLE
    assert found[5] is Verdict.PASSED


def test_a_check_with_a_failing_line_fails_whatever_the_other_line_says(stick: acceptance.Yardstick, real: Trace) -> None:
    lines = list(_lines(stick, PLANTED["bytes_p99"](real)).values())
    assert verdicts.of_numbers(lines)[5] is Verdict.FAILED


def test_the_distance_of_two_samples_is_the_largest_step_between_them() -> None:
    assert distance_of(np.array([1.0, 2.0]), np.array([2.0, 3.0])) == 0.5
    assert distance_of(np.array([1.0]), np.empty(0)) is None


def test_a_kernel_in_name_only_leaves_the_limit_of_one_kernel() -> None:
    assert acceptance.lasting([(0.85, 100.0)]) == acceptance.lasting([(0.85, 100.0), (0.000001, 1.0)]) == 1
    assert acceptance.lasting([(0.65, 45.0), (0.28, 1800.0)]) == 2
    assert acceptance.lasting([]) == 0


def test_a_trace_of_one_room_has_no_noise_to_tell(real: Trace) -> None:
    one = real.ch == real.ch[0]
    rows = np.cumsum(one) - 1
    room = replace(
        real,
        t_s=real.t_s[one],
        ch=real.ch[one],
        u=real.u[one],
        text_bytes=real.text_bytes[one],
        reply_to=np.where(real.reply_to[one] >= 0, rows[real.reply_to[one]], -1),
        bot=real.bot[one],
        annotated=None if real.annotated is None else real.annotated[one],
    )
    assert not acceptance.yardstick(room, None).floors

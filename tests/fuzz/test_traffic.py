"""Random traces of every shape: described, drawn, judged and fitted without a number that is none."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import astuple

import pytest

from bench.traffic import acceptance, verdicts
from bench.traffic.curves import curves
from bench.traffic.description import describe
from bench.traffic.fitted_toml import as_toml
from bench.traffic.fitting import fit
from bench.traffic.people import people
from bench.traffic.telling import heading, rows
from tests.bench.traffic.made import Row, trace
from workloads.trace import Trace

FORBIDDEN = frozenset({"nan", "inf", "-inf", "±nan", "nan%"})


def _trace(rng: random.Random) -> Trace:
    count = rng.choice((1, 2, 3, 40, 600, 2_500))
    channels, users = rng.choice((1, 2, 30, 600)), rng.choice((1, 2, 9, 400))
    step_s = rng.choice((0.0, 0.001, 1.0, 60.0, 7.3, 86_400.0, 1e6))
    t_s = rng.choice((0.0, -1e9, 5e9))
    made: list[Row] = []
    lasts: dict[int, int] = {}
    replies: dict[int, int] = {}
    for row in range(count):
        t_s += step_s * rng.choice((0, 0, 1, 1, 5))
        channel = rng.randrange(channels)
        made.append((t_s, channel, rng.randrange(users)))
        if channel in lasts and rng.random() < 0.4:
            replies[row] = lasts[channel]
        lasts[channel] = row
    chosen = [row for row in range(count) if rng.random() < rng.choice((0.0, 0.1, 1.0))]
    annotated: Sequence[int] | None = rng.choice((None, chosen, range(count)))
    lengths = [rng.choice((0, 1, 9, 16_000_000)) for _ in range(count)] if rng.random() < 0.5 else None
    bots = chosen if rng.random() < 0.4 else ()
    return trace(made, lengths=lengths, replies=replies, bots=bots, annotated=annotated)


def _clean(words: str) -> None:
    assert not FORBIDDEN.intersection(words.lower().replace(",", " ").replace("/", " ").split()), words


def _finite(value: object) -> None:
    match value:
        case float():
            assert math.isfinite(value)
        case tuple() | list():
            for each in value:
                _finite(each)
        case _:
            pass


def _fuzz(cases: int, seed: int, *, fits: bool) -> None:
    rng = random.Random(seed)
    for case in range(cases):
        given = _trace(rng)
        found = describe(given)
        _finite(astuple(found))
        _clean(" ".join([*heading(found), *(f"{row.everything} {row.people or ''}" for row in rows(found))]))
        own = people(given)
        if not len(own):
            continue
        curves(own, found.resolution_s)
        stick = acceptance.yardstick(given, None)
        lines = acceptance.checks(stick, [] if stick.carries_nothing else [acceptance.measure(stick, given)], 2)
        _clean(" ".join(f"{row.real} {row.passes} {row.median} {row.seeds} {row.noise}" for row in verdicts.rows(lines)))
        assert all(line.verdict is not acceptance.Verdict.FAILED for line in lines), case
        if fits:
            fitted = fit(given, "made", _unheard)
            fitted.spec()
            _clean(as_toml(fitted, "made"))


def _unheard(done: float, total: float) -> None:
    assert 0 <= done <= total


def test_random_traces_are_described_and_are_like_themselves() -> None:
    _fuzz(60, 1, fits=False)


@pytest.mark.full
@pytest.mark.timeout(900)
def test_hundreds_of_random_traces_are_described_judged_and_fitted() -> None:
    _fuzz(250, 2, fits=True)

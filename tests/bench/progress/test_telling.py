from __future__ import annotations

import pytest

from bench.errors import Terminated
from bench.progress.events import HowFar, Line, Outcome, PhaseBegan, PhaseEnded, PhaseFailed, TrialBegan, TrialFailed, TrialStored
from tests.bench.progress.hearing import START, Broken, Clock, Ear, teller


def test_a_phase_is_told_when_it_begins_and_when_it_ends_with_what_it_took() -> None:
    clock, ear = Clock(), Ear()
    telling = teller(clock, ear)
    clock.now_s = 2.0
    with telling.phase("write anatomy", 40.0):
        clock.now_s = 5.5
    assert ear.events() == [PhaseBegan("write anatomy", 40.0, 40.0), PhaseEnded("write anatomy", 40.0, 3.5)]
    assert [(told.elapsed_s, (told.at - START).total_seconds()) for told in ear.heard] == [(2.0, 2.0), (5.5, 5.5)]
    assert [(phase.name, phase.budget_s, phase.took_s) for phase in telling.took] == [("write anatomy", 40.0, 3.5)]


@pytest.mark.parametrize(
    ("error", "outcome"),
    [(ValueError("broken"), Outcome.FAILED), (Terminated(143), Outcome.INTERRUPTED), (KeyboardInterrupt(), Outcome.INTERRUPTED)],
)
def test_what_an_exception_cuts_short_is_told_as_failed_or_interrupted_and_never_as_stored(
    error: BaseException, outcome: Outcome
) -> None:
    ear = Ear()
    telling = teller(Clock(), ear)
    with pytest.raises(type(error)), telling.phase("crash points", 60.0), telling.trial("crash-dual"):
        raise error
    assert ear.events()[1:] == [
        TrialBegan("crash-dual"),
        TrialFailed("crash-dual", 0.0, outcome),
        PhaseFailed("crash points", 60.0, 0.0, outcome),
    ]
    assert telling.took == []
    assert telling.current == "crash-dual"


def test_a_trial_that_ends_well_is_told_as_stored() -> None:
    clock, ear = Clock(), Ear()
    telling = teller(clock, ear)
    with telling.trial("latency-000"):
        assert telling.current == "latency-000"
        clock.now_s = 1.25
    assert ear.events() == [TrialBegan("latency-000"), TrialStored("latency-000", 1.25)]
    assert telling.current is None


def test_the_time_left_is_of_all_phases_at_the_pace_of_those_that_ended() -> None:
    clock, ear = Clock(), Ear()
    telling = teller(clock, ear)
    telling.plan({"one": 10.0, "two": 20.0, "three": 30.0})
    with telling.phase("one", 10.0):
        clock.now_s = 5.0
    with telling.phase("two", 20.0) as advance:
        clock.now_s = 9.0
        advance(1, 4)
    (began,) = [event for event in ear.events() if isinstance(event, PhaseBegan) and event.phase == "two"]
    assert began.run_left_s == 25.0
    (how_far,) = [event for event in ear.events() if isinstance(event, HowFar)]
    assert how_far == HowFar("two", 0.25, 12.0, 27.0)


def test_how_far_a_phase_is_gets_a_hearing_twice_a_second_at_the_most() -> None:
    clock, ear = Clock(), Ear()
    with teller(clock, ear).phase("replay", 10.0) as advance:
        for step in range(1, 101):
            clock.now_s = step / 50
            advance(step, 100)
        advance(0, 0)
    assert 3 <= sum(isinstance(event, HowFar) for event in ear.events()) <= 4


@pytest.mark.parametrize(
    ("failure", "why"),
    [
        (OSError(28, "No space left on device"), "No space left on device"),
        (ValueError("I/O operation on closed file"), "it is closed"),
    ],
)
def test_a_listener_that_fails_is_left_out_and_the_others_are_told(failure: Exception, why: str) -> None:
    broken, ear = Broken(name="the run log", failure=failure), Ear()
    telling = teller(Clock(), broken, ear)
    for number in range(3):
        telling.line(f"line {number}")
    texts = [event.text for event in ear.events() if isinstance(event, Line)]
    assert sorted(texts) == ["line 0", "line 1", "line 2", f"the run log goes no further ({why}); the run goes on"]
    assert len(broken.heard) == 1
    assert broken.closed
    assert not telling.hears(broken)


def test_who_comes_late_hears_what_was_told_before_with_its_own_time() -> None:
    clock, ear = Clock(), Ear()
    telling = teller(clock)
    with telling.phase("server", 10.0) as advance:
        clock.now_s = 3.0
        advance(1, 2)
    clock.now_s = 9.0
    with telling.listening(ear):
        telling.line("now")
    telling.line("later")
    assert ear.events() == [PhaseBegan("server", 10.0, 10.0), PhaseEnded("server", 10.0, 3.0), Line("now")]
    assert [told.elapsed_s for told in ear.heard] == [0.0, 3.0, 9.0]
    assert ear.closed

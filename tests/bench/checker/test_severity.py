"""How long violations lasted, whom they hit, and what ended them."""

from __future__ import annotations

from bench.checker.check import Violation
from bench.checker.repairing import converged, harmless
from bench.checker.severity import Blast, Healing, Help, Look, blast, episodes
from bench.stats.survival import Window
from tests.bench.checker.stories import ANN, BOB, CHANNEL, copy_of, correct, message

SPLIT = Violation("I4", ("agent", "m1"), "central-only")
LEAK = Violation("I12", ("agent", "m2"), "leaked")


def look(at_s: float, *violations: Violation) -> Look:
    return Look(at_s, frozenset(violations))


def test_an_episode_begins_and_ends_between_two_looks() -> None:
    (found,) = episodes([look(0), look(1, SPLIT), look(2, SPLIT), look(3)], told_ok={"m1"})
    assert found.window == Window(begin_low=0, begin_high=1, end_low=2, end_high=3, last=3)
    assert (found.silent, found.healing) == (True, Healing.SELF)


def test_what_is_there_at_the_last_look_has_no_end() -> None:
    (found,) = episodes([look(0), look(2), look(4, SPLIT)], told_ok=())
    assert found.window == Window(begin_low=2, begin_high=4, end_low=None, end_high=None, last=4)
    assert (found.silent, found.healing) == (False, Healing.NEVER)


def test_one_key_may_have_several_episodes_and_the_order_of_looks_does_not_matter() -> None:
    looks = [look(0), look(1, SPLIT), look(2), look(3, SPLIT), look(4)]
    assert episodes(looks, ()) == episodes(looks[::-1], ())
    assert [episode.window.begin_low for episode in episodes(looks, ())] == [0, 2]


def test_harm_comes_before_time() -> None:
    found = episodes([look(0), look(1, SPLIT), look(2, SPLIT, LEAK)], ())
    assert [episode.violation for episode in found] == [LEAK, SPLIT]


def test_a_repair_at_work_when_it_ended_is_what_ended_it() -> None:
    looks = [look(0), look(1, SPLIT), look(2)]
    helped = Help(Healing.RETRY, 0.9, 1.5)
    assert episodes(looks, (), [helped])[0].healing is Healing.RETRY
    assert episodes(looks, (), [helped, Help(Healing.REPAIR, 1.5, 1.6)])[0].healing is Healing.REPAIR
    assert episodes(looks, (), [Help(Healing.REPAIR, 2.1, 3)])[0].healing is Healing.SELF


def test_the_blast_counts_each_message_channel_agent_and_user_once() -> None:
    rows = correct()
    hit = [
        Violation("I4", (ANN, message(rows, "m1")), "central-only"),
        Violation("I4", (BOB, message(rows, "m1")), "central-only"),
        Violation("I1", ("m4",), "lost"),
        Violation("I10", ("central", CHANNEL, BOB), "lost"),
    ]
    assert blast(hit, rows) == Blast(messages=2, channels=1, agents=2, users=1)
    assert blast([], rows) == Blast(0, 0, 0, 0)


def test_a_repair_converges_when_nothing_is_left_and_the_second_one_changes_nothing() -> None:
    assert converged(correct(), correct()) == []
    assert harmless(correct(), correct()) == []


def test_what_a_repair_leaves_broken_is_its_residue() -> None:
    rows = correct()
    rows.a_message.remove(copy_of(rows, "m1", ANN))
    rows.a_message[:] = [copy._replace(reply_to=None) if copy.agent == ANN else copy for copy in rows.a_message]
    left = converged(rows, rows)
    assert Violation("I17", ("I4", ANN, message(rows, "m1")), "residue") in left
    assert {violation.direction for violation in left} == {"residue"}


def test_a_repair_that_writes_again_each_time_is_not_idempotent() -> None:
    again = correct()
    again.c_message.append(again.c_message[0])
    first = again.c_message[0]
    assert converged(correct(), again) == [Violation("I17", ("c_message", first.message, CHANNEL), "not idempotent")]
    assert harmless(correct(), again) == [Violation("I17", ("c_message", first.message, CHANNEL), "harmful")]

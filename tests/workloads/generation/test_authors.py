from __future__ import annotations

import math
import tracemalloc
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from bench.traffic import turns
from bench.traffic.popularity import top_share
from bench.traffic.rooms import Rooms, rooms_of
from workloads.errors import InputError
from workloads.generation.authors import LATEST_MAX, AuthorLaw, Authors, Turns
from workloads.laws import cumulative, ranks, zipf_mandelbrot
from workloads.trace import Trace

LATEST_ONLY = Turns(1.0, 0.0, 0.0, 0.0, 2.0, 0.0)
SECOND_ONLY = Turns(0.0, 1.0, 0.0, 0.0, 2.0, 0.0)
OTHERS_ONLY = Turns(0.0, 0.0, 0.0, 0.0, 2.0, 1.0)
STAYING = AuthorLaw(leaving=0.0)


def _law(turns_of_both: Turns, *, newcomer_share: float = 0.5, visitor_share: float = 0.0, leaving: float = 0.0) -> AuthorLaw:
    return AuthorLaw(
        dialogue=turns_of_both,
        crowd=turns_of_both,
        newcomer_share=newcomer_share,
        visitor_share=visitor_share,
        leaving=leaving,
        settling=0.0,
    )


def _authors(law: AuthorLaw, *, channels: int = 4, users: int = 1_000, seed: int = 1) -> Authors:
    return Authors(law, channels, users, np.random.default_rng(seed))


def _rooms(law: AuthorLaw, messages: int, *, channels: int, users: int, seed: int) -> Rooms:
    """A chat of messages that are evenly far apart; only channels and authors count."""
    rng = np.random.default_rng(seed)
    channel = ranks(cumulative(zipf_mandelbrot(channels, 3.2, 0.066 * channels)), messages, rng)
    user = np.fromiter(map(Authors(law, channels, users, rng).next, channel.tolist()), np.int64, messages)
    none = np.zeros(messages, np.int64)
    return rooms_of(Trace("made", None, 0, 0, np.arange(float(messages)), channel, user, none + 1, none - 1, none.astype(np.bool_)))


def test_where_the_latest_speaker_goes_on_one_user_writes_all() -> None:
    authors = _authors(_law(LATEST_ONLY))
    assert {authors.next(0) for _ in range(500)} == {0}


def test_where_the_one_before_the_latest_answers_two_users_take_turns() -> None:
    authors = _authors(_law(SECOND_ONLY, newcomer_share=1.0))
    assert [authors.next(0) for _ in range(6)] == [0, 1, 0, 1, 0, 1]


def test_newcomers_are_numbered_by_their_first_message_in_any_channel() -> None:
    authors = _authors(_law(OTHERS_ONLY, newcomer_share=1.0), users=100)
    assert [authors.next(number % 4) for number in range(100)] == list(range(100))


def test_when_every_user_has_written_newcomers_are_visitors() -> None:
    authors = _authors(_law(OTHERS_ONLY, newcomer_share=1.0), users=10)
    assert [authors.next(0) for _ in range(10)] == list(range(10))
    later = Counter(authors.next(1) for _ in range(5_000))
    assert set(later) <= set(range(10))
    assert len(later) >= 5


@pytest.mark.parametrize("law", [AuthorLaw(), _law(OTHERS_ONLY), _law(LATEST_ONLY, leaving=1.0)])
@pytest.mark.parametrize("users", [1, 2, 3])
def test_a_chat_of_very_few_users_goes_on(law: AuthorLaw, users: int) -> None:
    authors = _authors(law, users=users)
    assert {authors.next(number % 4) for number in range(3_000)} == set(range(users))


def test_a_visitor_is_somebody_who_wrote_elsewhere() -> None:
    authors = _authors(_law(OTHERS_ONLY, newcomer_share=1.0, visitor_share=1.0))
    assert {authors.next(number % 4) for number in range(200)} == {0}


def test_who_is_not_among_the_latest_speakers_is_the_author_of_any_earlier_message() -> None:
    # Ten users write once each; from then on every message is by the author of an earlier one.
    first_shares = []
    for seed in range(400):
        authors = _authors(_law(OTHERS_ONLY, newcomer_share=0.0), users=10, seed=seed)
        room = authors._rooms
        assert authors.next(0) == 0
        for user in range(1, 10):
            sample = room[0].sample
            sample.told += 1
            sample.take(user, authors._uniform)
        written = Counter(authors.next(0) for _ in range(200))
        first_shares.append(written[0] / 200)
    # Polya's urn: a share of mean 1/10 and variance 1/10 * 9/10 / 11, less what 200 more messages leave open.
    assert np.mean(first_shares) == pytest.approx(0.1, abs=0.015)
    assert np.var(first_shares) == pytest.approx(0.09 / 11 * 210 / 200, rel=0.3)


def test_a_sample_holds_each_message_alike() -> None:
    quarters = np.zeros(4)
    for seed in range(20):
        authors = _authors(_law(OTHERS_ONLY, newcomer_share=1.0), users=4_000, seed=seed)
        for _ in range(4_000):
            authors.next(0)
        held = np.array(authors._rooms[0].sample.authors)
        assert len(held) == 256
        quarters += np.bincount(held // 1_000, minlength=4)
    assert quarters / quarters.sum() == pytest.approx(0.25, abs=0.02)


def test_who_leaves_after_one_message_is_not_among_the_latest_speakers() -> None:
    authors = _authors(_law(LATEST_ONLY, newcomer_share=1.0, leaving=1.0), users=300)
    assert [authors.next(0) for _ in range(300)] == list(range(300))


def test_people_go_the_more_rarely_the_more_they_have_written() -> None:
    def stay(settling: float) -> float:
        law = replace(_law(LATEST_ONLY, newcomer_share=1.0, leaving=0.5), settling=settling)
        authors = _authors(law, users=100_000)
        return float(np.mean(list(Counter(authors.next(0) for _ in range(20_000)).values())))

    assert stay(0.0) == pytest.approx(2.0, rel=0.03)
    assert stay(0.0) < stay(0.3) < stay(0.6)


def test_a_user_who_left_the_channel_is_forgotten_there_alone() -> None:
    authors = _authors(_law(LATEST_ONLY, newcomer_share=1.0, visitor_share=0.0))
    assert [authors.next(0), authors.next(1)] == [0, 1]
    authors.forget(0, 0)
    assert [authors.next(0), authors.next(1)] == [2, 1]


def test_to_forget_somebody_who_never_wrote_there_changes_nothing() -> None:
    first, second = _authors(AuthorLaw()), _authors(AuthorLaw())
    second.forget(3, 7)
    second.next(0)
    first.next(0)
    second.forget(0, 999)
    assert [first.next(0) for _ in range(200)] == [second.next(0) for _ in range(200)]


def test_a_seed_gives_the_same_authors_and_another_seed_others() -> None:
    def told(seed: int) -> list[int]:
        authors = _authors(AuthorLaw(), seed=seed)
        return [authors.next(number % 4) for number in range(2_000)]

    assert told(3) == told(3)
    assert told(3) != told(4)


def test_dialogue_is_two_people_and_a_crowd_is_more() -> None:
    def distinct(dialogue_share: float) -> float:
        rooms = _rooms(replace(STAYING, dialogue_share=dialogue_share), 30_000, channels=3, users=5_000, seed=2)
        return float(np.median(turns.distinct_authors(rooms)))

    assert distinct(1.0) + 3 <= distinct(0.0)


def test_authors_are_as_in_gitters_rooms() -> None:
    """What the year of Gitter has, from its table of facts; the tolerances are those of the acceptance checks."""
    found = []
    for seed in range(3):
        rooms = _rooms(AuthorLaw(), 126_000, channels=274, users=4_650, seed=seed)
        written = np.bincount(rooms.user)
        new = turns.first_seen(rooms)
        found.append(
            [
                turns.mean_of(turns.same_author(rooms)) or 0.0,
                turns.mean_of(turns.returns(rooms)[0]) or 0.0,
                top_share(written, 0.01),
                float(np.mean(written[written > 0] == 1)),
                new["user"],
                new["pair"],
            ]
        )
    same, returns, top, single, user, pair = np.median(found, axis=0).tolist()
    assert same == pytest.approx(0.39, abs=0.03)
    assert returns == pytest.approx(0.57, abs=0.06)
    assert top == pytest.approx(0.51, abs=0.06)
    assert single == pytest.approx(0.29, abs=0.04)
    assert user == pytest.approx(0.0369, rel=0.25)
    assert pair == pytest.approx(0.0510, rel=0.25)


def test_memory_does_not_grow_with_the_number_of_messages() -> None:
    authors = _authors(AuthorLaw(), channels=20, users=2_000)
    channels = np.random.default_rng(1).integers(20, size=100_000).tolist()
    tracemalloc.start()
    try:
        for channel in channels[:30_000]:
            authors.next(channel)
        early = tracemalloc.get_traced_memory()[0]
        for channel in channels[30_000:]:
            authors.next(channel)
        late = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    assert late < 1.3 * early
    assert all(len(room.latest) <= LATEST_MAX for room in authors._rooms.values())


@pytest.mark.parametrize(
    ("law", "name"),
    [
        (lambda: AuthorLaw(dialogue_share=1.5), "dialogue_share"),
        (lambda: AuthorLaw(newcomer_share=-0.1), "newcomer_share"),
        (lambda: AuthorLaw(visitor_share=math.nan), "visitor_share"),
        (lambda: AuthorLaw(leaving=2.0), "leaving"),
        (lambda: AuthorLaw(stretch_messages=0.5), "stretch_messages"),
        (lambda: AuthorLaw(settling=math.inf), "settling"),
    ],
)
def test_a_law_that_cannot_be_is_refused(law: Callable[[], AuthorLaw], name: str) -> None:
    with pytest.raises(InputError, match=f"authors: {name} is "):
        law()


@pytest.mark.parametrize(
    "weights", [(0.0, 0.0, 0.0, 0.0, 2.0, 0.0), (-1.0, 1.0, 1.0, 1.0, 2.0, 1.0), (math.nan, 1.0, 1.0, 1.0, 2.0, 1.0)]
)
def test_turns_that_cannot_be_are_refused(weights: tuple[float, float, float, float, float, float]) -> None:
    with pytest.raises(InputError, match="authors: turns are"):
        Turns(*weights)


@pytest.mark.parametrize(("channels", "users"), [(0, 10), (10, 0)])
def test_a_chat_without_channels_or_users_is_refused(channels: int, users: int) -> None:
    with pytest.raises(InputError, match="give at least one of each"):
        _authors(AuthorLaw(), channels=channels, users=users)

from __future__ import annotations

import numpy as np
import pytest

from bench.traffic import turns
from bench.traffic.replies import antecedents, received
from bench.traffic.rooms import rooms_of
from tests.bench.traffic.made import spread, talk, trace


def test_the_same_author_is_counted_within_a_channel() -> None:
    rooms = rooms_of(trace([(0, 0, 1), (1, 1, 1), (2, 0, 1), (3, 1, 2)]))
    assert turns.same_author(rooms).tolist() == [True, False]


def test_a_return_needs_a_change_of_author_twice() -> None:
    # Of "abacca" the threes are aba, bac, acc (no second change), cca (no first one).
    returned, channel = turns.returns(rooms_of(talk("abacca")))
    assert returned.tolist() == [True, False]
    assert channel.tolist() == [0, 0]
    assert turns.mean_of(returned) == 0.5


def test_a_monologue_has_no_return() -> None:
    assert turns.mean_of(turns.returns(rooms_of(talk("aaaa")))[0]) is None


def test_distinct_authors_are_those_of_the_last_32() -> None:
    found = turns.distinct_authors(rooms_of(talk("a" * 31 + "b" + "a" * 32 + "c")))
    assert found.tolist() == [2] * 32 + [1, 2]


def test_distinct_authors_are_as_counted_one_by_one() -> None:
    rooms = rooms_of(spread(1, rooms=3, messages=150, users=40))
    by_hand = []
    for room in range(3):
        users = rooms.user[rooms.channel == room].tolist()
        by_hand += [len(set(users[end - 32 : end])) for end in range(32, len(users) + 1)]
    assert turns.distinct_authors(rooms).tolist() == by_hand


def test_first_seen_are_users_pairs_and_channels() -> None:
    found = turns.first_seen(rooms_of(trace([(0, 0, 1), (1, 0, 1), (2, 0, 2), (3, 1, 1)])))
    assert found == {"user": 0.5, "pair": 0.75, "channel": 0.5}


def test_distances_count_messages_of_the_channel() -> None:
    given = trace([(0, 0, 1), (1, 1, 1), (2, 0, 2), (3, 1, 1), (4, 0, 1)], replies={3: 1, 4: 0})
    found = antecedents(given, rooms_of(given), annotated_only=False)
    assert found.distance.tolist() == [1, 2]
    assert found.place.tolist() == [1, 2]
    assert found.share == pytest.approx(0.4)
    assert found.to_self == 2


def test_only_annotated_rows_count_where_that_is_asked_for() -> None:
    given = trace([(0, 0, 1), (1, 0, 1), (2, 0, 2)], replies={1: 0, 2: 0}, annotated=[2])
    found = antecedents(given, rooms_of(given), annotated_only=True)
    assert found.distance.tolist() == [2]
    assert found.share == 1.0
    plain = trace([(0, 0, 1), (1, 0, 1)], replies={1: 0})
    assert antecedents(plain, rooms_of(plain), annotated_only=True).share is None


def test_answers_received_are_counted_for_each_row() -> None:
    given = trace([(0, 0, 1), (1, 0, 1), (2, 0, 2)], replies={1: 0, 2: 0})
    assert received(given).tolist() == [2, 0, 0]


def test_quantiles_of_nothing_are_none() -> None:
    assert turns.quantiles(np.empty(0), 0.5) is None

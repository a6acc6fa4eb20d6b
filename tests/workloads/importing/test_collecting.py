"""What is held of rows: numbers and digests, and of what was rejected places and reasons."""

from __future__ import annotations

import gc

import pytest

from tests.workloads.importing.sources import KEY, collector
from workloads.errors import InputError
from workloads.importing import collecting
from workloads.importing.finishing import finish, reject_repeated
from workloads.importing.rejecting import SHOWN, Rejections


def test_no_name_and_no_id_is_held() -> None:
    into = collector()
    into.take(1, 10**15, "secret channel", "secret user", 5, own="secret id", answered="secret parent")
    held = [repr(value) for name in dir(into) if not callable(value := getattr(into, name))]
    assert not any("secret" in text for text in held)
    names = [found for found in gc.get_referents(into.names, *into.names.values()) if isinstance(found, bytes)]
    assert len(names) == 2
    assert all(len(digest) == collecting.NAME_BYTES for digest in names)


def test_a_channel_a_user_and_a_message_of_one_name_have_digests_of_their_own() -> None:
    into = collector()
    for place in range(40):
        into.take(place, 10**15 + place, f"name {place}", f"name {place}", 5, own=f"name {place}")
    channels, users = (set(digests) for digests in into.names.values())
    assert len(channels) == len(users) == 40
    assert not channels & users
    trace = finish(into, reject_repeated(into), name="made").trace
    # Two orders that have nothing to do with each other agree in one place on average.
    assert sum(trace.ch == trace.u) < 8


def test_numbers_are_a_permutation_that_hangs_on_the_key_and_not_on_order_or_rank() -> None:
    def numbering(key: bytes, users: list[int]) -> dict[int, int]:
        into = collector(key)
        for place, user in enumerate(users):
            into.take(place, 10**15 + place, "a", f"user {user}", 5)
        trace = finish(into, reject_repeated(into), name="made").trace
        return dict(zip(users, trace.u.tolist(), strict=True))

    users = list(range(500))
    one = numbering(KEY, users)
    assert sorted(one.values()) == users
    assert numbering(KEY, users[::-1]) == one
    other = numbering(bytes(32), users)
    # Two permutations of 500 agree in one place on average.
    assert sum(one[user] == other[user] for user in users) < 10
    assert sum(number == user for user, number in one.items()) < 10


def test_users_of_rejected_rows_alone_leave_no_hole_in_the_numbers() -> None:
    into = collector()
    for place, (user, key) in enumerate([("a", "1"), ("b", "1"), ("c", "2"), ("d", "2"), ("e", "3")]):
        into.take(place, 10**15, "room", user, 5, own=key)
    trace = finish(into, reject_repeated(into), name="made").trace
    assert sorted(trace.u.tolist()) == [0, 1, 2]
    assert into.rejections.rows == 2
    assert into.rows == 5


def test_one_row_more_than_a_trace_may_have_ends_the_import(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collecting, "ROWS_MAX", 3)
    into = collector()
    for place in range(3):
        into.take(place, 10**15, "a", "b", 5)
    with pytest.raises(InputError, match="more than 3 rows"):
        into.take(3, 10**15, "a", "b", 5)


def test_the_first_rejected_rows_are_those_of_the_smallest_places_and_all_are_counted() -> None:
    rejections = Rejections()
    for place in [*range(100, 120), 7, 3]:
        rejections.add(place, "odd" if place % 2 else "even")
    rejections.add(200, "many", rows=1_000)
    told = list(rejections.first(lambda place: f"line {place}"))
    assert told[:3] == ["line 3 rejected: odd", "line 7 rejected: odd", "line 100 rejected: even"]
    assert len(told) == SHOWN
    assert rejections.rows == 1_022
    assert rejections.reasons == {"odd": 12, "even": 10, "many": 1_000}

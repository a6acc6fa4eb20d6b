"""Derived ids."""

from __future__ import annotations

import uuid

from hypothesis import given
from hypothesis import strategies as st

from workloads.ids import central_message_id, named_id


def test_ids_are_the_same_in_every_release() -> None:
    assert central_message_id("m1") == "147bc960-3c5a-5c62-9a81-74eb2ac21c0c"
    assert central_message_id("m1", 1) == "88598af2-c44a-5a7d-a2e5-84abbe740922"
    assert named_id("agent-1") == "134510f5-10a1-5325-ae00-9184cf4b470b"


@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_any_text_is_a_key_and_gives_a_canonical_uuid(key: str) -> None:
    for given_id in (central_message_id(key), central_message_id(key, 3), named_id(key)):
        assert str(uuid.UUID(given_id)) == given_id
        assert uuid.UUID(given_id).version == 5


@given(st.text(), st.integers(1, 100))
def test_an_attempt_has_an_id_of_its_own(key: str, attempt: int) -> None:
    ids = {central_message_id(key), central_message_id(key, attempt), central_message_id(key, attempt + 1)}
    assert len(ids) == 3


def test_no_key_can_pass_for_the_attempt_of_another_one() -> None:
    assert central_message_id("1:m") != central_message_id("m", 1)
    assert central_message_id("2:m", 1) != central_message_id("m", 12)

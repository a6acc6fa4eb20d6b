"""The id mapping gives what the real server gives: the vectors were printed by its own functions.

Source: `stringToUuid` and `createUniqueUuid` of the published package `@elizaos/core`, versions 1.6.1 and 1.4.2, run under
Node 20.
"""

from __future__ import annotations

import re
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from variants.schema.identity import central_uuid, hashed_uuid, memory_id, string_to_uuid, unique_uuid

ELIZA = "b850bc30-45f8-0041-a00a-83df46d8555d"
OTHER = "00000000-0000-0000-0000-0000000000aa"
SERVER = "00000000-0000-0000-0000-000000000000"
CHANNEL = "550e8400-e29b-41d4-a716-446655440000"
A_UUID = "123e4567-e89b-12d3-a456-426614174000"

HASHED = {
    "0": "b6589fc6-ab0d-082c-b120-99d1c2d40ab9",
    "": "da39a3ee-5e6b-0b0d-b255-bfef95601890",
    "hello": "aaf4c61d-dcc5-08a2-9abe-de0f3b482cd9",
    "Eliza": ELIZA,
    "Agent1": "fb2a08dd-c8cd-0b68-99ba-a2761a2013d5",
    "héllo wörld": "93824064-00f3-05ac-9053-09726326c166",
    "日本語": "783fc0ab-b904-0759-a125-627bcd50aed7",
    "a b/c?d=e&f": "e4e4d7e9-647d-0ef8-b97a-1630ee9ea9bc",
    "emoji 😀": "55a5b595-97d6-0c68-8435-994103202fe3",
    "-_.!~*'()": "5d7fefa5-2f91-0fb1-b734-f27d1226ba15",
}
"""`stringToUuid` of texts that are no UUID: the same in both versions."""

UNIQUE = [
    (ELIZA, SERVER, "740de269-82a9-0d4f-9889-c87fb8884f7f"),
    (ELIZA, CHANNEL, "8202a9be-ee6c-0436-9f6b-cc79abaa608b"),
    (ELIZA, "discord-guild-1", "58924b67-850a-0d04-848c-b44d2c1957c3"),
    (ELIZA, "user@example.com", "9ed109f1-f02d-0de9-b566-059dc7ddf216"),
    (ELIZA, ELIZA, ELIZA),
    (ELIZA, f"{CHANNEL}-{ELIZA}", "e1dd40d6-471c-0cb2-938b-6c083614ee8a"),
    (OTHER, SERVER, "3db3d98f-c2d6-0bd0-9a4f-f04c38cd60f9"),
    (OTHER, CHANNEL, "791f8f7b-3221-0545-a753-b5931f7510d3"),
    (OTHER, "discord-guild-1", "f3cac09e-e3ea-0bcf-bc0c-051573e01e5f"),
    (OTHER, "user@example.com", "f56e70af-d64f-0b2d-8b1c-8861188a311f"),
    (OTHER, OTHER, OTHER),
    (OTHER, f"{CHANNEL}-{OTHER}", "7b7aa434-2702-06e1-96a7-8a47f5b5b194"),
]
"""`createUniqueUuid` by agent and base: the same in both versions."""


@pytest.mark.parametrize(("text", "expected"), HASHED.items())
def test_a_text_that_is_no_uuid_is_hashed_as_in_both_versions(text: str, expected: str) -> None:
    assert string_to_uuid(text) == expected
    assert hashed_uuid(text) == expected


@pytest.mark.parametrize("text", [A_UUID, A_UUID.upper()])
def test_a_uuid_stays_as_it_is_with_its_case_as_in_1_6_1(text: str) -> None:
    assert string_to_uuid(text) == text


def test_a_uuid_was_hashed_like_any_text_in_1_4_2() -> None:
    assert hashed_uuid(A_UUID) == "7f7df0f5-5bdf-0e2b-9c24-84c795c881bc"


def test_a_number_is_hashed_as_its_decimal_text() -> None:
    assert string_to_uuid(42) == "92cfceb3-9d57-0914-ad8b-14d0e37643de"
    assert string_to_uuid(0) == HASHED["0"]


@pytest.mark.parametrize(("agent", "base", "expected"), UNIQUE)
def test_an_agent_knows_a_central_id_as_the_real_server_makes_it(agent: str, base: str, expected: str) -> None:
    assert unique_uuid(agent, base) == expected


@pytest.mark.parametrize(
    ("agent", "expected"),
    [(ELIZA, "e1dd40d6-471c-0cb2-938b-6c083614ee8a"), (OTHER, "7b7aa434-2702-06e1-96a7-8a47f5b5b194")],
)
def test_a_copy_of_a_message_has_the_id_that_is_used_since_1_3_2(agent: str, expected: str) -> None:
    assert memory_id(agent, CHANNEL) == expected


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_every_text_gets_a_canonical_uuid_of_version_0_and_the_common_variant(text: str) -> None:
    found = hashed_uuid(text)
    assert str(uuid.UUID(found)) == found
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-0[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", found)


def test_ids_that_differ_only_in_case_or_in_an_escape_stay_apart() -> None:
    bases = ["a:b", "a%3Ab", "A:b", "a b", "a%20b", "a+b", "é", "e\u0301", A_UUID, A_UUID.upper()]
    assert len({unique_uuid(ELIZA, base) for base in bases}) == len(bases)


def with_version(nibble: int) -> str:
    return f"{A_UUID[:14]}{nibble:x}{A_UUID[15:]}"


@pytest.mark.parametrize("nibble", range(16))
def test_a_uuid_is_its_own_central_key_unless_it_has_a_version_that_hashes_have(nibble: int) -> None:
    given_id = with_version(nibble)
    assert (central_uuid(given_id) == given_id) is (nibble in range(1, 8))
    assert uuid.UUID(central_uuid(given_id)).version in range(1, 9)


def test_a_central_id_is_its_own_key_only_in_the_canonical_form_of_a_uuid() -> None:
    assert central_uuid(A_UUID) == A_UUID
    # The type uuid would fold capitals onto the small ones, which is another id.
    assert central_uuid(A_UUID.upper()) != central_uuid(A_UUID)
    assert central_uuid(A_UUID + "\n") != A_UUID


def test_a_derived_central_key_is_never_the_id_that_an_agent_has_of_something() -> None:
    name = f"general:{ELIZA}"
    assert unique_uuid(ELIZA, "general") == hashed_uuid(name)
    assert central_uuid(name) != hashed_uuid(name)
    assert uuid.UUID(central_uuid(name)).version == 8


AGENTS = (ELIZA, OTHER, A_UUID)
PLAIN = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8),
    st.uuids().map(str),
    st.builds(with_version, st.integers(0, 15)),
    st.sampled_from(["x", "general", *AGENTS]),
)


def odder(ids: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """What the formulas make of ids, and what those are made of, so that one formula is fed with what another gave."""
    agents = st.sampled_from(AGENTS)
    return st.one_of(
        ids.map(str.upper),
        ids.map(central_uuid),
        ids.map(hashed_uuid),
        st.builds(unique_uuid, agents, ids),
        st.builds(memory_id, agents, ids),
        st.builds("{}:{}".format, ids, agents),
        st.builds("{}-{}".format, ids, agents),
    )


ODD_IDS = st.recursive(PLAIN, odder, max_leaves=4)


@given(st.sampled_from(AGENTS), ODD_IDS, ODD_IDS)
def test_no_key_of_a_central_row_is_the_key_that_an_agent_has_of_anything(agent: str, central_id: str, base: str) -> None:
    if agent not in (central_id, base):  # what has the agent's own id is the agent, for both
        assert central_uuid(central_id) not in (unique_uuid(agent, base), unique_uuid(agent, central_id))
    assert central_uuid(central_id) != memory_id(agent, base)


@given(ODD_IDS, ODD_IDS)
def test_two_central_ids_have_two_keys(one: str, other: str) -> None:
    for first, second in [(one, other), (one, central_uuid(one)), (one, one.upper()), (one, hashed_uuid(one))]:
        assert (central_uuid(first) == central_uuid(second)) is (first == second)

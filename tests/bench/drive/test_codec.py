"""Values reach the server and come back as they were."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Boolean, Float, Integer, Text, bindparam, cast, literal_column, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.types import TypeEngine

from bench.drive.codec import decoder, encoder
from bench.drive.drivers import wait
from bench.drive.errors import ContractError
from bench.drive.flights import Command, Exchange, Verb
from bench.drive.link import Link
from bench.server.server import Server
from variants.contract import Query, Side
from variants.schema.columns import MILLISECONDS, UUID_TEXT

TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
# A large float may come back as the integer that its decimal digits are: a document keeps digits, not bits.
NUMBERS = st.integers(-(10**30), 10**30) | st.floats(-1e15, 1e15)
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)
YEAR_1_MS, YEAR_9999_MS = -62_135_596_800_000, 253_402_300_799_999
EASY = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])

Echo = Callable[[TypeEngine[Any], object], object]


@pytest.fixture(scope="module", params=list(Exchange))
def echo(server: Server, request: pytest.FixtureRequest) -> Iterator[Echo]:
    """Sends a value as a parameter of a type and gives back what comes as a row."""
    link = Link(server.endpoint.conninfo(), request.param)
    queries: dict[str, Query] = {}

    def ask(kind: TypeEngine[Any], value: object) -> object:
        value_as_given = cast(bindparam("value", type_=kind), kind)
        query = queries.setdefault(repr(kind), Query(Side.CENTRAL, select(value_as_given)))
        ((row,),) = wait(link, (Command(Verb.EXECUTE, Side.CENTRAL, query(value=value), True),))
        return row[0]

    yield ask
    link.close()


@EASY
@given(TEXT)
@example("")
@example("Привет, мир")
@example("日本語 한국어 中文")
@example("שלום \u200f عالم")
@example("👩\u200d👩\u200d👧 e\u0301 \U0010ffff")
@example("' \" \\ $1 %s \r\n\t\x01\x7f")
def test_a_text_of_any_script_comes_back(echo: Echo, value: str) -> None:
    assert echo(Text(), value) == value


@EASY
@given(JSON)
@example({})
@example([])
@example({"": {"\x01": [None, True, 0, -1.5, "\u2028"]}})
@example({"é": "e\u0301", "long": "x" * 70_000})
def test_a_document_comes_back(echo: Echo, value: object) -> None:
    assert echo(JSONB(), value) == value


@EASY
@given(st.uuids())
@example(uuid.UUID(int=0))
@example(uuid.UUID(int=2**128 - 1))
def test_a_uuid_comes_back_in_canonical_form(echo: Echo, value: uuid.UUID) -> None:
    assert echo(UUID_TEXT, str(value)) == str(value)
    assert echo(UUID_TEXT, str(value).upper()) == str(value)


@EASY
@given(st.integers(YEAR_1_MS, YEAR_9999_MS))
@example(0)
@example(-1)
@example(946_684_800_000)
@example(946_684_799_999)
@example(YEAR_1_MS)
@example(YEAR_9999_MS)
def test_a_time_comes_back_to_the_millisecond_also_before_2000_and_1970(echo: Echo, value: int) -> None:
    assert echo(MILLISECONDS, value) == value


@EASY
@given(st.integers(-(2**31), 2**31 - 1))
def test_a_number_comes_back(echo: Echo, value: int) -> None:
    assert echo(Integer(), value) == value


@pytest.mark.parametrize("value", [True, False])
def test_a_truth_comes_back(echo: Echo, value: bool) -> None:
    assert echo(Boolean(), value) is value


@pytest.mark.parametrize("kind", [Text(), JSONB(), UUID_TEXT, MILLISECONDS, Integer(), Boolean()], ids=repr)
def test_nothing_comes_back_as_none(echo: Echo, kind: TypeEngine[Any]) -> None:
    assert echo(kind, None) is None


def test_times_are_what_the_server_calls_them(server: Server) -> None:
    times = ["1969-12-31 23:59:59.999", "1970-01-01", "1999-12-31 23:59:59.001", "2000-01-01 00:00:00.001", "2026-11-23 03:01"]
    columns: list[ColumnElement[object]] = [literal_column(f"timestamp(3) '{time}'") for time in times]
    link = Link(server.endpoint.conninfo(), Exchange.PLAIN)
    (rows,) = wait(link, (Command(Verb.EXECUTE, Side.CENTRAL, Query(Side.CENTRAL, select(*columns))(), True),))
    link.close()
    assert rows[0] == (-1, 0, 946_684_799_001, 946_684_800_001, 1_795_402_860_000)
    assert all(earlier < later for earlier, later in pairwise(rows[0]))


def test_results_of_the_other_plain_types_are_read(server: Server) -> None:
    columns = "7::int2 a, 8::int4 b, 9000000000::int8 c, 1.5::float8 d, 'x'::varchar e, true f, false g"
    link = Link(server.endpoint.conninfo(), Exchange.PLAIN)
    query = Query(Side.CENTRAL, select(literal_column(columns)))
    (rows,) = wait(link, (Command(Verb.EXECUTE, Side.CENTRAL, query(), True),))
    link.close()
    assert rows == [(7, 8, 9_000_000_000, 1.5, "x", True, False)]


def test_a_parameter_of_another_type_is_refused_with_what_to_do() -> None:
    with pytest.raises(ContractError, match=r"no encoding for parameters of the type Float\(\): cast them to text"):
        encoder(Float())


def test_a_result_of_another_type_is_refused_with_its_column() -> None:
    with pytest.raises(ContractError, match=r"no decoding for the result column 'price' \(type oid 1700\): cast it to text"):
        decoder(1700, "price")

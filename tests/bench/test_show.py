"""A statement on one line, as `show` prints it."""

from __future__ import annotations

import pytest

from bench.show import short


@pytest.mark.parametrize(
    ("sql", "shown"),
    [
        ("INSERT INTO t (a, b) VALUES ($1::UUID, $2::VARCHAR)", "INSERT INTO t (a, b)"),
        ("INSERT INTO t (a) VALUES ($1) ON CONFLICT DO NOTHING", "INSERT INTO t (a) ON CONFLICT DO NOTHING"),
        ("SELECT t.a, t.b \nFROM t \nWHERE t.a = $1::UUID", "SELECT a, b FROM t WHERE a = ?"),
        ("SELECT " + ", ".join(f"t.column_{n}" for n in range(9)) + " FROM t", "SELECT 9 columns FROM t"),
        ("SELECT t.a FROM t JOIN u ON u.a = t.a", "SELECT t.a FROM t JOIN u ON u.a = t.a"),
        ("UPDATE t SET at=$1::TIMESTAMP WITHOUT TIME ZONE WHERE t.id = $2", "UPDATE t SET at=? WHERE id = ?"),
        ("DELETE FROM t WHERE t.id = ANY ($1::VARCHAR[])", "DELETE FROM t WHERE id = ANY (?)"),
    ],
)
def test_a_statement_is_shortened_to_what_tells_it_apart(sql: str, shown: str) -> None:
    assert short(sql) == shown

"""What is refused before anybody is asked, and what is told of where a server is."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from bench.errors import UserError
from bench.server.address import address
from bench.server.endpoint import Endpoint
from bench.server.reaching import cause, check_password_file


def check(endpoint: Endpoint) -> None:
    check_password_file("--server url=", endpoint.password, dict(endpoint.transport).get("passfile"))


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://postgres:hun@ter2secret@127.0.0.1:5432/mine",
        "postgresql://postgres:hun@ter2@secret@127.0.0.1:5432/mine",
        "postgresql://postgres:x@ho%20st-secret/mine",
        "postgresql://postgres:x@%0Asecret/mine",
        "postgresql:///mine?user=postgres&host=a%40secret",
    ],
)
def test_a_host_that_may_hold_the_end_of_a_password_is_refused_without_a_word_of_it(url: str) -> None:
    with pytest.raises(UserError, match="HOST is no name of a host") as refused:
        address(url)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "db-1.example.org", "localhost", "%2Fvar%2Frun%2Fpostgre%20sql"])
def test_hosts_by_name_by_number_and_by_folder_are_taken(host: str) -> None:
    assert address(f"postgresql://postgres:x@{host}/mine").maintenance == "mine"


def test_a_host_that_cannot_be_found_is_not_named() -> None:
    endpoint = address("postgresql://postgres:x@db.secret.example/mine")
    told = cause(psycopg.OperationalError("failed to resolve host 'db.secret.example': [Errno -2] Name not known"), endpoint)
    assert told == "failed to resolve host of the URL: [Errno -2] Name not known"


def test_a_password_file_that_others_may_read_is_told_by_us_and_not_by_libpq(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("*:*:*:*:x\n")
    file.chmod(0o640)
    endpoint = address(f"postgresql://postgres@127.0.0.1/mine?passfile={file}")
    with pytest.raises(UserError, match="the file that passfile names can be read by others; chmod 600 it") as refused:
        check(endpoint)
    assert "secret" not in str(refused.value)
    file.chmod(0o600)
    check(endpoint)


def test_a_password_file_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no plain file"):
        check(address(f"postgresql://postgres@127.0.0.1/mine?passfile={tmp_path}"))


def test_the_password_file_of_ones_home_is_looked_at_only_where_the_url_has_no_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".pgpass").write_text("*:*:*:*:x\n")
    (tmp_path / ".pgpass").chmod(0o644)
    with pytest.raises(UserError, match=r"the password file ~/\.pgpass can be read by others"):
        check(address("postgresql://postgres@127.0.0.1/mine"))
    check(address("postgresql://postgres:x@127.0.0.1/mine"))

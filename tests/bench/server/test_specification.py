"""What `--server` may say; what is refused gives nothing away."""

from __future__ import annotations

import pytest
from psycopg.conninfo import conninfo_to_dict

from bench.errors import UserError
from bench.server.endpoint import Endpoint
from bench.server.specification import DEFAULT_IMAGE, Container, Embedded, specification

SECRET = "hunter2"


def endpoint(url: str) -> Endpoint:
    found = specification(f"url={url}")
    assert isinstance(found, Endpoint)
    return found


def test_without_a_word_a_server_of_our_own_is_meant() -> None:
    assert specification(None) == specification("embedded") == Embedded()
    assert specification("embedded=18") == Embedded("18")
    assert specification("embedded=/opt/a=b/bin") == Embedded("/opt/a=b/bin")


@pytest.mark.parametrize(
    "image",
    [
        "18",
        "postgres",
        "postgres:18",
        "postgis/postgis:17-3.5",
        "registry.example:5000/team/own_postgres:v1.2-rc.3",
        "localhost/x",
        "postgres@sha256:" + "0" * 64,
        "sha256:" + "0" * 64,
    ],
)
def test_a_container_is_of_an_image_with_any_name_that_engines_take(image: str) -> None:
    assert specification(f"container={image}") == Container(image)


def test_a_container_without_an_image_is_one_of_the_official_image() -> None:
    assert specification("container") == Container(DEFAULT_IMAGE)


def test_a_url_names_host_port_role_database_and_transport() -> None:
    found = endpoint("postgresql://me:p%40ss%2Fw%20rd@db.example:6000/my%20db?sslmode=verify-full&sslrootcert=/ca.pem")
    stated = conninfo_to_dict(found.conninfo())
    assert (found.host, found.port, found.user, found.password) == ("db.example", 6000, "me", "p@ss/w rd")
    assert (stated["dbname"], stated["sslmode"], stated["sslrootcert"]) == ("my db", "verify-full", "/ca.pem")
    assert "p@ss" not in repr(found)


def test_what_a_url_may_leave_out() -> None:
    found = endpoint("postgres://me@[::1]/mine")
    assert (found.host, found.port, found.password) == ("::1", 5432, None)
    assert "password" not in conninfo_to_dict(found.conninfo())
    assert endpoint("postgresql://me@/mine?host=/run/postgresql").host == "/run/postgresql"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"url=postgresql://me:{SECRET}%zz@h/d", "cannot be read"),
        (f"url=postgresql://me:{SECRET}%00@h/d", "cannot be read"),
        (f"url=postgresql://me:{SECRET}@h/d?{SECRET}=1", "cannot be read"),
        (f"url=postgresql://me:{SECRET}@[::1/d", "cannot be read"),
        (f"url=postgresql://me:{SECRET}@h:{SECRET}/d", "the port is no number"),
        (f"url=postgresql://me:{SECRET}@h:0/d", "the port is no number"),
        (f"url=postgresql://me:{SECRET}@h:65536/d", "the port is no number"),
        (f"url=postgresql://me:{SECRET}@a,b/d", "name one host"),
        (f"url=postgresql://me:{SECRET}@a:1,b:2/d", "name one host"),
        (f"url=postgresql://me:{SECRET}@/d", "does not name its HOST"),
        (f"url=postgresql://me:{SECRET}@h", "does not name its DATABASE"),
        (f"url=postgresql://:{SECRET}@h/d", "does not name its USER"),
        (f"url=postgresql://me:{SECRET}@h/template1", "the pattern of new databases"),
        (f"url=postgresql://me:{SECRET}@h/d?options=-cjit%3Don", "options is not taken"),
        (f"url=postgresql://me:{SECRET}@h/d?service=x", "service is not taken"),
        (f"url=host=h user=me password={SECRET}", "no PostgreSQL URL"),
        (f"url=http://me:{SECRET}@h/d", "no PostgreSQL URL"),
        ("url=", "no PostgreSQL URL"),
        (f"postgresql://me:{SECRET}@h/d", "no kind of server"),
        (f"URL=postgresql://me:{SECRET}@h/d", "no kind of server"),
        ("embedded=", "name a version"),
        ("", "no kind of server"),
        ("container=", "name an image"),
        ("container= postgres", "name an image"),
        ("container=postgres:18\n", "name an image"),
        ("container=-v/:/host", "name an image"),
        ("container=postgres:18 --privileged", "name an image"),
        ("container=Postgres", "name an image"),
        ("container=postgres:", "name an image"),
        ("container=" + "a" * 256, "name an image"),
        ("container=postgr\u0435s", "name an image"),
        (f"container=postgresql://me:{SECRET}@h/d", "name an image"),
        (f"container=me:{SECRET}@h/d", "name an image"),
    ],
)
def test_what_cannot_be_a_server_is_refused_in_one_line_without_the_password(text: str, told: str) -> None:
    with pytest.raises(UserError, match=told) as refused:
        specification(text)
    assert "\n" not in str(refused.value)
    assert SECRET not in str(refused.value)


def test_names_of_databases_get_the_prefix_once_and_stay_short_enough() -> None:
    plain = Endpoint("h", 1, "me", None)
    ours = Endpoint("h", 1, "me", None, prefix="storebench_0123456789abcdef_")
    assert plain.database("trial") == "trial"
    assert ours.database("trial") == ours.database(ours.database("trial")) == "storebench_0123456789abcdef_trial"
    long, other = (ours.database("template_" + "x" * 50 + end) for end in "ab")
    assert len(long) <= 63
    assert long != other
    assert ours.database(long) == long


def test_every_session_is_told_the_same_and_what_the_caller_wants() -> None:
    stated = conninfo_to_dict(Endpoint("h", 1, "me", None).conninfo())["options"]
    assert "-c TimeZone=UTC" in str(stated)
    assert "-c default_transaction_isolation=read\\ committed" in str(stated)

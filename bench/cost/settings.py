"""Settings of one session, put on and off through its own connection."""

from __future__ import annotations

from sqlalchemy import Text, bindparam, text

from bench.drive.drivers import wait
from bench.drive.errors import ServerError
from bench.drive.flights import Command, Verb
from bench.drive.link import Link
from variants.contract import Query, Rows, Side, Statement

_KNOWN = Query(
    Side.CENTRAL, text("SELECT count(*) FROM pg_settings WHERE name = :name").bindparams(bindparam("name", type_=Text()))
)
_SET = Query(
    Side.CENTRAL,
    text("SELECT set_config(:name, :value, false)").bindparams(bindparam("name", type_=Text()), bindparam("value", type_=Text())),
)
_MAY_NOT = "42501"


def ask(link: Link, statement: Statement) -> Rows:
    """The rows of one statement of our own."""
    return wait(link, (Command(Verb.EXECUTE, Side.CENTRAL, statement, True),))[0]


def put(link: Link, name: str, value: str) -> None:
    """Set it for this session."""
    ask(link, _SET(name=name, value=value))


def why_not(link: Link, name: str, value: str) -> str | None:
    """Why this session cannot have the setting; None when it can, and now has it."""
    # A name with a dot that nobody knows would be taken as it comes, and do nothing.
    if ask(link, _KNOWN(name=name))[0][0] == 0:
        return f"this server has no setting {name}: what it belongs to is not loaded, or came later"
    try:
        put(link, name, value)
    except ServerError as error:
        if error.sqlstate == _MAY_NOT:
            return f"our role may not set {name}"
        raise
    return None

"""Where the server of a run is, as processes of Locust are told: by an environment variable, which no list of processes shows."""

from __future__ import annotations

import os
from urllib.parse import quote

from bench.errors import UserError
from bench.server.endpoint import Endpoint
from bench.server.specification import specification

SERVER = "STOREBENCH_SERVER"
"""The environment variable; it may hold a password, so no command line does."""


def written(endpoint: Endpoint) -> str:
    """An endpoint as `--server` has it; holds the password."""
    secret = "" if endpoint.password is None else f":{quote(endpoint.password, safe='')}"
    transport = "&".join(f"{name}={quote(value, safe='')}" for name, value in endpoint.transport if value)
    host = f"{quote(endpoint.user, safe='')}{secret}@{endpoint.host}:{endpoint.port}"
    return f"url=postgresql://{host}/{quote(endpoint.maintenance, safe='')}{'?' if transport else ''}{transport}"


def named() -> str:
    """What the variable says. Raises `UserError` when that is no server which runs already."""
    text = os.environ.get(SERVER, "")
    if not text.startswith("url="):
        raise UserError(f"{SERVER} is not set to url=postgresql://USER@HOST:PORT/DATABASE: set it, or use storebench load")
    return text


def endpoint() -> Endpoint:
    """The server that the variable names. Raises `UserError` when it names none."""
    found = specification(named())
    if not isinstance(found, Endpoint):
        raise UserError(f"{SERVER} names no server that runs: set it to url=postgresql://USER@HOST:PORT/DATABASE")
    return found

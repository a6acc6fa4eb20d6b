"""The address of a server that somebody else runs, read from a URL. Pure.

libpq's complaints may repeat parts of the URL, the password among them, so none of its words are passed on.
"""

from __future__ import annotations

import re

import psycopg
from psycopg.conninfo import conninfo_to_dict

from bench.errors import UserError
from bench.server.endpoint import Endpoint

_SCHEMES = ("postgresql://", "postgres://")
_FORM = "write --server url=postgresql://USER:PASSWORD@HOST:PORT/DATABASE, special characters as %40"
_NOT_OURS = frozenset({"template0", "template1"})
_NAMED = frozenset({"host", "port", "user", "password", "dbname"})
_TRANSPORT = frozenset(
    {
        "channel_binding",
        "connect_timeout",
        "gssdelegation",
        "gssencmode",
        "gsslib",
        "hostaddr",
        "keepalives",
        "keepalives_count",
        "keepalives_idle",
        "keepalives_interval",
        "krbsrvname",
        "passfile",
        "require_auth",
        "ssl_max_protocol_version",
        "ssl_min_protocol_version",
        "sslcert",
        "sslcertmode",
        "sslcompression",
        "sslcrl",
        "sslcrldir",
        "sslkey",
        "sslmode",
        "sslnegotiation",
        "sslpassword",
        "sslrootcert",
        "sslsni",
        "tcp_user_timeout",
    }
)
_CONNECT_TIMEOUT_S = 10
_HOST = re.compile(r"/[^\0]*|[^@\s]+")


def address(url: str) -> Endpoint:
    """The server and the database that a URL names.

    One host, by name, number or the folder of its socket (`?host=/var/run/postgresql`). The URL's parameters of transport
    are kept, `sslmode` among them. Raises UserError, whose text holds nothing of the URL but names of parameters.
    """
    parts = _parts(url)
    unknown = sorted(set(parts) - _NAMED - _TRANSPORT)
    if unknown:
        raise UserError(
            f"--server url=: the parameter {unknown[0]} is not taken, all sessions are set up alike; leave it out of the URL"
        )
    host = _needed(parts, "host", "HOST")
    if not _HOST.fullmatch(host):
        # An @ of the password that is not written as %40 makes its end a part of the host.
        raise UserError(f"--server url=: its HOST is no name of a host, no address and no folder; {_FORM}")
    if "," in host or "," in parts.get("hostaddr", "") or "," in parts.get("port", ""):
        raise UserError("--server url=: it names several hosts, a run measures one; name one host")
    database = _needed(parts, "dbname", "DATABASE")
    if database in _NOT_OURS:
        raise UserError(f"--server url=: {database} is the pattern of new databases; name an empty database of your own")
    transport = {name: value for name, value in parts.items() if name in _TRANSPORT}
    transport.setdefault("connect_timeout", str(_CONNECT_TIMEOUT_S))
    return Endpoint(
        host,
        _port(parts.get("port", "5432")),
        _needed(parts, "user", "USER"),
        parts.get("password"),
        maintenance=database,
        transport=tuple(sorted(transport.items())),
    )


def _parts(url: str) -> dict[str, str]:
    if not url.startswith(_SCHEMES):
        raise UserError(f"--server url=: what follows is no PostgreSQL URL; {_FORM}")
    try:
        parts = conninfo_to_dict(url)
    except (psycopg.Error, UnicodeError, ValueError):
        parts = None
    if parts is None:
        raise UserError(f"--server url=: the URL cannot be read; {_FORM}")
    found = {name: str(value) for name, value in parts.items() if value is not None and value != ""}
    if any("\0" in value for value in found.values()):
        raise UserError(f"--server url=: the URL cannot be read; {_FORM}")
    return found


def _needed(parts: dict[str, str], name: str, place: str) -> str:
    if name not in parts:
        raise UserError(f"--server url=: the URL does not name its {place}; {_FORM}")
    return parts[name]


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= 65535):
        raise UserError(f"--server url=: the port is no number from 1 to 65535; {_FORM}")
    return int(text)

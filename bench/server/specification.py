"""What `--server` may say. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from bench.errors import UserError
from bench.server.address import address
from bench.server.endpoint import Endpoint

EMBEDDED = "embedded"
_FORMS = "write embedded, embedded=VERSION, embedded=BINDIR or url=postgresql://USER@HOST:PORT/DATABASE"


@dataclass(frozen=True, slots=True)
class Embedded:
    """A server that we start: of a version, or from the programs of a folder; of the installed wheel without a choice."""

    choice: str | None = None


def specification(text: str | None) -> Embedded | Endpoint:
    """What was asked for; nothing asked for is a server of our own. Raises UserError, whose text holds nothing secret."""
    if text is None or text == EMBEDDED:
        return Embedded()
    kind, equals, value = text.partition("=")
    if kind == EMBEDDED and equals:
        if not value.strip() or "\0" in value:
            raise UserError(f"--server embedded=: name a version, such as 18, or the folder of PostgreSQL's programs; or {_FORMS}")
        return Embedded(value)
    if kind == "url" and equals:
        return address(value)
    # The text may be an address with a password whose "url=" was forgotten, so it is not repeated.
    raise UserError(f"--server: this is no kind of server; {_FORMS}")

"""What `--server` may say. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bench.errors import UserError
from bench.server.address import address
from bench.server.endpoint import Endpoint

EMBEDDED = "embedded"
CONTAINER = "container"
DEFAULT_IMAGE = "postgres:18"
_FORMS = "write embedded, embedded=VERSION, embedded=BINDIR, container=IMAGE or url=postgresql://USER@HOST:PORT/DATABASE"
_IMAGE_MAX = 255
_WORDS = r"[a-z0-9]+(?:[._-]+[a-z0-9]+)*"
_REGISTRY, _TAG, _DIGEST = r"[A-Za-z0-9.-]+(?::\d+)?/", r":\w[\w.-]{0,127}", r"@[a-z0-9]+:[0-9a-f]{32,}"
_IMAGE = re.compile(rf"(?:{_REGISTRY})?{_WORDS}(?:/{_WORDS})*(?:{_TAG})?(?:{_DIGEST})?", re.ASCII)
"""A name as engines take it: registry, path, tag and digest, of which only a path is needed."""


@dataclass(frozen=True, slots=True)
class Embedded:
    """A server that we start: of a version, or from the programs of a folder; of the installed wheel without a choice."""

    choice: str | None = None


@dataclass(frozen=True, slots=True)
class Container:
    """A server that we start in a container of an image that is used like PostgreSQL's official one."""

    image: str = DEFAULT_IMAGE


def specification(text: str | None) -> Embedded | Container | Endpoint:
    """What was asked for; nothing asked for is a server of our own. Raises UserError, whose text holds nothing secret."""
    if text is None or text == EMBEDDED:
        return Embedded()
    kind, equals, value = text.partition("=")
    if kind == EMBEDDED and equals:
        if not value.strip() or "\0" in value:
            raise UserError(f"--server embedded=: name a version, such as 18, or the folder of PostgreSQL's programs; or {_FORMS}")
        return Embedded(value)
    if text == CONTAINER:
        return Container()
    if kind == CONTAINER and equals:
        # What is no name of an image is not repeated either.
        if len(value) > _IMAGE_MAX or not _IMAGE.fullmatch(value):
            raise UserError(f"--server container=: name an image, such as {DEFAULT_IMAGE}; or {_FORMS}")
        return Container(value)
    if kind == "url" and equals:
        return address(value)
    # The text may be an address with a password whose "url=" was forgotten, so it is not repeated.
    raise UserError(f"--server: this is no kind of server; {_FORMS}")

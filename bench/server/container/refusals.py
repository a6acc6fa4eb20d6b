"""What a container engine refuses, told in one line. Pure, but for reading the address of the engine."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bench.errors import UserError
from bench.visible import visible

WHERE = "--server container"
UNIX = "unix://"
DEFAULT_ADDRESS = f"{UNIX}/var/run/docker.sock"

_HERE = re.compile(r"(unix|npipe)://.*|tcp://(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?/?")
_SOCKET = (UNIX, "npipe://")
_WORDS_MAX = 300


def check_address(address: str) -> None:
    """Refuse an engine of another machine: what it publishes on its loopback cannot be reached from here. Raises UserError."""
    if not _HERE.fullmatch(address):
        raise UserError(
            f"{WHERE}: DOCKER_HOST, or the engine's context, names no socket and no port of this machine; "
            "name unix:///path/to/engine.sock, or use a server there with --server url="
        )


def place(address: str) -> str:
    """Where the engine is, in words."""
    return visible(address) if address.startswith(_SOCKET) else "where DOCKER_HOST says"


def unreachable(error: BaseException, address: str) -> UserError:
    """Why an engine could not be asked."""
    causes = tuple(_causes(error))
    if any(isinstance(cause, PermissionError) for cause in causes):
        what = f"this account may not use the container engine at {place(address)}; join the socket's group, or be root"
    elif any(isinstance(cause, TimeoutError) for cause in causes):
        what = f"the container engine at {place(address)} does not answer; see to it, or restart it"
    elif any(isinstance(cause, FileNotFoundError | ConnectionRefusedError) for cause in causes):
        what = f"no container engine runs at {place(address)}; start one, or name the socket of one in DOCKER_HOST"
    else:
        what = f"what is at {place(address)} is no container engine ({words(error)}); name the socket of one in DOCKER_HOST"
    return UserError(f"{WHERE}: {what}")


def words(error: BaseException) -> str:
    """The end of what the engine said, in one line."""
    said = getattr(error, "explanation", None) or str(error)
    if isinstance(said, bytes):
        said = said.decode("utf-8", "replace")
    told = visible(" ".join(str(said).split())) or type(error).__name__
    return told if len(told) <= _WORDS_MAX else "..." + told[-_WORDS_MAX:]


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error, and what it came from. One that is only held by another as an argument counts too."""
    waiting: list[object] = [error]
    seen: set[int] = set()
    while waiting:
        found = waiting.pop()
        if isinstance(found, BaseException) and id(found) not in seen:
            seen.add(id(found))
            yield found
            waiting += [found.__cause__, found.__context__, *found.args]

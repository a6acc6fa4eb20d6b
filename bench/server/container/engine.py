"""The container engine of this machine: the one place that speaks to it, through testcontainers.

Everything that it refuses becomes a UserError of one line. Its libraries are an extra, so this module is imported when it is used.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from docker import APIClient, DockerClient
from docker.constants import DEFAULT_DOCKER_API_VERSION
from docker.errors import APIError, DockerException, ImageNotFound, NotFound
from docker.utils import kwargs_from_env
from testcontainers.core.config import testcontainers_config
from testcontainers.core.container import DockerContainer
from testcontainers.core.docker_client import get_docker_host
from urllib3.exceptions import HTTPError

from bench.errors import UserError
from bench.server.container.refusals import DEFAULT_ADDRESS, UNIX, WHERE, check_address, unreachable, words
from bench.visible import visible

ANSWER_S = 10
"""How long an engine may take to say who it is, in seconds."""

_WORK_S = 120
"""How long it may take for one thing, such as to start a container on a busy disk."""

_OTHER_IMAGE = "name one that is there, or that the engine can fetch: --server container=IMAGE"


@dataclass(frozen=True, slots=True)
class Engine:
    """An engine that answers. `version` reads like "Docker Engine 20.10.24"; `client` is that of its library."""

    version: str
    address: str
    client: Any

    def require(self, image: str) -> None:
        """Have an image, fetched where it is not there. Raises UserError where it cannot be had."""
        name = visible(image)
        with self.told(f"the image {name} cannot be used", _OTHER_IMAGE):
            try:
                self.client.images.get(image)
                return
            except ImageNotFound:
                pass
        with self.told(f"the image {name} is not there and cannot be fetched", _OTHER_IMAGE):
            try:
                self.client.images.pull(image)
            except NotFound as error:
                raise UserError(f"{WHERE}: there is no image {name} ({words(error)}); {_OTHER_IMAGE}") from None

    def container(self, image: str) -> DockerContainer:
        """A container that is not made yet. Its client is to be closed."""
        # What clears up after testcontainers is a container of its own, whose image would have to be fetched. Labels do it here.
        testcontainers_config.ryuk_disabled = True
        with self.told("no container can be made", "see to the engine"):
            return DockerContainer(image, docker_client_kw={"timeout": _WORK_S})

    def remove(self, label: str, is_wanted: Callable[[Mapping[str, str]], bool]) -> None:
        """Remove the containers, with their data, that have a label and whose labels are wanted. Gone already is fine."""
        with self.told("a container cannot be removed", "the next start of one removes it"):
            for found in self.client.containers.list(all=True, filters={"label": label}, ignore_removed=True):
                if not is_wanted(found.labels):
                    continue
                try:
                    found.remove(force=True, v=True)
                except NotFound:
                    continue
                except APIError as error:
                    # Another run that clears up may be at the same one.
                    if "already in progress" not in words(error):
                        raise

    @contextmanager
    def told(self, what: str, mend: str) -> Iterator[None]:
        """What the engine refuses in the block becomes a UserError: `what` failed, the engine's words, what to do."""
        try:
            yield
        except APIError as error:
            raise UserError(f"{WHERE}: {what} ({words(error)}); {mend}") from None
        except (DockerException, HTTPError, OSError) as error:
            raise unreachable(error, self.address) from None


@contextmanager
def opened(answer_s: float = ANSWER_S) -> Iterator[Engine]:
    """The engine that DOCKER_HOST or the engine's own context names, else the one at its usual socket.

    Raises UserError where there is none that answers.
    """
    address, told = _greeted(answer_s)
    client = DockerClient(version=str(told["ApiVersion"]), timeout=_WORK_S, **_how(address))
    try:
        yield Engine(_in_words(told), address, client)
    finally:
        client.close()


def _greeted(answer_s: float) -> tuple[str, Mapping[str, Any]]:
    """The address of the engine, and what it says of itself."""
    address = DEFAULT_ADDRESS
    try:
        address = get_docker_host() or DEFAULT_ADDRESS
        check_address(address)
        _knock(address, answer_s)
        # A client that is to find out by itself which API the engine speaks leaves its connection open when that fails.
        asking = APIClient(version=DEFAULT_DOCKER_API_VERSION, timeout=answer_s, **_how(address))
        try:
            told = asking.version(api_version=False)
        finally:
            asking.close()
    except (DockerException, HTTPError, OSError, ValueError) as error:
        raise unreachable(error, address) from None
    if not isinstance(told, dict) or "ApiVersion" not in told:
        raise unreachable(ValueError("it does not tell its version"), address)
    return address, told


def _knock(address: str, answer_s: float) -> None:
    """Raises the OSError that says why nobody opens; the library's own attempt would leave its socket open."""
    if address.startswith(UNIX):
        with socket.socket(socket.AF_UNIX) as door:
            door.settimeout(answer_s)
            door.connect(address.removeprefix(UNIX))


def _how(address: str) -> dict[str, Any]:
    """How the library connects: as its environment variables say, TLS among them, to an address that a context may have named."""
    return {"base_url": address, **kwargs_from_env()}


def _in_words(told: Mapping[str, Any]) -> str:
    """Docker names its parts, the engine first; so does podman. Older ones tell a number only."""
    parts = told.get("Components") or [{}]
    name = str(parts[0].get("Name") or "Engine")
    return visible(f"{'Docker Engine' if name == 'Engine' else name} {parts[0].get('Version') or told.get('Version')}")

"""Workloads of a stranger: a good one, and others that are broken in one way each."""

from __future__ import annotations

import sys
import uuid
from collections.abc import Callable, Iterator

from workloads.operations import ChannelKind, CreateChannel, CreateServer, Join, ListServers, Member, Operation, Role, Send, Write
from workloads.workload import Scale, Workload

SERVER = "00000000-0000-4000-8000-000000000001"


def _setup() -> Iterator[Write]:
    yield CreateServer("s", 1, SERVER, "home", "test")
    yield CreateChannel("c", 2, "room", SERVER, "room", ChannelKind.PUBLIC, "test")
    yield Join("j", 3, "room", Member("ann", Role.USER))


def _of(operations: Callable[[], Iterator[Operation]]) -> Workload:
    return Workload("broken", {}, _setup, operations)


def quiet(scale: Scale, seed: int) -> Workload:
    """Somebody talks to an empty room."""

    def operations() -> Iterator[Operation]:
        for number in range(scale.messages):
            yield Send(f"m{number}", 10 + number, "room", "ann", f"{seed}", "test")

    return Workload("quiet", {"messages": scale.messages}, _setup, operations)


def raises(_scale: Scale, _seed: int) -> Workload:
    def operations() -> Iterator[Operation]:
        raise RuntimeError("no words")
        yield

    return _of(operations)


def nonsense(_scale: Scale, _seed: int) -> Workload:
    def operations() -> Iterator[Operation]:
        yield "hello"  # type: ignore[misc]  # the fault

    return _of(operations)


def endless(_scale: Scale, _seed: int) -> Workload:
    def operations() -> Iterator[Operation]:
        while True:
            yield ListServers(SERVER)

    return _of(operations)


def stuck(_scale: Scale, _seed: int) -> Workload:
    while True:
        pass


def leaves(_scale: Scale, _seed: int) -> Workload:
    def operations() -> Iterator[Operation]:
        sys.exit(0)
        yield

    return _of(operations)


def refused(_scale: Scale, _seed: int) -> Workload:
    return _of(lambda: iter([Send("m", 10, "room", "bob", "hi", "test")]))


def malformed(_scale: Scale, _seed: int) -> Workload:
    return _of(lambda: iter([Send("m", 10, "room", "ann", "a\0b", "test")]))


def fickle(_scale: Scale, _seed: int) -> Workload:
    return _of(lambda: iter([Send(str(uuid.uuid4()), 10, "room", "ann", "hi", "test")]))


def nothing(_scale: Scale, _seed: int) -> Workload:
    return None  # type: ignore[return-value]  # the fault


def fails(_scale: Scale, _seed: int) -> Workload:
    raise ValueError("no such scale")


def nameless(_scale: Scale, _seed: int) -> Workload:
    return Workload(7, {}, _setup, lambda: iter(()))  # type: ignore[arg-type]  # the fault


def unheld(_scale: Scale, _seed: int) -> Workload:
    return Workload("unheld", {"what": object()}, _setup, lambda: iter(()))


def silent(_scale: Scale, _seed: int) -> Workload:
    return Workload("silent", {}, _setup, lambda: iter(()))


def interrupts(_scale: Scale, _seed: int) -> Workload:
    raise KeyboardInterrupt("mine")

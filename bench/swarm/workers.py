"""How a leader reaches the processes that have users: itself, or Locust's workers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from locust.runners import STATE_MISSING, MasterRunner, Runner

from bench.swarm.names import PREFIX


class Alone:
    """The one process that leads and has users."""

    processes = 1

    def __init__(self, runner: Runner) -> None:
        self._runner = runner

    def ask(self, process: int, kind: str, data: Mapping[str, Any]) -> None:
        """Hand it over at once."""
        del process
        self._runner.send_message(PREFIX + kind, dict(data))

    def alive(self) -> Collection[int]:
        """Itself."""
        return (0,)

    def connected(self) -> Collection[int]:
        """Itself."""
        return (0,)


class Connected:
    """The workers that were heard when the run began, by number."""

    def __init__(self, runner: MasterRunner) -> None:
        self._runner = runner
        self._clients = sorted(node.id for node in runner.clients.all if node.state != STATE_MISSING)

    @property
    def processes(self) -> int:
        """How many there are."""
        return len(self._clients)

    def ask(self, process: int, kind: str, data: Mapping[str, Any]) -> None:
        """Send it to one of them."""
        self._runner.send_message(PREFIX + kind, dict(data), self._clients[process])

    def alive(self) -> Collection[int]:
        """Those whose heartbeat is heard."""
        nodes = self._runner.clients
        return [number for number in self.connected() if nodes[self._clients[number]].state != STATE_MISSING]

    def connected(self) -> Collection[int]:
        """Those who did not say that they leave, and whose heartbeat was heard within the last minute."""
        return [number for number, name in enumerate(self._clients) if name in self._runner.clients]

"""The side of a Locust process that has users: it does what it is told by whoever leads, a run at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import gevent  # type: ignore[import-untyped]  # it has no types
from locust.env import Environment

from bench.load.crew import TROUBLES, Trouble, trouble
from bench.swarm import server_address
from bench.swarm.fineness import Fine
from bench.swarm.names import PREFIX
from bench.swarm.plan import Plan
from bench.swarm.player import Player


class Follower:
    """Has a `player` from the moment that it is ready for a run until that has ended."""

    def __init__(self, environment: Environment) -> None:
        self.player: Player | None = None
        self._environment = environment
        self._wanted: int | None = None

    @property
    def listeners(self) -> Mapping[str, Callable[[Mapping[str, Any]], None]]:
        """What is to be called with each kind of message."""
        # To get ready and to end take long, and messages must go on being read.
        return {
            "plan": lambda data: gevent.spawn(self._prepare, data),
            "go": self._go,
            "passed": self._passed,
            "halt": lambda data: gevent.spawn(self._halt, data),
        }

    def finish(self) -> None:
        """End what is under way and tell what is left to tell."""
        self._wanted = None
        if self.player is not None:
            self.player.finish()
            self.player = None

    def _prepare(self, data: Mapping[str, Any]) -> None:
        run, process = data["run"], data["process"]
        self.finish()
        self._wanted = run
        try:
            plan = Plan.of(data["plan"])
            conninfo = server_address.endpoint().conninfo(plan.database)
            player = Player(plan, process, conninfo, self._send, _teller(self._environment))
        except Exception as error:
            told = trouble(error) if isinstance(error, TROUBLES) else Trouble("user", f"{type(error).__name__}: {error}")
            about = {"run": run, "process": process}
            self._send("failed", about | {"kind": told.kind, "text": told.text, "lines": list(told.lines)})
            if isinstance(error, TROUBLES):
                return
            raise
        if self._wanted != run:
            # The run was given up meanwhile.
            player.finish()
            return
        self.player = player
        player.tell_ready()

    def _go(self, data: Mapping[str, Any]) -> None:
        if (player := self._of(data)) is not None:
            player.go(data["in_s"])

    def _passed(self, data: Mapping[str, Any]) -> None:
        if (player := self._of(data)) is not None:
            things, unread = ([(kind, name) for kind, name in data[which]] for which in ("things", "unread"))
            player.ended_elsewhere(data["numbers"], things, unread)

    def _halt(self, data: Mapping[str, Any]) -> None:
        if (player := self._of(data)) is not None:
            player.finish()

    def _of(self, data: Mapping[str, Any]) -> Player | None:
        """The player, if the message is about its run."""
        return self.player if self.player is not None and self.player.run == data["run"] else None

    def _send(self, kind: str, told: Mapping[str, Any]) -> None:
        if self._environment.runner is not None:
            self._environment.runner.send_message(PREFIX + kind, dict(told))


def _teller(environment: Environment) -> Callable[[str, float, bool], None]:
    """Tells Locust's page of an operation."""
    fire: Callable[..., None] = environment.events.request.fire

    def tell(kind: str, response_ms: float, is_as_it_should: bool) -> None:
        failure = None if is_as_it_should else Exception(f"{kind} failed")
        fire(request_type="", name=kind, response_time=Fine(response_ms), response_length=0, exception=failure, context={})

    return tell

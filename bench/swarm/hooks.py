"""What Locust tells a process of ours, handed to the side of it that leads runs and to the side that has users.

A process is alone, the master, or a worker, as Locust was started. Alone and master lead; alone and workers have users.
"""

from __future__ import annotations

import logging
import signal
import sys
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import Any

import gevent  # type: ignore[import-untyped]  # it has no types
from locust.env import Environment
from locust.runners import LocalRunner, MasterRunner, WorkerRunner

from bench import registry, workload_registry
from bench.errors import UserError
from bench.server.provided import provided
from bench.swarm import server_address
from bench.swarm.following import Follower
from bench.swarm.leading import BAD_INPUT, Leader
from bench.swarm.names import PREFIX, TO_LEADER
from bench.visible import visible

STOP_S = 10
"""How long a user that is stopped may take to end its operation. Locust's workers wait as long again before the next run."""

_LOG = logging.getLogger("storebench")


class Hooks:
    """Made by the locustfile; `leader` and `follower` are there from Locust's `init` on, where the process is one."""

    def __init__(self) -> None:
        self.leader: Leader | None = None
        self.follower: Follower | None = None
        self._stack = ExitStack()

    def init(self, environment: Environment, **_: object) -> None:
        """Locust has made its runner. Ends the process, in one line, when it cannot do what it is for."""
        try:
            self._init(environment)
        except UserError as error:
            _LOG.error("%s", visible(str(error)))
            self._stack.close()
            sys.exit(BAD_INPUT)

    def _init(self, environment: Environment) -> None:
        runner = environment.runner
        specified = server_address.named()
        # A user that is stopped ends its operation first.
        environment.stop_timeout = environment.stop_timeout or STOP_S
        self._stack.enter_context(registry.watched(also=workload_registry.WATCHED))
        if isinstance(runner, (LocalRunner, WorkerRunner)):
            self.follower = Follower(environment)
            _listen(runner, self.follower.listeners)
        if isinstance(runner, (LocalRunner, MasterRunner)):
            leader = self.leader = Leader(environment, runner, self._stack.enter_context(provided(specified)))
            _listen(runner, {kind: _hearing(leader, kind) for kind in TO_LEADER})
            if environment.parsed_options is not None and environment.parsed_options.headless:
                # Without its page Locust does not listen for this signal before its shape is over.
                gevent.signal_handler(signal.SIGTERM, self._end_soon)

    def test_start(self, **_: object) -> None:
        """A run is wanted; it has no users yet."""
        if self.leader is not None:
            self.leader.begin()

    def test_stop(self, **_: object) -> None:
        """All users have ended, because the run is over or because somebody stopped it."""
        if self.follower is not None:
            self.follower.finish()
        if self.leader is not None:
            self.leader.end()

    def quitting(self, environment: Environment, **_: object) -> None:
        """The process is asked to end; a run that is under way is stopped in good order."""
        is_busy = (self.leader is not None and self.leader.is_leading) or (
            self.follower is not None and self.follower.player is not None
        )
        if environment.runner is not None and is_busy:
            environment.runner.stop()

    def quit(self, **_: object) -> None:
        """The process ends."""
        self._stack.close()

    def _end_soon(self) -> None:
        if self.leader is not None and self.leader.is_leading:
            self.leader.end_soon()
            return
        # Workers are waited for, and nothing has begun that had to be ended in good order.
        self._stack.close()
        sys.exit(BAD_INPUT)


def _listen(runner: Any, listeners: Mapping[str, Callable[[Mapping[str, Any]], None]]) -> None:
    for kind, listener in listeners.items():
        runner.register_message(PREFIX + kind, _heard_by(listener))


def _heard_by(listener: Callable[[Mapping[str, Any]], None]) -> Callable[..., None]:
    def heard(msg: Any, **_: object) -> None:
        listener(msg.data)

    return heard


def _hearing(leader: Leader, kind: str) -> Callable[[Mapping[str, Any]], None]:
    def hear(data: Mapping[str, Any]) -> None:
        leader.hear(kind, data)

    return hear

"""What binds a run to Locust: its hooks on one side, `Player` and `Conductor` on the other.

A process is alone, the master, or a worker, as Locust was started. Alone and master lead runs; alone and workers have users.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
from argparse import Namespace
from collections.abc import Callable, Collection, Mapping
from contextlib import ExitStack
from typing import Any

import gevent  # type: ignore[import-untyped]  # it has no types
import psycopg
from locust.env import Environment
from locust.runners import STATE_MISSING, STATE_SPAWNING, LocalRunner, MasterRunner, WorkerRunner

from bench import registry, workload_registry
from bench.drive.errors import ConnectionLost, ContractError, ServerError
from bench.errors import InvalidMeasurement, UserError
from bench.load.crew import trouble
from bench.results.swarm_schema import SwarmRecord
from bench.server.endpoint import Endpoint
from bench.server.phases import ServerPhase
from bench.server.provided import provided
from bench.server.server import Server
from bench.server.specification import specification
from bench.swarm import asking
from bench.swarm.concluding import conclude
from bench.swarm.conductor import Conductor
from bench.swarm.fineness import Fine
from bench.swarm.folders import run_folder
from bench.swarm.names import PREFIX, SERVER, TO_LEADER
from bench.swarm.options import Options
from bench.swarm.plan import Plan
from bench.swarm.player import Player
from bench.visible import visible

STOP_S = 30
"""How long a user that is stopped may take to end its operation."""

LINES_MAX = 20
"""Lines of a difference that are printed."""

_TROUBLES = (InvalidMeasurement, UserError, ContractError, ConnectionLost, ServerError, psycopg.Error)
_LOG = logging.getLogger("storebench")


class Alone:
    """The one process that leads and has users."""

    def __init__(self, runner: LocalRunner) -> None:
        self._runner = runner

    def ask(self, process: int, kind: str, data: Mapping[str, Any]) -> None:
        """Hand it over at once."""
        del process
        self._runner.send_message(PREFIX + kind, dict(data))

    def alive(self) -> Collection[int]:
        """Itself."""
        return (0,)


class Connected:
    """The workers that were connected when the run began, by number."""

    def __init__(self, runner: MasterRunner) -> None:
        self._runner = runner
        self.clients = sorted(runner.clients)

    def ask(self, process: int, kind: str, data: Mapping[str, Any]) -> None:
        """Send it to one of them."""
        self._runner.send_message(PREFIX + kind, dict(data), self.clients[process])

    def alive(self) -> Collection[int]:
        """Those whose heartbeat is heard."""
        nodes = self._runner.clients
        return [number for number, name in enumerate(self.clients) if name in nodes and nodes[name].state != STATE_MISSING]


class Wiring:
    """The state of a Locust process of ours: made by the locustfile, told of everything by Locust."""

    def __init__(self) -> None:
        self.player: Player | None = None
        self.conductor: Conductor | None = None
        self.records: list[SwarmRecord] = []
        self._runs = 0
        self._stack = ExitStack()
        self._server: Server | None = None
        self._options: Options | None = None
        self._is_ending = self._is_to_end = False

    def begin(self, environment: Environment, **_: object) -> None:
        """Locust has made its runner. Ends the process, in one line, when it cannot do what it is for."""
        try:
            self._begin(environment)
        except UserError as error:
            _LOG.error("%s", visible(str(error)))
            self._stack.close()
            sys.exit(2)

    def _begin(self, environment: Environment) -> None:
        runner = environment.runner
        _specification()
        # A user that is stopped ends its operation first.
        environment.stop_timeout = environment.stop_timeout or STOP_S
        self._stack.enter_context(registry.watched(also=workload_registry.WATCHED))
        if isinstance(runner, (LocalRunner, WorkerRunner)):
            self._listen(runner, {"plan": self._prepare, "go": self._go, "passed": self._passed, "halt": self._halt}, environment)
        if isinstance(runner, (LocalRunner, MasterRunner)):
            heard = {kind: self._heard(kind) for kind in TO_LEADER}
            self._listen(runner, heard, environment)
            self._server = self._stack.enter_context(provided(_specification()))
            # While a shape lasts Locust without its page does not listen for this signal yet.
            gevent.signal_handler(signal.SIGTERM, self._end_soon)

    def test_start(self, environment: Environment, **_: object) -> None:
        """A run is wanted; it has no users yet."""
        runner = environment.runner
        if isinstance(runner, WorkerRunner) or self._server is None or runner is None:
            return
        self._guarded(environment, lambda: self._lead(environment))

    def test_stop(self, environment: Environment, **_: object) -> None:
        """All users have ended, because the run is over or because somebody stopped it."""
        if self.player is not None:
            self.player.finish()
            self.player = None
        conductor = self.conductor
        if conductor is None or self._is_ending:
            return
        if not conductor.is_prepared:
            # It was stopped before it began: there is nothing to tell.
            conductor.close()
            self.conductor = None
            return
        # What workers say of their end is heard meanwhile.
        self._is_ending = True
        try:
            self._guarded(environment, lambda: self._end(environment, conductor))
        finally:
            self._is_ending = False
            self.conductor = None

    def quitting(self, environment: Environment, **_: object) -> None:
        """The process is asked to end; a run that is under way is stopped in good order."""
        if environment.runner is not None and (self.player is not None or self.conductor is not None):
            environment.runner.stop()

    def quit(self, **_: object) -> None:
        """The process ends."""
        self._stack.close()

    def tick(self, environment: Environment) -> tuple[int, float] | None:
        """How many users there are to be now, and how fast they come; None when the run is over."""
        options = self._options or asking.options(_parsed(environment))
        conductor = self.conductor
        if self._is_to_end or (conductor is None and self._options is not None):
            return None
        if conductor is None or not conductor.is_prepared:
            return 1, options.spawn_rate
        if conductor.is_over:
            return None
        conductor.look()
        wanted = conductor.users()
        if environment.runner is not None and environment.runner.user_count >= wanted:
            conductor.go()
        return wanted, options.spawn_rate

    def restart(self) -> None:
        """A new run is asked for."""
        self._options = None

    def _end_soon(self) -> None:
        self._is_to_end = True

    def _lead(self, environment: Environment) -> None:
        runner, server = environment.runner, self._server
        if server is None or runner is None:
            return
        # Getting ready takes seconds, and the page takes who is neither spawning nor running for one that was not started.
        runner.update_state(STATE_SPAWNING)
        options = self._options = asking.checked_options(_parsed(environment))
        server.settings(ServerPhase.STEADY if options.steady else ServerPhase.MEASURE)
        workers = Connected(runner) if isinstance(runner, MasterRunner) else Alone(runner)  # type: ignore[arg-type]  # the other kind
        processes = len(workers.clients) if isinstance(workers, Connected) else 1
        folder = run_folder(asking.folder(_parsed(environment)), options.variant)
        conductor = Conductor(options, server, workers, processes, self._runs, folder)
        self._runs += 1
        self.conductor = conductor
        conductor.prepare()

    def _end(self, environment: Environment, conductor: Conductor) -> None:
        try:
            conductor.end()
            record = conclude(conductor, conductor.options.spawn_rate)
        finally:
            conductor.close()
        self.records.append(record)
        for line in record.why:
            _LOG.error("%s: not to be compared: %s", record.variant, visible(line))
        _LOG.info(
            "%s: %d of %d operations were due, %d acknowledged; the store %s; %s",
            record.variant,
            record.rows,
            record.operations,
            record.acknowledged,
            "holds exactly these" if record.proof_holds else "DOES NOT HOLD THESE",
            conductor.folder,
        )
        if not record.proof_holds:
            environment.process_exit_code = 3

    def _guarded(self, environment: Environment, what: Callable[[], None]) -> None:
        """What goes wrong ends the run, in one line."""
        try:
            what()
        except _TROUBLES as error:
            told = trouble(error)
            _LOG.error("%s", visible(f"{told.text}: {told.lines[0]}" if told.kind == "server" else told.text))
            for line in told.lines[:LINES_MAX] if told.kind != "server" else ():
                _LOG.warning("  %s", visible(line))
            environment.process_exit_code = 3 if told.kind in {"invalid", "contract"} else 2
            if self.conductor is not None:
                self.conductor.close()
                self.conductor = None

    def _listen(self, runner: Any, listeners: Mapping[str, Callable[[Any, Any], None]], environment: Environment) -> None:
        for kind, listener in listeners.items():
            runner.register_message(PREFIX + kind, _listener(listener, environment))

    def _prepare(self, environment: Environment, data: Any) -> None:
        """A worker is told what to do; it says when it is ready."""
        gevent.spawn(self._prepared, environment, data)

    def _prepared(self, environment: Environment, data: Any) -> None:
        process = data["process"]

        def send(kind: str, told: dict[str, Any]) -> None:
            if environment.runner is not None:
                environment.runner.send_message(PREFIX + kind, told)

        try:
            if self.player is not None:
                self.player.finish()
            plan = Plan.of(data["plan"])
            conninfo = _endpoint().conninfo(plan.database)
            self.player = Player(plan, process, conninfo, send, _teller(environment))
        except (*_TROUBLES, ValueError) as error:
            told = trouble(error)
            send("failed", {"process": process, "kind": told.kind, "text": told.text, "lines": list(told.lines)})
            return
        part = self.player.part
        send("prepared", {"process": process, "operations": part.operations, "digest": part.digest})

    def _go(self, environment: Environment, data: Any) -> None:
        del environment
        if self.player is not None:
            self.player.go(data["in_s"])

    def _halt(self, environment: Environment, data: Any) -> None:
        del environment, data
        if self.player is not None:
            # It waits for what is under way, and messages must go on being read.
            gevent.spawn(self.player.finish)

    def _passed(self, environment: Environment, data: Any) -> None:
        del environment
        if self.player is not None:
            things, unread = ([(kind, name) for kind, name in data[which]] for which in ("things", "unread"))
            self.player.ended_elsewhere(data["numbers"], things, unread)

    def _heard(self, kind: str) -> Callable[[Environment, Any], None]:
        def hear(environment: Environment, data: Any) -> None:
            del environment
            if self.conductor is not None:
                self.conductor.hear(kind, data)

        return hear


def _parsed(environment: Environment) -> Namespace:
    parsed = environment.parsed_options
    if not isinstance(parsed, Namespace):
        raise UserError("Locust was given no options: start it by its command line, or by storebench load")
    return parsed


def _listener(listener: Callable[[Environment, Any], None], environment: Environment) -> Callable[..., None]:
    def told(msg: Any, **_: object) -> None:
        listener(environment, msg.data)

    return told


def _teller(environment: Environment) -> Callable[[str, float, bool], None]:
    fire: Callable[..., None] = environment.events.request.fire

    def tell(kind: str, response_ms: float, is_as_it_should: bool) -> None:
        failure = None if is_as_it_should else Exception(f"{kind} failed")
        fire(request_type="", name=kind, response_time=Fine(response_ms), response_length=0, exception=failure, context={})

    return tell


def _specification() -> str:
    text = os.environ.get(SERVER, "")
    if not text.startswith("url="):
        raise UserError(f"{SERVER} is not set to url=postgresql://USER@HOST:PORT/DATABASE: set it, or use storebench load")
    return text


def _endpoint() -> Endpoint:
    found = specification(_specification())
    if not isinstance(found, Endpoint):
        raise UserError(f"{SERVER} names no server that runs: set it to url=postgresql://USER@HOST:PORT/DATABASE")
    return found

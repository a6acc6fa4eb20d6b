"""The side of a Locust process that leads: one run after another, each from the moment it is asked for until it is told."""

from __future__ import annotations

import logging
from argparse import Namespace
from collections.abc import Callable, Mapping
from typing import Any

from locust.env import Environment
from locust.runners import STATE_SPAWNING, MasterRunner, Runner

from bench.load.crew import TROUBLES, trouble
from bench.results.swarm_schema import SwarmRecord
from bench.server.phases import ServerPhase
from bench.server.server import Server
from bench.swarm import asking
from bench.swarm.concluding import conclude
from bench.swarm.conductor import Conductor
from bench.swarm.folders import run_folder
from bench.swarm.greening import give_way
from bench.swarm.workers import Alone, Connected
from bench.visible import visible

LINES_MAX = 20
"""Lines of a difference that are printed."""

BAD_INPUT, INVALID = 2, 3
"""Exit statuses, as those of storebench."""

_LOG = logging.getLogger("storebench")


class Leader:
    """Is told by Locust what is wanted, and tells Locust how many users there are to be."""

    def __init__(self, environment: Environment, runner: Runner, server: Server) -> None:
        self._environment, self._runner, self._server = environment, runner, server
        self._conductor: Conductor | None = None
        self._runs = 0
        self._is_to_end = self._has_failed = self._is_concluding = False

    @property
    def is_leading(self) -> bool:
        """Whether a run was asked for and is not told yet."""
        return self._conductor is not None

    def begin(self) -> None:
        """A run is asked for, which has no users yet: get ready for it."""
        is_ready = self._has_failed = False
        try:
            is_ready = self._is_told(self._prepare)
        finally:
            # Nobody prepares it once more: whatever ended it, the run is over.
            self._has_failed = not is_ready

    def tick(self) -> tuple[int, float] | None:
        """How many users there are to be now, and how fast they come; None when the run is over."""
        conductor = self._conductor
        if self._is_to_end or self._has_failed:
            return None
        if conductor is None or not conductor.is_prepared:
            return 1, asking.spawn_rate(self._parsed)
        if conductor.is_over:
            return None
        conductor.look()
        wanted = conductor.users()
        if self._runner.user_count >= wanted:
            conductor.go()
        return wanted, conductor.options.spawn_rate

    def end_soon(self) -> None:
        """The run that is under way is to be stopped, and no other is to begin."""
        self._is_to_end = True

    def end(self) -> None:
        """All users have ended, because the run is over or because somebody stopped it: tell what came of it."""
        conductor = self._conductor
        self._has_failed = False
        if conductor is None or self._is_concluding:
            return
        # What workers say of their end is heard meanwhile.
        self._is_concluding = True
        try:
            self._is_told(lambda: self._conclude(conductor))
        finally:
            self._is_concluding = False
            self._conductor = None

    def hear(self, kind: str, data: Mapping[str, Any]) -> None:
        """What one who has users says."""
        if self._conductor is not None:
            self._conductor.hear(kind, data)

    @property
    def _parsed(self) -> Namespace:
        return self._environment.parsed_options or Namespace()

    def _prepare(self) -> None:
        # Getting ready takes seconds, and the page takes who is neither spawning nor running for one that was not started.
        self._runner.update_state(STATE_SPAWNING)
        options = asking.checked_options(self._parsed)
        self._server.settings(ServerPhase.STEADY if options.steady else ServerPhase.MEASURE)
        workers = Connected(self._runner) if isinstance(self._runner, MasterRunner) else Alone(self._runner)
        folder = run_folder(asking.folder(self._parsed), options.variant)
        conductor = Conductor(options, self._server, workers, workers.processes, self._runs, folder)
        self._runs += 1
        self._conductor = conductor
        try:
            conductor.prepare()
        except BaseException:
            conductor.close()
            self._conductor = None
            raise

    def _conclude(self, conductor: Conductor) -> None:
        try:
            if conductor.is_prepared:
                conductor.end()
                self._tell(conclude(conductor, give_way), conductor)
        finally:
            conductor.close()

    def _tell(self, record: SwarmRecord, conductor: Conductor) -> None:
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
        if not record.is_whole:
            self._environment.process_exit_code = INVALID

    def _is_told(self, what: Callable[[], None]) -> bool:
        """Do it; whether it went well. What a user can mend, or a design did, is told in a line and a few more."""
        try:
            what()
        except TROUBLES as error:
            told = trouble(error)
            _LOG.error("%s", visible(f"{told.text}: {told.lines[0]}" if told.kind == "server" else told.text))
            for line in told.lines[:LINES_MAX] if told.kind != "server" else ():
                _LOG.warning("  %s", visible(line))
            self._environment.process_exit_code = INVALID if told.kind in {"invalid", "contract"} else BAD_INPUT
            return False
        return True

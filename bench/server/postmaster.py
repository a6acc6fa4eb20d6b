"""The server's first process and its end."""

from __future__ import annotations

import os
import signal
import subprocess

Stops = tuple[tuple[signal.Signals, float], ...]
"""Signals in the order in which they are tried, each with the seconds that it is given."""

# PostgreSQL's fast shutdown, its immediate shutdown, and what no process can ignore.
STOPS: Stops = ((signal.SIGINT, 30.0), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 10.0))


class Postmaster:
    """The server's first process, our direct child."""

    def __init__(self, process: subprocess.Popen[bytes], stops: Stops = STOPS) -> None:
        self._process = process
        self._stops = stops
        self._starter_pid = os.getpid()

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def exit_code(self) -> int | None:
        """None while it runs."""
        return self._process.poll()

    def stop(self) -> None:
        """Shuts down fast (open transactions are rolled back) and waits; harder after a deadline. Idempotent."""
        if os.getpid() != self._starter_pid:  # A forked child that unwinds must not stop its parent's server.
            return
        try:
            self._stop_by(self._stops)
        except BaseException:  # Ctrl-C again while we waited: it must still not stay behind.
            self._stop_by(self._stops[1:])
            raise

    def _stop_by(self, stops: Stops) -> None:
        for number, deadline_s in stops:
            self._process.send_signal(number)  # Does nothing once the process was waited for.
            try:
                self._process.wait(deadline_s)
                return
            except subprocess.TimeoutExpired:
                continue
        raise RuntimeError(f"embedded server: process {self.pid} does not end")

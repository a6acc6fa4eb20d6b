"""One container: started, looked at, and removed with its data whatever happens."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.errors import UserError
from bench.server.container.engine import Engine
from bench.server.container.owners import OWNER, RUN, is_abandoned, labels
from bench.server.container.refusals import WHERE
from bench.visible import visible

ADDRESS = "127.0.0.1"
_PORT = "5432/tcp"
_SHARED_MEMORY = "1g"
"""What /dev/shm may hold: an engine's 64 MB are too few for PostgreSQL's parallel queries."""

_PROC = Path("/proc")
_ENDED = ("exited", "dead")


@dataclass(frozen=True, slots=True)
class Container:
    """A container that was started. `wrapped` is that of the engine's library."""

    engine: Engine
    wrapped: Any

    def port(self) -> int | None:
        """The port of loopback where its server is published; None while it is not."""
        bindings = self._look()["NetworkSettings"]["Ports"].get(_PORT)
        return int(bindings[0]["HostPort"]) if bindings else None

    def exit_code(self) -> int | None:
        """None while it runs."""
        state = self._look()["State"]
        return int(state["ExitCode"]) if state["Status"] in _ENDED else None

    def last_lines(self, count: int) -> list[str]:
        """The end of what its programs said."""
        with self._asked():
            said = bytes(self.wrapped.logs(tail=count)).decode("utf-8", "replace")
        return [visible(line.strip()) for line in said.splitlines() if line.strip()]

    def pid_here(self) -> int | None:
        """The process id of its first process on this machine; None where that process is not seen, or is no PostgreSQL.

        The engine may run in a machine of its own, where ids mean other processes: only one whose control group names this
        container is believed.
        """
        pid = int(self._look()["State"]["Pid"])
        try:
            program = (_PROC / str(pid) / "cmdline").read_bytes().partition(b"\0")[0]
            groups = (_PROC / str(pid) / "cgroup").read_text(encoding="utf-8", errors="replace")
        except OSError:
            return None
        return pid if Path(os.fsdecode(program)).name == "postgres" and str(self.wrapped.id) in groups else None

    def kill(self, pid: int) -> None:
        """Send signal 9 to one of its processes, by the id that the process has inside. Raises UserError where that fails."""
        with self._asked():
            code, said = self.wrapped.exec_run(["/bin/sh", "-c", f"kill -9 {pid}"], user="0")
        if code != 0:
            told = visible(" ".join(bytes(said).decode("utf-8", "replace").split()))
            raise UserError(f"{WHERE}: process {pid} of the container cannot be killed ({told}); use an image that has /bin/sh")

    def _look(self) -> Mapping[str, Any]:
        with self._asked():
            self.wrapped.reload()
        found: Mapping[str, Any] = self.wrapped.attrs
        return found

    def _asked(self) -> Any:
        return self.engine.told("its container does not answer", "see to the engine")


@contextmanager
def started(engine: Engine, image: str, command: Sequence[str], environment: Mapping[str, str]) -> Iterator[Container]:
    """Starts a container whose port 5432 is published on loopback only, on a free port. Removes it at the end, whatever happens.

    Raises UserError where it cannot be started.
    """
    maker = os.getpid()
    run = secrets.token_hex(8)
    made = engine.container(image)
    try:
        made.with_command(list(command)).with_envs(**environment).with_kwargs(labels=labels(run), shm_size=_SHARED_MEMORY)
        # The library's own way to publish a port would open it on all addresses.
        ports: Any = made.ports
        ports[_PORT] = (ADDRESS, None)
        with engine.told(f"a container of {visible(image)} cannot be started", "name an image of PostgreSQL, or see to the engine"):
            made.start()
        yield Container(engine, made.get_wrapped_container())
    except BaseException as error:
        if os.getpid() == maker:
            try:
                _remove(engine, run)
            except UserError as trouble:
                error.add_note(str(trouble))
        raise
    else:
        if os.getpid() == maker:  # A forked child that leaves through here must not take the container away.
            _remove(engine, run)
    finally:
        made.get_docker_client().client.close()


def clear_abandoned(engine: Engine) -> None:
    """Removes the containers that killed runs of this machine left behind."""
    engine.remove(OWNER, is_abandoned)


def _remove(engine: Engine, run: str) -> None:
    """By label, not by handle: an interrupt may come after the engine made the container and before it told us its id."""
    label = f"{RUN}={run}"
    try:
        engine.remove(label, lambda _: True)
    except UserError:
        raise
    except BaseException:  # Ctrl-C again: it must still not stay behind.
        engine.remove(label, lambda _: True)
        raise

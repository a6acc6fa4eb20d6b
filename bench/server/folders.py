"""Temporary folders that say whose they are, so that what a killed run left behind can be told from a live one."""

from __future__ import annotations

import json
import os
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

PREFIX = "storebench-"
OWNER_FILE = "owner"
_REMOVAL_DEADLINE_S = 10.0
_SAME_START_S = 1.0
_OWNER_FILE_LIMIT_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Owner:
    """The process that made a folder.

    `started_s` counts from the machine's start, not from 1970: a clock that is set anew must not make a live owner look
    like another process. `pid_namespace` is where the pid means something: containers may share a temp folder.
    """

    pid: int
    started_s: float
    pid_namespace: str


def this_process() -> Owner:
    """The owner of the folders that this process makes."""
    return Owner(os.getpid(), _started_s(psutil.Process()), _pid_namespace())


def may_be_alive(owner: Owner) -> bool:
    """Whether the owner still runs; True too where that cannot be seen from here."""
    if owner.pid_namespace != _pid_namespace():
        return True
    try:
        process = psutil.Process(owner.pid)
        if process.status() == psutil.STATUS_ZOMBIE:
            return False
        return abs(_started_s(process) - owner.started_s) < _SAME_START_S
    except psutil.NoSuchProcess:
        return False
    except psutil.AccessDenied:
        return True


def _started_s(process: psutil.Process) -> float:
    return process.create_time() - psutil.boot_time()


def _pid_namespace() -> str:
    try:
        return str(Path("/proc/self/ns/pid").readlink())
    except OSError:
        return ""


def temporary_roots() -> tuple[Path, ...]:
    """The folders below which a server's folders may lie, the configured temp folder (TMPDIR) first."""
    # The others only hold folders that mkdtemp makes, for an account that cannot enter the configured one.
    named = (Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp"))  # noqa: S108
    return tuple(dict.fromkeys(path.resolve() for path in named if path.is_dir()))


@contextmanager
def owned_folder(root: Path, mode: int) -> Iterator[Path]:
    """A new folder below `root` that belongs to this process. It is removed at the end, whatever happens."""
    maker = os.getpid()
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=root))
    try:
        (folder / OWNER_FILE).write_text(json.dumps(asdict(this_process())), encoding="utf-8")
        folder.chmod(mode)
        yield folder
    finally:
        if os.getpid() == maker:  # A forked child that leaves through here must not take the folder away.
            remove(folder)


def read_owner(folder: Path) -> Owner | None:
    """Who made `folder`, or None where nothing credible says so: then it is not to be touched.

    Credible: a true folder with a true owner file, both made by the account that asks, or by anyone if root asks.
    """
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        file = os.open(OWNER_FILE, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=handle)
        try:
            status = os.fstat(file)
            makers = {os.fstat(handle).st_uid, status.st_uid}
            if not stat.S_ISREG(status.st_mode) or (os.geteuid() != 0 and makers != {os.geteuid()}):
                return None
            return parse_owner(os.read(file, _OWNER_FILE_LIMIT_BYTES))
        finally:
            os.close(file)
    except OSError:
        return None
    finally:
        os.close(handle)


def parse_owner(content: bytes) -> Owner | None:
    """The owner that was written as JSON, None where it is none."""
    try:
        fields = json.loads(content)
        return Owner(int(fields["pid"]), float(fields["started_s"]), str(fields["pid_namespace"]))
    except (ValueError, TypeError, KeyError):
        return None


def remove(folder: Path) -> None:
    """Removes a folder of ours. Missing is fine.

    Processes that are just ending may still write into it, so it is tried for a while. Raises OSError after that.
    """
    deadline = time.monotonic() + _REMOVAL_DEADLINE_S
    while True:
        try:
            _remove_once(folder)
            return
        except OSError as error:
            if isinstance(error, FileNotFoundError) and not folder.exists():
                return
            if time.monotonic() > deadline:
                raise
        time.sleep(0.05)


def _remove_once(folder: Path) -> None:
    """Goes through an open handle: a link put in the folder's place in the meantime cannot lead us elsewhere.

    The owner file goes last, so that a removal cut short is taken up by the next start.
    """
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        with os.scandir(handle) as entries:
            names = sorted((entry.name for entry in entries), key=lambda name: name == OWNER_FILE)
        for name in names:
            if stat.S_ISDIR(os.stat(name, dir_fd=handle, follow_symlinks=False).st_mode):
                shutil.rmtree(name, dir_fd=handle)
            else:
                os.unlink(name, dir_fd=handle)
    finally:
        os.close(handle)
    folder.rmdir()

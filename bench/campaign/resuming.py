"""Which run a command goes on with, and whether it may."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from bench.campaign.begin import stored_configuration
from bench.campaign.work import Work
from bench.compare.likeness import differing
from bench.compare.side import Difference
from bench.errors import UserError
from bench.results.folder import RUN, RunFolder
from bench.results.run_record import RunRecord

_MACHINE = ("processor", "cpus")
"""What makes a machine another one; its load and its kernel may change between two attempts."""


def newest(root: Path, work: Work) -> RunFolder | None:
    """The newest run below `root` that does this very work; None when there is none. One that is withheld is at its end."""
    if not root.is_dir():
        return None
    for path in sorted(root.iterdir(), key=lambda path: path.name, reverse=True):
        try:
            if not (path / RUN).is_file():
                continue
            folder = RunFolder.open(path)
            if folder.withheld() is None and not _work(folder.read_run(), work):
                return folder
        except (UserError, OSError):
            # A neighbour that is damaged or closed to us is nobody's run to go on with.
            continue
    return None


def check_work(folder: RunFolder, work: Work) -> None:
    """Refuse, in one line, to go on with a run that is withheld or does other work."""
    withheld = folder.withheld()
    if withheld is not None:
        raise UserError(f"{folder.path} is withheld ({withheld.reason}): run again")
    _refuse(folder, _work(folder.read_run(), work))


def check_circumstances(folder: RunFolder, record: RunRecord) -> None:
    """Refuse, in one line, to mix into a run what is measured on another machine or server, or by other code."""
    _refuse(folder, list(_circumstances(folder.read_run(), record)))


def _refuse(folder: RunFolder, differences: Sequence[str]) -> None:
    if differences:
        raise UserError(
            f"{folder.path} cannot be gone on with, since it was begun otherwise ({'; '.join(differences)}): "
            f"begin anew with storebench rerun {folder.path}"
        )


def _work(stored: RunRecord, work: Work) -> list[str]:
    differences = [
        *map(_told, differing("configuration", stored.configuration, stored_configuration(work))),
        *map(_told, differing("workload", stored.workloads, work.digests())),
    ]
    return differences or (["trials"] if stored.trials != list(work.trials) else [])


def _circumstances(stored: RunRecord, record: RunRecord) -> Iterator[str]:
    versions = ({"version": found.storebench_version} for found in (stored, record))
    yield from map(_told, differing("storebench", *versions))
    if stored.code != record.code:
        yield "code of storebench"
    for name in stored.designs:
        if name in record.designs and stored.designs[name] != record.designs[name]:
            yield f"design {name}"
    machines = ({key: found.machine.get(key) for key in _MACHINE} for found in (stored, record))
    yield from map(_told, differing("machine", *machines))
    yield from map(_told, differing("server", *(_lasting(found.server) for found in (stored, record))))


def _lasting(server: Mapping[str, object]) -> dict[str, object]:
    """What a server is, without remarks on how it was met."""
    return {name: value for name, value in server.items() if name != "remarks"}


def _told(difference: Difference) -> str:
    return f"{difference.what}: {difference.a:.60} then, {difference.b:.60} now"

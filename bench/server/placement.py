"""Decides as whom a server runs, from which programs and below which folder."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.errors import UserError
from bench.server.binaries import Binaries, copy_binaries, obstacle
from bench.server.folders import owned_folder, temporary_roots
from bench.server.process import Account, run, unprivileged_accounts

_PROBE_TIMEOUT_S = 30.0


@dataclass(frozen=True, slots=True)
class Placement:
    """`account` None means as ourselves. `root` is the temp folder below which the account can reach its data."""

    binaries: Binaries
    account: Account | None
    root: Path


@contextmanager
def placed(binaries: Binaries) -> Iterator[Placement]:
    """Where a server with these programs can run. A copy of the programs that this needs is removed at the end.

    PostgreSQL refuses to run as root, so root hands it to an unprivileged account. That account may be unable to enter
    the folder of the programs (a virtual environment below a closed home): then it gets a copy. The permissions of
    folders that are not ours are never changed.

    Raises UserError where the programs cannot be run.
    """
    if os.geteuid() != 0:
        reason = obstacle(binaries, None)
        if reason is not None:
            raise UserError(f"embedded server: its programs do not run here ({reason}); name others with --server embedded=BINDIR")
        yield Placement(binaries, None, temporary_roots()[0])
        return
    with ExitStack() as copies:
        yield _place_for_root(binaries, copies)


def _place_for_root(binaries: Binaries, copies: ExitStack) -> Placement:
    """Programs in place are preferred, for any account; a copy is the second choice."""
    reasons = ["there is neither an account 'postgres' nor 'nobody' that can enter a temp folder"]
    roots_of = {account: [root for root in temporary_roots() if _can_enter(account, root)] for account in unprivileged_accounts()}
    for account, roots in roots_of.items():
        reason = obstacle(binaries, account)
        if reason is None and roots:
            return Placement(binaries, account, roots[0])
        reasons.append(f"{account.name}: {reason or 'no temp folder that it can enter'}")
    copied: dict[Path, Binaries] = {}
    for account, roots in roots_of.items() if binaries.parts else ():
        for root in roots:
            if root not in copied:
                copied[root] = copy_binaries(binaries, copies.enter_context(owned_folder(root, 0o755)))
            reason = obstacle(copied[root], account)
            if reason is None:
                return Placement(copied[root], account, root)
            reasons.append(f"{account.name}, from a copy in {root}: {reason}")
    raise UserError(
        f"embedded server: no account can run it for root ({reasons[-1]}); run as an ordinary user, or set TMPDIR to a "
        "folder that all can enter and that allows programs"
    )


def _can_enter(account: Account, folder: Path) -> bool:
    """By trying: permission bits alone do not tell (access lists, a closed folder further up)."""
    try:
        return run(["/bin/sh", "-c", 'cd "$1"', "sh", str(folder)], account, _PROBE_TIMEOUT_S)[0] == 0
    except (OSError, subprocess.SubprocessError):
        return False

"""Where runs of load lie: a folder for each command, and in it one for each run."""

from __future__ import annotations

import itertools
from pathlib import Path

from bench.campaign.begin import now
from bench.errors import UserError
from bench.saving import name_of


def command_folder(out: Path, seed: int) -> Path:
    """A new folder for the runs of a command that begins now. One line when it cannot be made."""
    return _made(out, f"load-{now().translate(str.maketrans('', '', '-:Z')).replace('T', '-')}-seed{seed}")


def run_folder(parent: Path, variant: str) -> Path:
    """A new folder for a run, named after its variant."""
    return _made(parent, name_of(variant))


def _made(parent: Path, stem: str) -> Path:
    for number in itertools.count(1):
        path = parent / (stem if number == 1 else f"{stem}-{number}")
        try:
            path.mkdir(parents=True)
        except FileExistsError:
            if not parent.is_dir():
                raise UserError(f"{parent} is no folder: give another one with --out") from None
            continue
        except OSError as error:
            raise UserError(f"{path} cannot be made ({error.strerror}): choose another folder with --out") from error
        return path
    raise AssertionError("a count has no end")

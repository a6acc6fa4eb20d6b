"""Histories for outsiders: `python -m bench.history FILE...` prints the journals of one run as lines of EDN, by time."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from bench.errors import UserError
from bench.history.assemble import assemble, together
from bench.history.edn import edn
from bench.history.journal import read


def main(arguments: Sequence[str]) -> int:
    """Print the history; 2 when there is none."""
    if not arguments:
        sys.stderr.write("no journal is given: name those of one run, such as results/RUN/trials/TRIAL/history-per_side.jsonl\n")
        return 2
    try:
        history = together([assemble(read(Path(argument))) for argument in arguments])
    except UserError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    for line in edn(history):
        sys.stdout.write(f"{line}\n")
    if history.torn:
        sys.stderr.write(f"{len(history.torn)} bytes behind the last whole line were left out: their writer died\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

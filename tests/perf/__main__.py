"""Compare the session that was just saved with the last one that passed: `python -m tests.perf FOLDER [--accept]`.

The new session is `new.json` in the folder; one that passes, or is accepted, gets the name `last.json`. Exit 1 where a gate fails.
"""

from __future__ import annotations

import json
import sys
import tomllib
from pathlib import Path

from tests.perf.gates import Session, failures, limits_of, session_of, table

LIMITS = Path(__file__).with_name("gates.toml")
ACCEPT = "--accept"


def _session(path: Path) -> Session:
    return session_of(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else {}


def main(arguments: list[str]) -> int:
    """Print the comparison and what fails."""
    accepted = ACCEPT in arguments
    (folder,) = (Path(argument) for argument in arguments if argument != ACCEPT)
    new, last = folder / "new.json", folder / "last.json"
    now, before = _session(new), _session(last)
    if not now:
        sys.stderr.write(f"{new}: it is not there, or holds no figures: run make perf\n")
        return 2
    failed = failures(now, before, limits_of(tomllib.loads(LIMITS.read_text(encoding="utf-8"))))
    print(*table(now, before), sep="\n")  # noqa: T201  # what the command is for
    if failed and not accepted:
        print(*(f"gate failed: {line}" for line in failed), sep="\n", file=sys.stderr)  # noqa: T201
        sys.stderr.write("mend what became slow, or make perf ACCEPT=1 to take the figures as they are\n")
        return 1
    new.replace(last)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

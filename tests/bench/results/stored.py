"""A small run of today's schema, made of what an older version measured: real figures, without a server."""

from __future__ import annotations

import json
import shutil
from collections.abc import Collection
from pathlib import Path

from bench.results.folder import RunFolder
from bench.results.run_record import RunRecord

OLD = Path(__file__).parent / "schema_1"
DESIGNS = ("dual", "floor")
BY_DESIGN = ("anatomy", "crash", "paths")
TRIALS = (
    *(f"anatomy-{design}" for design in DESIGNS),
    *(f"crash-{design}" for design in DESIGNS),
    *("latency-000", "latency-001", "reads"),
    *(f"paths-{design}" for design in DESIGNS),
)


def stored_run(root: Path, trials: Collection[str] = TRIALS, name: str = "run") -> RunFolder:
    """The run with these of its trials; the others were planned and are missing."""
    old = RunFolder(OLD).read_run()
    configuration = old.configuration | {"bootstrap_draws": 100}
    record = RunRecord(**(old.model_dump() | {"trials": TRIALS, "configuration": configuration, "digest": ""}))
    folder = RunFolder.create(root, name, record, "seed = 7\n")
    for trial in TRIALS:
        if trial in trials:
            kind, _, design = trial.partition("-")
            with folder.trial(trial, kind, 0) as made:
                if kind in BY_DESIGN:
                    _split(OLD / "trials" / kind, made.path, design, trial)
                else:
                    shutil.copytree(OLD / "trials" / trial, made.path, dirs_exist_ok=True)
                    made.placement = "client on CPU 0, server on 1"
    return folder


def _split(source: Path, target: Path, design: str, trial: str) -> None:
    """The lines of one design."""
    for path in source.iterdir():
        lines = [json.loads(line) for line in path.read_text().splitlines()]
        kept = [line | ({"trial": trial} if "trial" in line else {}) for line in lines if line["design"] == design]
        (target / path.name).write_text("".join(f"{json.dumps(line)}\n" for line in kept))

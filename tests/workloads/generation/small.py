"""Every named workload at a small size, and its digest; as a program it prints them, or renews the file that pins them.

`python -m tests.workloads.generation.small --renew` belongs to every change of a law or of a named workload.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from workloads import catalogue
from workloads.generation.spec import WorkloadSpec
from workloads.workload import Workload, digest

PINNED = Path(__file__).parent / "digests.json"
MESSAGES = 12
PRELOAD_MAX = 120
"""A million messages beforehand are not worth their time here."""


def names() -> Iterator[str]:
    """All named workloads with all points that are generated."""
    for name in catalogue.names():
        for point in catalogue.points(name) or ("",):
            full = f"{name}:{point}" if point else name
            if isinstance(catalogue.load(full), WorkloadSpec):
                yield full


def small(name: str, **changes: object) -> Workload:
    """A named workload at a small size."""
    spec = catalogue.scaled(catalogue.load(name), messages=MESSAGES)
    assert isinstance(spec, WorkloadSpec)
    spec = spec.model_copy(update={"preload": min(spec.preload, PRELOAD_MAX), **changes})
    return catalogue.made(spec, 1, name=name)


def digests(some: list[str]) -> dict[str, str]:
    """Their digests, by name."""
    return {name: digest(small(name)) for name in some}


if __name__ == "__main__":
    asked = [argument for argument in sys.argv[1:] if not argument.startswith("--")] or list(names())
    text = json.dumps(digests(asked), indent=1) + "\n"
    if "--renew" in sys.argv:
        PINNED.write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)

"""Labels that say whose a container is, so that one that a killed run left behind can be told from one in use."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from bench.server.folders import Owner, may_be_alive, parse_owner, this_process

OWNER = "storebench.owner"
MACHINE = "storebench.machine"
RUN = "storebench.run"

_MACHINE_ID = Path("/etc/machine-id")


def labels(run: str) -> dict[str, str]:
    """The labels of a container that this process starts; `run` is a word that no other container has."""
    return {OWNER: json.dumps(asdict(this_process())), MACHINE: _machine(), RUN: run}


def is_abandoned(given: Mapping[str, str]) -> bool:
    """Whether the labels are ours and name a process of this machine that is gone."""
    owner = owner_of(given)
    return owner is not None and given.get(MACHINE) == _machine() and not may_be_alive(owner)


def owner_of(given: Mapping[str, str]) -> Owner | None:
    """The process that labels name, None where they name none."""
    return parse_owner(given.get(OWNER, "").encode())


def _machine() -> str:
    """Tells machines apart that use one engine. A digest, since names of machines are nobody's business."""
    try:
        machine_id = _MACHINE_ID.read_text(encoding="ascii", errors="replace")
    except OSError:
        machine_id = ""
    return hashlib.sha256(f"{machine_id} {platform.node()}".encode()).hexdigest()[:16]

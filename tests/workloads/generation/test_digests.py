"""A workload is the same on every machine: nothing of it depends on hash seed, time zone, locale or order of dictionaries."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.workloads.generation.living import lived
from tests.workloads.generation.small import MESSAGES, PINNED, digests, names, small
from workloads.workload import counts, digest

ROOT = Path(__file__).parents[3]
TRIED = ["chat", "dm-heavy", "churn", "cold-start-storm:a", "edit-delete-react:k2-x5", "history-read"]


def test_the_digest_of_every_named_workload_is_what_it_was() -> None:
    pinned = json.loads(PINNED.read_text(encoding="utf-8"))
    assert list(pinned) == list(names())
    assert digests(list(names())) == pinned


@pytest.mark.parametrize(
    ("hash_seed", "zone", "locale"), [("0", "UTC", "C"), ("1", "Asia/Kathmandu", "C.UTF-8"), ("random", "America/Lima", "de_DE")]
)
def test_a_digest_depends_on_no_hash_seed_time_zone_or_locale(hash_seed: str, zone: str, locale: str) -> None:
    environment = os.environ | {"PYTHONHASHSEED": hash_seed, "TZ": zone, "LC_ALL": locale, "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "tests.workloads.generation.small", *TRIED]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=True)
    pinned = json.loads(PINNED.read_text(encoding="utf-8"))
    assert json.loads(done.stdout) == {name: pinned[name] for name in TRIED}


@pytest.mark.parametrize("name", list(names()))
def test_every_named_workload_is_one_that_the_rules_allow(name: str) -> None:
    workload = small(name)
    lived(workload)
    restart = name == "cold-start-storm:c"
    assert sum(1 for _ in workload.operations()) >= MESSAGES
    assert counts(workload)["send"] >= MESSAGES
    assert (workload.parameters["restart_clients"] != 0) == restart


def test_ids_of_any_form_make_another_world_of_the_same_traffic() -> None:
    plain, odd = small("chat", preload=60), small("chat", preload=60, ids="any")
    lived(odd)
    assert counts(plain) == counts(odd)
    assert digest(plain) != digest(odd)

"""Counting across a forced checkpoint as a phase of a run: a trial a design, each on two stores."""

from __future__ import annotations

from bench.anatomy.measure import measure_across
from bench.anatomy.plan import AnatomyPlan
from bench.drive.flights import Atomicity
from bench.progress import Advance
from bench.proof.compare import Proof
from bench.results.files import write_lines
from bench.results.folder import CHECKPOINTS, TrialFolder
from bench.stores import Store, copy

CHECKPOINT_PHASE = "forced checkpoint"
KINDS: tuple[str, ...] = ("send", "reply", "edit", "delete")
"""The changes of messages: they insert, update and delete, and check foreign keys."""


def checkpoint_trial(design: str) -> str:
    """The name of the trial that counts a design's writes across a checkpoint."""
    return f"checkpoint-{design}"


def checkpoint_plan(ks: tuple[int, ...], scenes: int, *, peer_delivery: bool = True) -> AnatomyPlan:
    """The cells that are counted twice: two scenes at least, so that one lies before the checkpoint."""
    return AnatomyPlan(ks=ks, scenes=max(2, scenes), atomicities=(Atomicity.PER_SIDE,), kinds=KINDS, peer_delivery=peer_delivery)


def run_across(template: Store, plan: AnatomyPlan, folder: TrialFolder, advance: Advance) -> list[Proof]:
    """Measure and store the trial of one design; the proofs are for the caller to store and to judge."""
    name = template.design.name
    with copy(template, f"plain_{name}") as plain, copy(template, f"across_{name}") as across:
        cells, proofs = measure_across(plain, across, plan, advance)
    write_lines(folder.path / CHECKPOINTS, cells)
    return list(proofs)

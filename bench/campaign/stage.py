"""What the phases of one run share, and the one way in which a trial is measured and stored."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from bench.campaign.work import Work
from bench.errors import InvalidMeasurement
from bench.progress import Teller
from bench.proof.compare import Proof
from bench.results.files import read_lines
from bench.results.folder import PROOFS, RunFolder, TrialFolder
from bench.results.schema import ProofRecord
from bench.server.server import Server
from bench.stores import Store
from variants.contract import Indexes

SHOWN_DIFFERENCES = 100
"""Differences that are stored of one store; all are counted."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A run that goes on: where it is stored, on which server, which trials are to be measured, and by which attempt.

    `budgets` are the seconds that each phase should take at the most.
    """

    work: Work
    folder: RunFolder
    attempt: int
    server: Server
    templates: Mapping[str, Store]
    others: Mapping[tuple[str, Indexes], Store]
    teller: Teller
    todo: frozenset[str]
    budgets: Mapping[str, float]

    def wanted(self, trials: Iterable[str]) -> list[str]:
        """Those of these trials that are to be measured."""
        return [trial for trial in trials if trial in self.todo]

    @contextmanager
    def trial(self, name: str, phase: str) -> Iterator[TrialFolder]:
        """Measure and store one trial: what is written to the folder is kept when the block ends well, and only then."""
        with self.teller.trial(name), self.folder.trial(name, phase, self.attempt) as folder:
            yield folder

    def check_proofs(self, prefix: str) -> None:
        """Withhold the run when a stored proof of these trials failed."""
        proofs = [proof for trial in self.folder.trials(prefix) for proof in read_lines(trial / PROOFS, ProofRecord)]
        failed = [proof for proof in proofs if not proof.holds]
        if failed:
            names = ", ".join(dict.fromkeys(proof.design for proof in failed))
            lines = [f"{proof.design}: {line}" for proof in failed for line in proof.differences]
            raise InvalidMeasurement(f"{failed[0].trial}: {names} did not do the work of the reference model", lines)


def proof_records(trial: str, proofs: Iterable[Proof]) -> list[ProofRecord]:
    """Proofs as they are stored with the trial they are of."""
    return [
        ProofRecord(
            trial=trial,
            design=proof.design,
            holds=proof.holds,
            expected_digest=proof.expected_digest,
            observed_digest=proof.observed_digest,
            differences=list(proof.differences[:SHOWN_DIFFERENCES]),
            difference_count=len(proof.differences),
            gaps=proof.gaps,
            defects=proof.defects,
        )
        for proof in proofs
    ]

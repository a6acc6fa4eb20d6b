"""One operation under its faults: attempts on connections that are cut as planned, and what its caller is told of them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace

from bench.bus.consumer import consume
from bench.bus.path import BusPath, Delivery
from bench.drive.drivers import Completion, Links, Told, run
from bench.faults.cells import Cell
from bench.faults.schedule import Fault, Schedule
from bench.faults.sweeps.passages import Passage, Sent
from bench.faults.sweeps.staging import Staged
from bench.history.entry import Truth
from bench.retrying.policy import is_tried_again, told_of
from bench.server.failing import check
from bench.wire.cut import Cut, Side
from bench.wire.evidence import Evidence
from bench.wire.lane import Lane

_NEVER = Cut(sys.maxsize, Side.REQUEST_LOST)
"""A cut at a message that nobody sends. A lane learns nothing of it, so what a retry alone needs is as new to every other retry."""


@dataclass(frozen=True, slots=True)
class Zombie:
    """A connection that is held until the last attempt is over; `before` are the ends of transactions of earlier connections."""

    links: Links
    before: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Attempted:
    """One attempt: how its client's part ended, what became of its transactions, and the evidence of the fault that it met.

    `evidence` is None where nothing was to happen, `zombie` is there while its connection is held.
    """

    completion: Completion
    truth: Truth
    evidence: Evidence | None
    zombie: Zombie | None = None


@dataclass(frozen=True, slots=True)
class Played:
    """All attempts of an operation, and what its caller is told of them."""

    attempts: tuple[Attempted, ...]
    completion: Completion

    @property
    def told(self) -> Told:
        """What the caller heard."""
        return self.completion.told

    @property
    def naive(self) -> Told:
        """How it is labelled by its last error alone: ok without one, else fail."""
        return Told.OK if self.attempts[-1].completion.told is Told.OK else Told.FAIL

    @property
    def truth(self) -> Truth:
        """What the server did, by the ends of transactions that were seen on the wire."""
        ends = [attempt.truth for attempt in self.attempts]
        return next((end for end in (Truth.COMMITTED, Truth.UNKNOWN, Truth.PARTIAL) if end in ends), Truth.ABORTED)

    def happened(self, schedule: Schedule) -> bool:
        """Whether each fault of the schedule left evidence; without that, the exposure is void."""
        evidence = [attempt.evidence for attempt in self.attempts]
        return all(
            fault.attempt <= len(evidence) and (found := evidence[fault.attempt - 1]) is not None and found.happened
            for fault in schedule.faults
        )


class Player:
    """Plays schedules of one cell over one lane. `calm` are the links of attempts to which nothing happens.

    `commits` is how many transactions an undisturbed operation commits on the client's and the agents' connections.
    """

    def __init__(self, lane: Lane, cell: Cell, path: BusPath, calm: Links, commits: int) -> None:
        self._lane = lane
        self._cell = cell
        self._path = path
        self._calm = calm
        self._commits = commits

    def play(self, staged: Staged, schedule: Schedule) -> Played:
        """Expose the scene's operation. Raises `ServerFailed` when a connection is lost to which nothing was done.

        A zombie holds what it holds until the last attempt is over; then it is let go, and gone.
        """
        attempts: list[Attempted] = []
        completions: list[Completion] = []
        with ExitStack() as zombies:
            while True:
                cut = schedule.cut_of(len(attempts) + 1)
                attempts.append(self._attempt(staged, len(attempts), cut, zombies))
                completions.append(attempts[-1].completion)
                if not is_tried_again(completions, self._cell.levels.retry):
                    return Played(tuple(map(self._let_go, attempts)), told_of(completions))

    def _let_go(self, attempt: Attempted) -> Attempted:
        """The attempt of a zombie with all that its server said, which is known only once it is gone; another one as it is."""
        if attempt.zombie is None or attempt.evidence is None:
            return attempt
        self._lane.release(attempt.zombie.links)
        evidence = replace(attempt.evidence, tags=(*attempt.zombie.before, *self._lane.evidence(attempt.zombie.links).tags))
        truth = Truth.COMMITTED if attempt.truth is Truth.COMMITTED else truth_by_commits(evidence.commits, self._commits)
        return Attempted(attempt.completion, truth, evidence)

    def continued(self, staged: Staged, fault: Fault) -> tuple[Passage, ...]:
        """The flights of the attempt that follows a fault of the first one, undisturbed; none when there is no other attempt."""
        with ExitStack() as zombies:
            first = self._attempt(staged, 0, fault.cut, zombies).completion
            if not is_tried_again([first], self._cell.levels.retry):
                return ()
            with self._lane.open() as links:
                self._lane.arm(links, _NEVER)
                sent = Sent(links, lambda: self._lane.count(links))
                completion = sent.performed(self._path.client(staged.operation, staged.contexts[1]))
        check(f"an operation was tried again ({staged.operation.key})", completion)
        return sent.passages()

    def _attempt(self, staged: Staged, index: int, cut: Cut | None, zombies: ExitStack) -> Attempted:
        context = staged.contexts[index]
        if cut is None:
            completion = run(self._calm, self._path.client(staged.operation, context))
            check(f"an operation was tried again ({staged.operation.key})", completion)
            if completion.told is Told.OK:
                self._consume(self._path.deliveries(staged.operation, context), self._calm)
            return Attempted(completion, calm_truth(completion), None)
        with ExitStack() as here:
            links = (zombies if cut.side is Side.ZOMBIE else here).enter_context(self._lane.open())
            self._lane.arm(links, cut)
            completion = run(links, self._path.client(staged.operation, context))
            evidence, sent = self._lane.evidence(links), self._lane.count(links)
        if completion.lost and not evidence.happened:
            check(f"an operation was to be cut ({staged.operation.key})", completion)
        deliveries = self._path.deliveries(staged.operation, context) if completion.told is Told.OK else ()
        if not deliveries:
            zombie = Zombie(links, ()) if cut.side is Side.ZOMBIE else None
            return Attempted(completion, truth_by_commits(evidence.commits, self._commits), evidence, zombie)
        # The messages of the agents are counted on behind those of the client.
        with ExitStack() as here:
            links = (zombies if cut.side is Side.ZOMBIE else here).enter_context(self._lane.open())
            self._lane.arm(links, replace(cut, message=cut.message - sent))
            all_stored = self._consume(deliveries, links)
            behind = self._lane.evidence(links)
        commits = self._commits if all_stored else evidence.commits + behind.commits
        together = Evidence(behind.happened, evidence.forwarded + behind.forwarded, (*evidence.tags, *behind.tags))
        zombie = Zombie(links, evidence.tags) if cut.side is Side.ZOMBIE else None
        return Attempted(completion, truth_by_commits(commits, self._commits), together, zombie)

    def _consume(self, deliveries: Sequence[Delivery], links: Links) -> bool:
        """Let the agents' process work its queue off; whether every delivery was told to be stored in the end."""
        handled = consume(self._path, deliveries, links, lambda: self._calm).handled
        was_cut = links is self._calm
        for item in handled:
            if was_cut or not item.completion.lost:
                check("a message was delivered", item.completion)
            was_cut = was_cut or item.completion.lost
        stored = {item.delivery.place for item in handled if item.completion.told is Told.OK}
        return stored == {delivery.place for delivery in deliveries}


def truth_by_commits(commits: int, planned: int) -> Truth:
    """What the server did of an operation of so many planned transactions, by those that it committed."""
    if commits >= planned:
        return Truth.COMMITTED
    return Truth.PARTIAL if commits else Truth.ABORTED


def calm_truth(completion: Completion) -> Truth:
    """What an undisturbed attempt did: an error behind its first commit left a part."""
    match completion.told:
        case Told.OK:
            return Truth.COMMITTED
        case Told.FAIL:
            return Truth.ABORTED
    return Truth.PARTIAL

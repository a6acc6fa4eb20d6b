"""The whole contract suite for one design: every property, in order, each with its verdict."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from random import Random

import psycopg

from bench.drive.errors import ContractError
from bench.errors import UserError
from bench.proof.masks import shortfall_counts
from bench.server.databases import drop_database
from bench.server.endpoint import Endpoint
from bench.stores import Store, install
from bench.verify.example import shortened_fault
from bench.verify.holding import Holding
from bench.verify.properties import Fault, Property, Verdict
from bench.verify.randomness import random_fault
from bench.verify.rehearsal import Rehearsal, rehearse
from bench.verify.stage import WAYS, Stage, Way
from bench.verify.tampering import Tampering, Unseen
from bench.verify.world import all_reads, whole_story
from variants.contract import Defect, DefectKind, Design, Gap, GapKind, Indexes, NotOffered, Options

Make = Callable[[Options], Design]
Tell = Callable[[Verdict], None]

TOLD: tuple[Property, ...] = (
    Property.CONTRACT,
    Property.STATEMENTS,
    Property.DETERMINISM,
    Property.STORY,
    Property.ANSWERS,
    Property.VIEWS,
    Property.FACTS,
)
"""What telling a story can show to be broken."""

OPTION_SETS: tuple[Options, ...] = (
    Options(cross_side_foreign_keys=False),
    *(Options(indexes=level) for level in Indexes),
)
"""What a design may be asked for besides the default."""


def story(*, peer_delivery: bool = True) -> Rehearsal:
    """The scripted story with all its reads, as the model lives it."""
    writes = [step.write for step in whole_story()]
    return rehearse(writes, all_reads(writes[-1].at_ms), peer_delivery=peer_delivery)


class Suite:
    """The checks of one design on one server, in databases whose names begin with `database`.

    `tell` hears each verdict as soon as it is known. `promises` are those that are checked of what is no scripted story.
    """

    def __init__(
        self,
        make: Make,
        endpoint: Endpoint,
        database: str,
        stories: int,
        seed: int,
        tell: Tell,
        promises: Collection[Property] = tuple(Property),
    ) -> None:
        self._make = make
        self._endpoint = endpoint
        self._database = database
        self._stories = stories
        self._seed = seed
        self._tell = tell
        self._promises = frozenset(promises)
        self._verdicts: list[Verdict] = []
        self._holding = Holding(story())

    def run(self) -> Sequence[Verdict]:
        """Check everything. Raises `UserError` when the design cannot be built or installed at all."""
        with ExitStack() as stack:
            store = stack.enter_context(self._installed(Options(), ""))
            try:
                stage = stack.enter_context(Stage.opened(store))
            except ContractError as error:
                self._give_up(Fault(Property.SHORTFALLS, "gaps and defects of the closed lists", str(error)))
                return self._verdicts
            self._scripted(stage)
            self._conclude(Property.SHORTFALLS, shortfall_fault(stage.store.design, self._holding))
            self._unless_broken(Property.OPTIONS, self._option_fault)
            self._unless_broken(Property.RANDOM_STORIES, lambda: random_fault(stage, self._stories, self._seed))
            self._tampered(stage)
        return self._verdicts

    @contextmanager
    def _installed(self, options: Options, ending: str) -> Iterator[Store]:
        database = self._database + ending
        design = self._make(options)
        try:
            yield install(design, self._endpoint, database)
        finally:
            drop_database(self._endpoint, database)

    def _conclude(self, promise: Property, fault: Fault | None, not_checked: str | None = None) -> None:
        verdict = Verdict(promise, fault, not_checked)
        self._verdicts.append(verdict)
        self._tell(verdict)

    def _unless_broken(self, promise: Property, check: Callable[[], Fault | None]) -> None:
        """Check what makes no sense for a design that cannot even tell the scripted story."""
        if promise not in self._promises:
            return
        broken = [verdict.promise for verdict in self._verdicts if verdict.promise in TOLD and not verdict.holds]
        if broken:
            self._conclude(promise, None, f"{broken[0]} is broken")
        else:
            self._conclude(promise, check())

    def _give_up(self, fault: Fault) -> None:
        self._conclude(fault.promise, fault)
        done = {verdict.promise for verdict in self._verdicts}
        for promise in (*TOLD, Property.OPTIONS, Property.RANDOM_STORIES, Property.ALTERED_CELLS, Property.DELETED_ROWS):
            if promise not in done:
                self._conclude(promise, None, f"{fault.promise} is broken")

    def _option_fault(self) -> Fault | None:
        for number, options in enumerate(OPTION_SETS):
            try:
                with self._installed(options, f"_options_{number}") as store, Stage.opened(store) as stage:
                    faults = stage.tell(self._holding, WAYS[-1])
            except NotOffered:
                continue
            except (UserError, ContractError) as error:
                return Fault(Property.OPTIONS, f"a design built with {options}, or NotOffered", str(error))
            if faults:
                return replace(faults[0], promise=Property.OPTIONS, expected=f"with {options}, {faults[0].expected}")
        with self._installed(Options(), "_alone") as store, Stage.opened(store) as stage:
            for fault in stage.tell(Holding(story(peer_delivery=False)), WAYS[-1]):
                return replace(fault, promise=Property.OPTIONS, expected=f"without delivery to peers, {fault.expected}")
        return None

    def _scripted(self, stage: Stage) -> None:
        faults: dict[Property, tuple[Fault, Way]] = {}
        for way in WAYS:
            for fault in stage.tell(self._holding, way):
                faults.setdefault(fault.promise, (fault, way))
            if not faults.keys().isdisjoint(TOLD[:4]) or any(fault.endless for fault, _ in faults.values()):
                break
        stopped = next((promise for promise in TOLD[:4] if promise in faults), None)
        for promise in TOLD:
            if promise in faults:
                self._conclude(promise, shortened_fault(stage, *faults[promise]))
            else:
                self._conclude(promise, None, None if stopped is None else f"{stopped} is broken")

    def _tampered(self, stage: Stage) -> None:
        def first(found: Iterator[Unseen], promise: Property) -> Fault | None:
            unseen = list(found)
            if not unseen:
                return None
            lines = "\n".join(f"{item.where} {item.problem}" for item in unseen)
            return Fault(promise, "a red proof, a refusal by the database, or a reason that holds", lines)

        with psycopg.connect(stage.store.conninfo, autocommit=True) as connection:
            hand = Tampering(stage, self._holding, connection, Random(self._seed))

            def altered() -> Fault | None:
                stage.renew()
                stage.tell(self._holding, WAYS[-1])
                return first(hand.altered_cells(), Property.ALTERED_CELLS)

            self._unless_broken(Property.ALTERED_CELLS, altered)
            self._unless_broken(Property.DELETED_ROWS, lambda: first(hand.deleted_rows(), Property.DELETED_ROWS))


def shortfall_fault(design: Design, holding: Holding) -> Fault | None:
    """The first declared gap or defect without a reason, given twice, or never seen in the story."""
    declared: Iterable[Gap | Defect] = (*design.gaps(), *design.defects())
    kinds: set[GapKind | DefectKind] = set()
    for item in declared:
        if not item.reason or not item.citation:
            return Fault(Property.SHORTFALLS, "a reason and a citation", f"{item.kind} is declared without")
        if item.kind in kinds:
            return Fault(Property.SHORTFALLS, "each kind once", f"{item.kind} is declared twice")
        kinds.add(item.kind)
    counts = shortfall_counts(holding.story.model, frozenset(kinds))
    for kind in sorted(kinds):
        answers_differ = holding.answers(frozenset(kinds)) != holding.answers(frozenset(kinds - {kind}))
        if not counts[kind] and not answers_differ:
            return Fault(Property.SHORTFALLS, f"a fact or an answer that {kind} changes", "nothing in the scripted story does")
    return None

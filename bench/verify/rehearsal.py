"""A story as the reference model lives it, worked out once for all designs and all ways of running it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from workloads.model import Model, Refused
from workloads.operations import Context, Read, Write


@dataclass(frozen=True, slots=True)
class Act:
    """A write with what the design is told; `refusal` says why the domain does not allow it, None when it does."""

    write: Write
    context: Context
    refusal: str | None


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A story: its acts, what is read after the last one, and the model as it is then."""

    acts: tuple[Act, ...]
    reads: tuple[Read, ...]
    model: Model

    @property
    def writes(self) -> tuple[Write, ...]:
        """The operations alone."""
        return tuple(act.write for act in self.acts)


def rehearse(writes: Iterable[Write], reads: Iterable[Read], *, peer_delivery: bool = True) -> Rehearsal:
    """Live the story in the model, in which an agent's reply reaches the other agents or not."""
    model, acts = Model(peer_delivery=peer_delivery), []
    for write in writes:
        context = model.context(write)
        try:
            model.apply(write, context)
            refusal = None
        except Refused as refused:
            refusal = refused.reason
        acts.append(Act(write, context, refusal))
    return Rehearsal(tuple(acts), tuple(reads), model)


def shortened(story: Rehearsal, kept: Sequence[Write]) -> Rehearsal | None:
    """The story with these writes alone, or None when the domain would then judge one of them otherwise."""
    verdicts = {id(act.write): act.refusal for act in story.acts}
    found = rehearse(kept, story.reads)
    same = all(act.refusal == verdicts[id(act.write)] for act in found.acts)
    return found if same else None

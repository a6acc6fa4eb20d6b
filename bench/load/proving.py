"""The same-work proof of a store that was under load: it must hold what was acknowledged, and nothing else.

Of an operation that ended unknown a part may be there. Lines about it are taken out, and only those; the raw rows count it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from bench.errors import InvalidMeasurement
from bench.load.stream import Step, acknowledged
from bench.proof.compare import Proof, prove
from bench.proof.observe import observe
from bench.stores import Store
from workloads.model import Refused
from workloads.operations import Join, Leave


def proved(
    name: str,
    store: Store,
    setup: Sequence[Step],
    steps: Sequence[Step],
    done: Collection[int],
    unknown: Collection[int],
    peer_delivery: bool,
) -> Proof:
    """The proof against the model of the set-up and the steps that are `done`, with the excuse of those that are `unknown`."""
    try:
        model = acknowledged(setup, steps, done, peer_delivery=peer_delivery)
    except Refused as refused:
        raise InvalidMeasurement(
            f"{name} acknowledged under load what cannot be without an operation that failed: {refused}"
        ) from None
    proof = prove(name, store.design, model, observe(store))
    signs = [_signs(step) for step in steps if step.number in unknown]
    return replace(proof, differences=tuple(excused(proof.differences, signs)))


def excused(differences: Iterable[str], signs: Sequence[tuple[str, ...]]) -> list[str]:
    """The lines that are not about an operation whose end is unknown: one all of whose signs stand in the line."""
    return [line for line in differences if not any(all(repr(sign) in line for sign in one) for one in signs if one)]


def _signs(step: Step) -> tuple[str, ...]:
    """What a line about this operation has in it: its message, else everything that it touches."""
    if step.context is not None and step.context.message_id is not None:
        return (step.context.message_id,)
    if isinstance(step.operation, (Join, Leave)):
        return (step.operation.channel_id, step.operation.member.id)
    return tuple(name for _, name in step.things[-1:])

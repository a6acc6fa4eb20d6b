"""What happened in a replayed schedule, in lines for people. Pure."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from bench.crash.exposure import Exposure, Rehearsal
from bench.crash.judge import Judgement
from bench.crash.points import Retry, Schedule, retries_of
from bench.drive.flights import Atomicity

_SHOWN_CHARACTERS = 100
_RETRIES = {Retry.SAME: "retried with the same message id", Retry.FRESH: "retried with a fresh message id"}


def account(schedule: Schedule, rehearsal: Rehearsal, exposures: Sequence[Exposure]) -> tuple[str, ...]:
    """The commands until death and those that were not sent, what was left by side, and each retry with its end."""
    return tuple(_lines(schedule, rehearsal, exposures))


def _lines(schedule: Schedule, rehearsal: Rehearsal, exposures: Sequence[Exposure]) -> Iterator[str]:
    first = exposures[0]
    yield str(schedule)
    for command in first.sent:
        yield f"  sent, answered   {_short(command)}"
    yield f"  killed           {schedule.point}: by signal 9, and its backend ended"
    for command in rehearsal.sent[len(first.sent) :]:
        yield f"  never sent       {_short(command)}"
    settled = ", once a relay had applied what waited" if schedule.atomicity is Atomicity.OUTBOX else ""
    yield from _judgement(f"left{settled}", first.left)
    for exposure in exposures:
        retry = _RETRIES[exposure.retry] if len(retries_of(schedule.kind)) > 1 else "retried"
        reason = f" ({exposure.retried.reason})" if exposure.retried.reason else ""
        yield f"{retry}: told {exposure.retried.told}{reason}"
        yield from _judgement("then", exposure.ended)


def _short(command: str) -> str:
    return textwrap.shorten(command, _SHOWN_CHARACTERS, placeholder=" …")


def _judgement(when: str, judgement: Judgement) -> Iterator[str]:
    yield f"{when}: {judgement.outcome}"
    for actor, presence in judgement.presence.items():
        yield f"  {actor}: {presence}"

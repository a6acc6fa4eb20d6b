"""Who should be told what: agents' subscriptions, as far as a history with unknown ends tells them. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from bench.checker.columns import NEVER
from bench.checker.rows import Operated, Subscribed

_SURE, _POSSIBLE = 1, 0


def subscriptions(history: Iterable[Operated]) -> list[Subscribed]:
    """When each agent surely was in each channel, and when it may have been.

    An agent surely is there from a join that ended ok until any leave that did not fail. It may be there from any join that did not
    fail until a leave that ended ok. Without unknown ends the two are one, and are the subscriptions of the reference model.
    """
    moves: dict[tuple[str, str], list[Operated]] = defaultdict(list)
    for operated in history:
        is_move = operated.f in {"join_agent", "leave_agent"} and operated.told != "fail"
        if is_move and operated.member is not None and operated.channel is not None:
            moves[operated.member, operated.channel].append(operated)
    return [
        interval
        for (agent, channel), operations in moves.items()
        for interval in _intervals(agent, channel, sorted(operations, key=lambda operated: operated.at_ms))
    ]


def _intervals(agent: str, channel: str, moves: list[Operated]) -> Iterator[Subscribed]:
    surely, possibly = list(_sure(moves)), list(_possible(moves))
    yield from (Subscribed(agent, channel, begin, end, _SURE) for begin, end in surely)
    yield from (Subscribed(agent, channel, begin, end, _POSSIBLE) for begin, end in possibly if (begin, end) not in surely)


def _sure(moves: list[Operated]) -> Iterator[tuple[int, int]]:
    begin: int | None = None
    for move in moves:
        if move.f == "leave_agent":
            if begin is not None:
                yield begin, move.at_ms
            begin = None
        elif begin is None and move.told == "ok":
            begin = move.at_ms
    if begin is not None:
        yield begin, NEVER


def _possible(moves: list[Operated]) -> Iterator[tuple[int, int]]:
    begin: int | None = None
    for move in moves:
        if move.f == "join_agent":
            begin = move.at_ms if begin is None else begin
        elif begin is not None and move.told == "ok":
            yield begin, move.at_ms
            begin = None
    if begin is not None:
        yield begin, NEVER

"""The process of authors fitted to a trace: synthetic traffic is drawn, measured and corrected, a few times over. Pure.

D. McFadden, A method of simulated moments, Econometrica 57 (1989) 995. What is met: how often the same author writes on, how often
A returns after B, new users, new pairs of user and channel, and the busiest users' share. What a trace cannot tell apart keeps its
default.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bench.traffic import popularity, turns
from bench.traffic.people import part
from bench.traffic.rooms import Floats, rooms_of
from workloads.generation.people import trace_of
from workloads.generation.spec import WorkloadSpec
from workloads.trace import Trace

ROUNDS = 12
MESSAGES_MAX = 150_000
MESSAGES_MIN = 1_000
SEED = 20_000
"""Seeds of the draws; none that a user is likely to ask for."""
_STEP = (0.5, 2.0)
_NEAR = 0.15
"""First-seen rates are met as nearly as this, which leaves the busiest users' share its say."""
_KEYS = ("author_dialogue", "author_crowd", "author_newcomer_share", "author_visitor_share", "author_leaving")
_GOOD = 0.3
"""A draw whose worst error is this part of the limit of its check is good enough."""


@dataclass(frozen=True, slots=True, eq=False)
class Moments:
    """What is met."""

    same_author: float
    returns: float
    new_user: float
    new_pair: float
    top_hundredth: float
    users: Floats

    @property
    def known(self) -> float:
        """Of new pairs those of a user who wrote elsewhere before."""
        return max(0.01, 1 - self.new_user / self.new_pair)


def moments(trace: Trace) -> Moments | None:
    """Of the rows of people; None where they are too few for one of them."""
    rooms = rooms_of(trace)
    same, back = turns.same_author(rooms), turns.returns(rooms)[0]
    if min(len(same), len(back)) < MESSAGES_MIN:
        return None
    new = turns.first_seen(rooms)
    per_user = np.bincount(rooms.user)
    return Moments(
        same_author=float(same.mean()),
        returns=float(back.mean()),
        new_user=new["user"],
        new_pair=new["pair"],
        top_hundredth=popularity.top_share(per_user, 0.01),
        users=popularity.cumulative_shares(per_user),
    )


def authors(own: Trace, spec: WorkloadSpec) -> dict[str, object] | None:
    """The keys of the author process; `spec` says what else is fitted. None where the trace is too short."""
    some = part(own, np.arange(len(own)) < MESSAGES_MAX)
    wanted = moments(some)
    if wanted is None:
        return None
    channels = len(np.unique(some.ch))
    span_s = max(1.0, float(some.t_s[-1] - some.t_s[0]))
    tried, best, least = spec, spec, np.inf
    for number in range(ROUNDS):
        drawn = moments(trace_of(tried, SEED + number, channels=channels, users=len(some), messages=len(some), span_s=span_s))
        if drawn is None:
            break
        error = _error(wanted, drawn)
        if error < least:
            best, least = tried, error
        if error < _GOOD:
            break
        tried = _corrected(tried, wanted, drawn)
    return {key: getattr(best, key) for key in _KEYS}


def _error(wanted: Moments, drawn: Moments) -> float:
    """The worst error, in units of the limits of the checks."""
    return max(
        abs(drawn.same_author - wanted.same_author) / 0.03,
        abs(drawn.returns - wanted.returns) / 0.06,
        abs(drawn.new_user / wanted.new_user - 1) / 0.25,
        abs(drawn.new_pair / wanted.new_pair - 1) / 0.25,
        abs(drawn.top_hundredth - wanted.top_hundredth) / 0.05,
        popularity.largest_difference(wanted.users, drawn.users) / 0.10,
    )


def _corrected(spec: WorkloadSpec, wanted: Moments, drawn: Moments) -> WorkloadSpec:
    latest = _factor(_odds(wanted.same_author), _odds(drawn.same_author))
    second = _factor(_odds(wanted.returns), _odds(drawn.returns))
    return spec.model_copy(
        update={
            "author_dialogue": _turned(spec.author_dialogue, latest, second),
            "author_crowd": _turned(spec.author_crowd, latest, second),
            "author_newcomer_share": _scaled(spec.author_newcomer_share, _factor(wanted.new_pair, drawn.new_pair, _NEAR)),
            "author_visitor_share": _scaled(spec.author_visitor_share, _factor(wanted.known, drawn.known, _NEAR)),
            "author_leaving": _scaled(spec.author_leaving, _factor(wanted.top_hundredth, drawn.top_hundredth)),
        }
    )


Turns = tuple[float, float, float, float, float, float]


def _turned(given: Turns, latest: float, second: float) -> Turns:
    weights = np.array([given[0] * latest, given[1] * second, given[2], given[3], given[5]])
    weights /= weights.sum()
    first, next_one, third, earlier, other = (round(float(each), 5) for each in weights)
    return first, next_one, third, earlier, given[4], other


def _scaled(share: float, factor: float) -> float:
    return round(min(1.0, max(0.001, share * factor)), 4)


def _odds(share: float) -> float:
    inside = min(max(share, 1e-4), 1 - 1e-4)
    return inside / (1 - inside)


def _factor(wanted: float, drawn: float, near: float = 0.0) -> float:
    """What to multiply by; nothing is done to what is as `near` already."""
    low, high = _STEP
    factor = wanted / max(drawn, 1e-9)
    return 1.0 if abs(factor - 1) <= near else min(high, max(low, factor))

"""The laws that chat follows, as small functions of a random generator.

Fitted to two public archives: freeCodeCamp's Gitter rooms of 2016 (132,568 messages) and the annotated Ubuntu IRC logs
(196,146 messages); lengths of agents' texts to the tokens of the conversation trace in Azure's public dataset of 2023
(19,366 requests, about 4.2 bytes a token). Laws that no open trace tells are marked as assumed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

TEXT_BYTES_MAX = 4000
AGENT_BYTES_MIN = 20
BYTES_PER_TOKEN = 4.2
REPLY_DISTANCE_MAX = 2000

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class LogNormal:
    """A positive quantity whose natural logarithm is normal: `median` in the unit of the quantity, `sigma` of the logarithm."""

    median: float
    sigma: float

    def draw(self, count: int, rng: np.random.Generator) -> Floats:
        """So many values, independent of each other."""
        values: Floats = self.median * np.exp(self.sigma * rng.standard_normal(count))
        return values


USER_TEXTS = ((0.073, 1.27, 0.54), (0.918, 3.92, 0.94), (0.009, 6.81, 0.74))
"""People's texts: short acknowledgements, ordinary messages, pastes; share, mean and deviation of the logarithm of bytes."""
AGENT_TEXTS = ((1.0, float(5.02 + np.log(BYTES_PER_TOKEN)), 0.86),)
"""Agents' texts, as above."""
AGENT_LATENCY_S = LogNormal(float(np.exp(1.31)), 0.67)
"""From a message to an agent's reply, one call of a model: median 3.7 s (assumed from published speeds of models)."""
AGENT_LATENCY_WITH_GATE_S = LogNormal(float(np.exp(1.61)), 0.54)
"""As before, with a call before it that decides whether to answer: median 5 s (assumed from the same)."""
THINK_S = LogNormal(18.0, 1.1)
"""From an agent's reply to what the user of a direct channel says next (assumed)."""
EDIT_DELAY_S = LogNormal(30.0, 1.2)
"""From a message to its edit (assumed)."""
DELETE_DELAY_S = LogNormal(60.0, 1.5)
"""From a message to its deletion (assumed)."""
SESSION_MESSAGES = 6.0
"""Messages of a person in a conversation of a direct channel, one and a geometric number; sessions of Gitter have 5.9."""
MENTION_SHARE = 0.03
"""Messages of people that name an agent, which then always answers (assumed)."""
REPLY_EXPONENT, REPLY_OFFSET = 3.16, 5.92
"""How far back the answered message lies, fitted to the annotated messages of Ubuntu IRC."""
POPULARITY_EXPONENT = 3.6
POPULARITY_OFFSET_SHARE = 0.045
"""Popularity of channels, fitted to Gitter 2016: the offset grows with the number of channels."""


def zipf_mandelbrot(count: int, exponent: float, offset: float) -> Floats:
    """Shares of `count` ranks, the first the largest; they add up to 1."""
    weights = (np.arange(1, count + 1) + offset) ** -exponent
    shares: Floats = weights / weights.sum()
    return shares


def channel_shares(channels: int, exponent: float = POPULARITY_EXPONENT, offset_share: float = POPULARITY_OFFSET_SHARE) -> Floats:
    """Shares of channels as chat has them, by rank; `offset_share` is the law's offset as a share of the channels."""
    return zipf_mandelbrot(channels, exponent, offset_share * channels)


def with_hot_channel(shares: Floats, hot_share: float) -> Floats:
    """The shares of the first channel set to `hot_share`; the others share out the rest as before."""
    others = shares[1:]
    if not len(others):
        return np.ones(1)
    changed: Floats = np.concatenate([[hot_share], others * ((1 - hot_share) / others.sum())])
    return changed


def cumulative(weights: Floats) -> Floats:
    """Running sums of weights, from which `ranks` draws."""
    edges: Floats = np.cumsum(weights)
    return edges


def ranks(edges: Floats, count: int, rng: np.random.Generator) -> Ints:
    """So many indices, each with the probability that its weight has among all."""
    # A product with the last edge may round up to it.
    found: Ints = np.minimum(np.searchsorted(edges, rng.random(count) * edges[-1], side="right"), len(edges) - 1)
    return found


def channels_of_messages(count: int, channels: int, rng: np.random.Generator) -> Ints:
    """The channel of each message by rank, as chat has them."""
    return ranks(cumulative(channel_shares(channels)), count, rng)


def mixed_bytes(
    count: int, parts: Sequence[tuple[float, float, float]], rng: np.random.Generator, *, least: int = 1, most: int = TEXT_BYTES_MAX
) -> Ints:
    """Lengths of a mixture of log-normal parts: the share of each, and the mean and the deviation of the logarithm of bytes."""
    shares, means, deviations = np.array(parts).T
    part = ranks(cumulative(shares), count, rng)
    lengths = np.exp(means[part] + deviations[part] * rng.standard_normal(count))
    cut: Ints = np.clip(np.rint(lengths), least, most).astype(np.int64)
    return cut


def user_bytes(count: int, rng: np.random.Generator) -> Ints:
    """Lengths of people's texts in bytes: short acknowledgements, ordinary messages, pastes."""
    return mixed_bytes(count, USER_TEXTS, rng)


def agent_bytes(count: int, rng: np.random.Generator) -> Ints:
    """Lengths of agents' texts in bytes."""
    return mixed_bytes(count, AGENT_TEXTS, rng, least=AGENT_BYTES_MIN)


def reply_distance_edges(exponent: float = REPLY_EXPONENT, offset: float = REPLY_OFFSET) -> Floats:
    """Cumulative weights of how many messages back the answered message lies: 1, 2, ... 2000."""
    return cumulative(zipf_mandelbrot(REPLY_DISTANCE_MAX, exponent, offset))

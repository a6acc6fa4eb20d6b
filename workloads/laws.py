"""The laws that chat follows, as small functions of a random generator.

Fitted to two public archives: freeCodeCamp's Gitter rooms of 2016 (132,568 messages) and the annotated Ubuntu IRC logs
(196,146 messages); lengths of agents' texts to the tokens of the conversation trace in Azure's public dataset of 2023
(19,366 requests, about 4.2 bytes a token).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

TEXT_BYTES_MAX = 4000
REPLY_DISTANCE_MAX = 2000

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def zipf_mandelbrot(count: int, exponent: float, offset: float) -> Floats:
    """Shares of `count` ranks, the first the largest; they add up to 1."""
    weights = (np.arange(1, count + 1) + offset) ** -exponent
    shares: Floats = weights / weights.sum()
    return shares


def poisson_arrivals_ms(count: int, rate_per_s: float, rng: np.random.Generator) -> Ints:
    """Milliseconds from the start at which `count` messages arrive, independent of each other."""
    return np.rint(np.cumsum(rng.exponential(1000 / rate_per_s, count))).astype(np.int64)


def channels_of_messages(count: int, channels: int, rng: np.random.Generator) -> Ints:
    """The channel of each message by rank: Zipf-Mandelbrot with exponent 3.6 and an offset of 4.5 % of the channels."""
    edges = np.cumsum(zipf_mandelbrot(channels, 3.6, 0.045 * channels))
    # The last edge may round to just below 1.
    ranks: Ints = np.minimum(np.searchsorted(edges, rng.random(count), side="right"), channels - 1)
    return ranks


def user_bytes(count: int, rng: np.random.Generator) -> Ints:
    """Lengths of people's texts in bytes: short acknowledgements, ordinary messages, pastes."""
    part = rng.choice(3, count, p=[0.073, 0.918, 0.009])
    logs = rng.normal(np.array([1.27, 3.92, 6.81])[part], np.array([0.54, 0.94, 0.74])[part])
    return np.clip(np.rint(np.exp(logs)), 1, TEXT_BYTES_MAX).astype(np.int64)


def agent_bytes(count: int, rng: np.random.Generator) -> Ints:
    """Lengths of agents' texts in bytes."""
    lengths: Ints = np.clip(4.2 * np.exp(rng.normal(5.02, 0.86, count)), 20, TEXT_BYTES_MAX).astype(np.int64)
    return lengths


def agent_latency_ms(count: int, rng: np.random.Generator) -> Ints:
    """How long an agent takes from a message to its reply: whether to answer and the answer, median 5 s."""
    latencies: Ints = np.rint(1000 * np.exp(rng.normal(1.61, 0.54, count))).astype(np.int64)
    return latencies


def author_edges(users: int) -> Floats:
    """Cumulative weights of a channel's members by order of joining, the first the most talkative."""
    return np.cumsum(zipf_mandelbrot(users, 2.2, 8.0))


def newcomer_edges(users: int) -> Floats:
    """Cumulative weights of all users as newcomers to a channel: the exponent is that of messages per user."""
    return np.cumsum(zipf_mandelbrot(users, 1.03, 0.0))


def reply_distance_edges() -> Floats:
    """Cumulative weights of how many messages back the answered message lies: 1, 2, ... 2000."""
    return np.cumsum((np.arange(1, REPLY_DISTANCE_MAX + 1) + 4.24) ** -2.75)


def draw(edges: Floats, among: int, rng: np.random.Generator) -> int:
    """An index below `among` (at least 1), by the first weights of a cumulative list."""
    among = min(among, len(edges))
    return min(int(edges[:among].searchsorted(rng.random() * edges[among - 1], side="right")), among - 1)

"""The laws that a workload's parameters ask for. Pure."""

from __future__ import annotations

import numpy as np

from workloads import laws
from workloads.errors import InputError
from workloads.generation.arrivals import ArrivalLaw, Kernel
from workloads.generation.authors import AuthorLaw, Turns
from workloads.generation.spec import WorkloadSpec
from workloads.laws import Floats


def arrival_law(spec: WorkloadSpec) -> ArrivalLaw:
    """When people write."""
    kernels = tuple(Kernel(branching, decay_s) for branching, decay_s in spec.kernels)
    return ArrivalLaw(kernels, spec.hour_shares or None, spec.weekend_factor)


def channel_shares(spec: WorkloadSpec) -> Floats:
    """How the messages are shared out to the group channels, the busiest first."""
    shares = laws.channel_shares(spec.channels, spec.channel_exponent, spec.channel_offset_share)
    if spec.hot_share == 0 or spec.channels == 1:
        return shares
    # The hot channel stands beside the law, which the others follow from its first rank on.
    others = laws.channel_shares(spec.channels - 1, spec.channel_exponent, spec.channel_offset_share)
    return laws.with_hot_channel(np.concatenate([[0.0], others]), spec.hot_share)


def author_law(spec: WorkloadSpec) -> AuthorLaw:
    """Who writes."""
    return AuthorLaw(
        dialogue=Turns(*spec.author_dialogue),
        crowd=Turns(*spec.author_crowd),
        dialogue_share=spec.author_dialogue_share,
        stretch_messages=spec.author_stretch_messages,
        newcomer_share=spec.author_newcomer_share,
        visitor_share=spec.author_visitor_share,
        leaving=spec.author_leaving,
        settling=spec.author_settling,
    )


def check(spec: WorkloadSpec) -> None:
    """Raise `InputError` where a law cannot be as the parameters want it."""
    arrival_law(spec)
    author_law(spec)
    if not np.isfinite(channel_shares(spec)).all():
        raise InputError("channel_exponent is too large for so many channels: give a smaller one")


def reply_distance_edges(spec: WorkloadSpec) -> Floats:
    """How far back the answered message lies."""
    return laws.reply_distance_edges(spec.reply_distance_exponent, spec.reply_distance_offset)

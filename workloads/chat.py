"""`chat`: the workload of the default run, a small chat of two servers in which people talk and agents answer."""

from __future__ import annotations

from workloads.generator import generate
from workloads.parameters import GeneratorParameters
from workloads.workload import Scale, Workload


def chat(scale: Scale, seed: int) -> Workload:
    """People and agents in 24 channels of two servers."""
    parameters = GeneratorParameters(
        servers=2,
        channels=24,
        users=200,
        agents=max(4, scale.agents_per_channel),
        agents_per_channel=scale.agents_per_channel,
        messages=scale.messages,
    )
    return generate(parameters, seed)

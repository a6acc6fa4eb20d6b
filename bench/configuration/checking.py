"""Whether everything that a configuration names is there: asked before anything is started or written."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from bench import registry, workload_registry
from bench.configuration.model import Configuration, TraceConfiguration
from bench.configuration.refusing import placed
from bench.errors import UserError
from bench.latency.variants import entries
from bench.suggesting import unknown

_NOWHERE: Mapping[str, str] = MappingProxyType({})


def check(configuration: Configuration | TraceConfiguration, origins: Mapping[str, str] = _NOWHERE) -> None:
    """Raise `UserError` in one line for an unknown design or workload, or a variant of a design that takes no part.

    No plug-in is imported. `origins` says where each value came from, so that the line can.
    """
    designs = registry.known()
    for design in configuration.designs:
        if design not in designs:
            raise _refused("designs", unknown("design", design, designs), origins)
    try:
        entries(configuration.designs, joined=True, again=True, variants=configuration.variants)
    except UserError as error:
        raise _refused("variants", str(error), origins) from error
    if isinstance(configuration, Configuration):
        try:
            workload_registry.check(configuration.workload, configuration.workload_toml)
        except UserError as error:
            raise _refused("workload", str(error), origins) from error


def _refused(key: str, told: str, origins: Mapping[str, str]) -> UserError:
    return UserError(placed(origins[key], key, f"{key}: {told}") if key in origins else told)

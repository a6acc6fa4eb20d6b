"""Whether everything that a configuration names is there: asked before anything is started or written."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType

from bench import registry, workload_registry
from bench.configuration.model import Configuration, TraceConfiguration
from bench.configuration.refusing import placed
from bench.errors import UserError
from bench.ladder import registry as ladders
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
        if configuration.variants and not configuration.factor_sessions:
            told = "they are performed in the sessions of factors, of which there are none: set factor_sessions, or leave them out"
            raise _refused("variants", told, origins)
        try:
            workload_registry.check(configuration.workload, configuration.workload_toml)
        except UserError as error:
            raise _refused("workload", str(error), origins) from error
        _check_growth(configuration, designs, origins)
        if configuration.ladder:
            try:
                ladders.check(configuration.ladder)
            except UserError as error:
                raise _refused("ladder", str(error), origins) from error


def _check_growth(configuration: Configuration, designs: Collection[str], origins: Mapping[str, str]) -> None:
    """Designs are left out by names that exist, in this run or not; the streams may go through any registered one."""
    for design in configuration.growth_rows_left_out:
        if design not in designs:
            raise _refused("growth_rows_left_out", unknown("design", design, designs), origins)
    streamed = configuration.growth_messages_design
    if configuration.growth_messages and streamed not in designs:
        raise _refused("growth_messages_design", unknown("design", streamed, designs), origins)


def _refused(key: str, told: str, origins: Mapping[str, str]) -> UserError:
    return UserError(placed(origins[key], key, f"{key}: {told}") if key in origins else told)

"""Measures a generated workload against a real trace, seed by seed, and draws what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.charts.chart import Chart, as_csv
from bench.charts.traffic import acceptance_chart, likeness_chart, table_of
from bench.errors import UserError
from bench.progress import Advance
from bench.saving import name_of, plain_name
from bench.traffic.acceptance import Check, Yardstick, measure
from bench.traffic.carrying import COARSE_S
from bench.traffic.curves import Curves, curves
from bench.traffic.people import people
from bench.traffic.timing import resolution_s
from workloads import catalogue
from workloads.generation.people import trace_of
from workloads.generation.spec import WorkloadSpec
from workloads.trace import Trace

FIT_SEEDS = 5
"""Seeds in the picture of a fit."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """What a synthetic trace takes from the real one: how much there is of it, and for how long.

    How many people write is not taken over: that is for the workload to say, and checked.
    """

    channels: int
    messages: int
    span_s: float


@dataclass(frozen=True, slots=True, eq=False)
class Seed:
    """One synthetic trace: its measures by the key of their limit, and its curves."""

    seed: int
    measured: Mapping[str, float | None]
    curves: Curves


def generated(name: str) -> WorkloadSpec:
    """The workload of a name or path; a replay is refused. Raises workloads' `InputError`, and `UserError`."""
    spec = catalogue.load(name)
    if not isinstance(spec, WorkloadSpec):
        raise UserError(f"workload {name}: it replays a trace and generates nothing: give a generated workload")
    return spec


def sizes_of(own: Trace) -> Sizes:
    """The sizes of people's rows."""
    # All messages at one time would ask for an endless rate.
    span_s = max(1.0, float(own.t_s[-1] - own.t_s[0]))
    return Sizes(len(np.unique(own.ch)), len(own), span_s)


def measured(spec: WorkloadSpec, stick: Yardstick, sizes: Sizes, seeds: int, advance: Advance) -> list[Seed]:
    """The seeds 1, 2, ... of a workload in the sizes of the real trace."""
    found = []
    for seed in range(1, seeds + 1):
        drawn = synthetic(spec, seed, sizes)
        found.append(Seed(seed, measure(stick, drawn), curves(people(drawn), stick.resolution_s)))
        advance(seed, seeds)
    return found


def synthetic(spec: WorkloadSpec, seed: int, sizes: Sizes) -> Trace:
    """People's messages of a workload in the sizes of a real trace, group channels alone."""
    # As many users as messages: nobody is kept from being new.
    return trace_of(spec, seed, channels=sizes.channels, users=sizes.messages, messages=sizes.messages, span_s=sizes.span_s)


def picture_of_fit(title: str, own: Trace, spec: WorkloadSpec) -> Chart:
    """A few seeds of a fitted workload over the real trace; `own` are its people, at least one."""
    resolution = resolution_s(own.t_s)
    sizes = sizes_of(own)
    annotated = own.annotated is not None and bool(own.annotated.any())
    seeds = [curves(people(synthetic(spec, seed, sizes)), resolution) for seed in range(1, FIT_SEEDS + 1)]
    real = curves(own, resolution, annotated_only=annotated)
    below = f"people's messages; {FIT_SEEDS} seeds of what was fitted"
    return likeness_chart(title, below, real, real if annotated else None, seeds, fine=resolution < COARSE_S)


def files_of(
    names: Sequence[str],
    title: str,
    stick: Yardstick,
    own: Trace,
    linked: Trace | None,
    lines: Sequence[Check],
    found: Sequence[Seed],
) -> dict[str, bytes]:
    """Both pictures as SVG and PNG, and the table as CSV, by the names of their files; `own` are the real trace's people.

    `names` are those of the workload and of the trace.
    """
    answers = None
    if stick.annotated is not None:
        answers = curves(own if linked is None else people(linked), stick.resolution_s, annotated_only=True)
    below = "people's messages" if linked is None else f"people's messages; replies as in {linked.name}"
    real = curves(own, stick.resolution_s)
    pictures = {
        "checks": acceptance_chart(title, lines),
        "likeness": likeness_chart(
            title, below, real, answers, [each.curves for each in found], fine=stick.resolution_s < COARSE_S
        ),
    }
    stem = name_of("validate", *(plain_name(Path(each)) for each in names))
    files = {f"{stem}.csv": as_csv(table_of(lines))}
    for kind, picture in pictures.items():
        files |= {f"{stem}-{kind}.svg": picture.svg, f"{stem}-{kind}.png": picture.png}
    return files

"""What Locust's own command line and page ask of a run: options of ours beside its users and spawn rate."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Any

from bench import workload_registry
from bench.errors import UserError
from bench.swarm.options import Options, checked, seconds
from bench.swarm.phases import Shape
from workloads import catalogue

_DEFAULT = Options()


def add(parser: Any, **_: object) -> None:
    """Tell Locust which options a run has; all of them stand on its page, too, but for the folder of results."""
    parser.add_argument("--design", default=_DEFAULT.variant, help="A design, or a variant such as dual[joined]")
    parser.add_argument("--workload", default=_DEFAULT.workload, help="A named workload or a file of TOML")
    parser.add_argument("--rate", type=float, default=_DEFAULT.rate_per_s, help="Operations due a second, the mean of the run")
    parser.add_argument("--length", default=f"{_DEFAULT.run_s:g}s", help="How long operations are due, such as 20s or 5m")
    parser.add_argument("--form", choices=[str(shape) for shape in Shape], default=str(_DEFAULT.shape), help="The run in time")
    parser.add_argument("--seed", type=int, default=_DEFAULT.seed, help="Seeds the workload and the due times")
    parser.add_argument("--messages", type=int, default=0, help="The workload's size; 0: as many as operations are due")
    parser.add_argument("--agents", type=int, default=-1, help="Agents of a channel; -1: as the workload says")
    parser.add_argument("--objective", type=float, default=_DEFAULT.objective_ms, help="Milliseconds that the p99 is held against")
    parser.add_argument("--steady", action="store_true", help="With autovacuum and checkpoints as PostgreSQL does them by default")
    parser.add_argument("--results", default="results", help="Where the folders of runs lie", include_in_web_ui=False)


def options(parsed: argparse.Namespace) -> Options:
    """The options as they stand on the command line or on the page."""
    return Options(
        variant=str(parsed.design),
        workload=str(parsed.workload),
        messages=int(parsed.messages) or None,
        agents=None if int(parsed.agents) < 0 else int(parsed.agents),
        seed=int(parsed.seed),
        shape=Shape(parsed.form),
        users=int(parsed.num_users or _DEFAULT.users),
        spawn_rate=float(parsed.spawn_rate or _DEFAULT.spawn_rate),
        rate_per_s=float(parsed.rate),
        run_s=seconds(str(parsed.length)),
        objective_ms=float(parsed.objective),
        steady=bool(parsed.steady),
    )


def checked_options(parsed: argparse.Namespace) -> Options:
    """The same with the text of a workload's file, which other machines lack. Raises `UserError`, one line, for what cannot be."""
    try:
        found = checked(options(parsed))
        if catalogue.is_path(found.workload):
            return replace(found, workload_text=workload_registry.specification(found.workload).text)
        return found
    except (TypeError, ValueError) as error:
        raise UserError(f"an option of the run is not what it must be: {error}") from error


def spawn_rate(parsed: argparse.Namespace) -> float:
    """How many users come in a second, before anybody has looked whether that can be."""
    asked = parsed.spawn_rate
    return float(asked) if asked and asked > 0 else _DEFAULT.spawn_rate


def folder(parsed: argparse.Namespace) -> Path:
    """Where the folder of the run is made."""
    return Path(str(parsed.results))

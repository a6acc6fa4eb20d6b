"""What a run is asked to be. Pure."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from bench.errors import UserError
from bench.swarm.phases import Shape

USERS_MAX, RATE_MAX, RUN_MAX_S, SPAWN_RATE_MAX = 500, 100_000.0, 7 * 24 * 3_600.0, 1_000.0
WARM_SHARE, WARM_MAX_S = 0.1, 2.0
"""The first part of a run is not analysed: a tenth of it, two seconds at the most, as in the open-loop instrument."""

_LENGTH = re.compile(r"(?:(\d{1,4})h)?(?:(\d{1,5})m)?(?:(\d{1,7}(?:\.\d{1,3})?)s?)?")


@dataclass(frozen=True, slots=True)
class Options:
    """A run of one variant: so many users, who come at `spawn_rate` a second, perform a stream of which `rate_per_s` operations are
    due in a second on average, for `run_s` seconds.

    `workload_text` is what a file of TOML said when it was read; `messages` is the size of the workload, as many as operations are
    due when it is not said. `steady` leaves the server what it does beside its work by default.
    """

    variant: str = "dual"
    workload: str = "chat"
    workload_text: str | None = None
    messages: int | None = None
    agents: int | None = None
    seed: int = 1
    shape: Shape = Shape.WORKLOAD
    users: int = 8
    spawn_rate: float = 8.0
    rate_per_s: float = 50.0
    run_s: float = 20.0
    objective_ms: float = 50.0
    exchange: str = "plain"
    peer_delivery: bool = True
    steady: bool = False

    @property
    def operations(self) -> int:
        """How many operations are due."""
        return max(1, round(self.rate_per_s * self.run_s))

    @property
    def warm_s(self) -> float:
        """The part of the run that is not analysed."""
        return min(WARM_MAX_S, WARM_SHARE * self.run_s)


def checked(options: Options) -> Options:
    """The same options. Raises `UserError`, one line, for what cannot be."""
    for name, value, most in (
        ("--users", float(options.users), float(USERS_MAX)),
        ("--rate", options.rate_per_s, RATE_MAX),
        ("--run-time", options.run_s, RUN_MAX_S),
        ("--spawn-rate", options.spawn_rate, SPAWN_RATE_MAX),
    ):
        if not math.isfinite(value) or not 0 < value <= most:
            raise UserError(f"{name} {value:g}: give a number above 0 and at most {most:,.0f}")
    return options


def shape_of(text: str) -> Shape:
    """A shape by its name. Raises `UserError` for any other text."""
    if text not in set(Shape):
        raise UserError(f"--shape {text!r:.60}: it is one of {', '.join(Shape)}")
    return Shape(text)


def seconds(text: str) -> float:
    """A length of time: `20`, `20s`, `5m`, `1h30m`. Raises `UserError` for any other text."""
    found = _LENGTH.fullmatch(text.strip())
    if found is None or not any(found.groups()):
        raise UserError(f"--run-time {text!r:.60}: write seconds, or a length such as 20s, 5m or 1h30m")
    hours, minutes, rest = (float(part or 0) for part in found.groups())
    return hours * 3_600 + minutes * 60 + rest

"""Which gates a session of the suite fails, and how its figures stand beside the last saved ones. Pure.

A gate stands on the ratio of an operation to the floor's, measured in the same session in interleaved rounds. It fails where the
whole interval lies above the limit, or where it lies above the whole interval of the last saved session and the ratio grew by more
than a factor, besides what the floor against itself shows for that kind in both sessions. Times alone are shown and never judged:
machines differ, and the same machine from hour to hour.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

FLOOR = "floor"


@dataclass(frozen=True, slots=True)
class Ratio:
    """The time of an operation to that of the floor's, with its bounds at 95 % confidence."""

    estimate: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.estimate:.2f} [{self.low:.2f}, {self.high:.2f}]"


@dataclass(frozen=True, slots=True)
class Figure:
    """What a session found of one benchmark; `to_floor` only of operations of designs."""

    median_s: float
    rounds: int
    to_floor: Ratio | None


Session = Mapping[str, Figure]
"""Figures by the name of their benchmark."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The largest ratios to the floor, by design and kind, and the largest growth of one."""

    default: float
    by_name: Mapping[str, float]
    factor_max: float

    def of(self, name: str) -> float:
        return self.by_name.get(name, self.default)


def session_of(saved: Mapping[str, Any]) -> Session:
    """The figures in what pytest-benchmark wrote; operations are called by design and kind."""
    return dict(_figures(saved["benchmarks"]))


def _figures(benchmarks: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, Figure]]:
    for found in benchmarks:
        extra = found["extra_info"]
        ratio = Ratio(**extra["to_floor"]) if "to_floor" in extra else None
        name = f"{extra['design']} {extra['kind']}" if ratio else found["name"]
        yield name, Figure(found["stats"]["median"], found["stats"]["rounds"], ratio)


def limits_of(values: Mapping[str, Any]) -> Limits:
    """The limits as gates.toml has them."""
    by_name = dict(values["limits"])
    return Limits(by_name.pop("default"), by_name, values["growth"]["factor_max"])


def failures(now: Session, before: Session, limits: Limits) -> list[str]:
    """A line for each gate that fails, with what was found and what may be."""
    lines = []
    for name, figure in now.items():
        ratio = figure.to_floor
        if ratio is None:
            continue
        if ratio.low > limits.of(name):
            lines.append(f"{name}: {ratio} times the floor's, at most {limits.of(name):g} may be")
        earlier = before[name].to_floor if name in before else None
        control = f"{FLOOR} {name.partition(' ')[2]}"
        if earlier is None or name == control:
            continue
        factor = limits.factor_max * _noise(now, control) * _noise(before, control)
        if ratio.low > earlier.high and ratio.estimate > factor * earlier.estimate:
            lines.append(f"{name}: {ratio} times the floor's, {earlier} before: more than {factor:.2f} times as much")
    return lines


def _noise(session: Session, control: str) -> float:
    """The factor by which the floor differs from itself at the most; 1 where that was not measured."""
    ratio = session[control].to_floor if control in session else None
    return 1.0 if ratio is None else max(ratio.high, 1 / ratio.low)


def table(now: Session, before: Session) -> list[str]:
    """A line for each benchmark: its median, the ratio to the floor, and both as the last saved session had them."""
    width = max(map(len, now), default=0)
    lines = [f"{'':{width}}  {'median':>10}  {'before':>10}  {'to the floor':<24}  before"]
    for name, figure in now.items():
        earlier = before.get(name)
        columns = (
            f"{name:{width}}",
            f"{1e3 * figure.median_s:7.3f} ms",
            f"{1e3 * earlier.median_s:7.3f} ms" if earlier else f"{'-':>10}",
            f"{figure.to_floor or ''!s:<24}",
            str(earlier.to_floor or "") if earlier else "-",
        )
        lines.append("  ".join(columns).rstrip())
    gone = sorted(set(before) - set(now))
    return [*lines, *(f"{name}: no longer measured" for name in gone)]

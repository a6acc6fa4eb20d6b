"""How much others took of this machine meanwhile: time that the hypervisor gave to somebody else, and the load."""

from __future__ import annotations

import os
from dataclasses import dataclass

import psutil


@dataclass(frozen=True, slots=True)
class CpuTimes:
    """Seconds of all CPUs since the machine started; `stolen_s` is None where the system does not tell."""

    all_s: float
    stolen_s: float | None


def cpu_times() -> CpuTimes:
    """The times as the system tells them now."""
    told = psutil.cpu_times()._asdict()
    # A guest's time is part of its host's user time.
    all_s = sum(seconds for name, seconds in told.items() if not name.startswith("guest"))
    return CpuTimes(all_s, told.get("steal"))


def worked_s() -> float:
    """Seconds that the CPUs worked, all together, since the machine started: neither idle nor taken by somebody else."""
    resting = ("idle", "iowait", "steal", "guest", "guest_nice")
    return float(sum(seconds for name, seconds in psutil.cpu_times()._asdict().items() if name not in resting))


def stolen_share(before: CpuTimes, after: CpuTimes) -> float | None:
    """Of the time of all CPUs between the two, the share that was stolen; None where nobody tells, or no time passed."""
    if before.stolen_s is None or after.stolen_s is None or after.all_s <= before.all_s:
        return None
    return (after.stolen_s - before.stolen_s) / (after.all_s - before.all_s)


def load_average_1min() -> float:
    """Processes that ran or wanted to, over the last minute."""
    return os.getloadavg()[0]

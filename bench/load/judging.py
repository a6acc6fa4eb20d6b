"""What a point's raw rows say: whether the objective was kept, and whether the generator measured itself. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from bench.load.recorder import DONE, Outcome, begun, column

LATE_SHARE_MAX = 0.01
"""A share of responses beyond the objective: p99 is within it exactly when no more than one in a hundred is later."""

ACHIEVED_MIN = 0.98
LAG_SHARE_MAX = 0.10
"""Of the response p99 the lag p99, and of the mean service the mean lag. The second, since responses hold queues that lag itself
makes: an answer that is read late holds back every operation behind it on its channel. Service holds no queue."""

BUSY_MAX = 0.80
"""A server that is busy for four fifths of the time makes who comes at random wait twice as long as it serves (M/D/1 queue)."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The analysed rows of one point or of several that are pooled; times in nanoseconds, of operations that were begun.

    `cut_due_ns` are the due times of those that time did not suffice for, warm-up or not. Where there is one, the others are those
    that went well enough to be begun, so a quantile of them is none of the point.
    """

    n: int
    response_ns: NDArray[np.int64]
    service_ns: NDArray[np.int64]
    lag_ns: NDArray[np.int64]
    channel_ns: NDArray[np.int64]
    lane_ns: NDArray[np.int64]
    due_ns: NDArray[np.int64]
    end_ns: NDArray[np.int64]
    done: NDArray[np.bool_]
    outcomes: dict[str, int]
    sqlstates: dict[str, int]
    retried: int
    cut_due_ns: NDArray[np.int64]

    @property
    def cut(self) -> int:
        """How many operations time did not suffice for."""
        return len(self.cut_due_ns)


def rows(table: pa.Table) -> Rows:
    """The warm rows of a table of `bench.load.recorder`."""
    cut_due = column(table, "due_ns")[np.asarray(table["outcome"].to_pylist(), dtype=object) == Outcome.CUT.value]
    table = table.filter(table["warm"])
    outcomes, issued = np.asarray(table["outcome"].to_pylist(), dtype=object), begun(table)
    due, ready, lane, start, end = (column(table, name)[issued] for name in ("due_ns", "ready_ns", "lane_ns", "start_ns", "end_ns"))
    sqlstates = [state for state in table["sqlstate"].to_pylist() if state is not None]
    return Rows(
        n=len(outcomes),
        response_ns=end - due,
        service_ns=end - start,
        lag_ns=start - lane,
        channel_ns=ready - due,
        lane_ns=lane - ready,
        due_ns=due,
        end_ns=end,
        done=np.isin(outcomes[issued], [outcome.value for outcome in DONE]),
        outcomes={str(name): int((outcomes == name).sum()) for name in sorted(set(outcomes))},
        sqlstates={state: sqlstates.count(state) for state in sorted(set(sqlstates))},
        retried=int((np.asarray(table["attempts"].to_numpy()) > 1).sum()),
        cut_due_ns=cut_due,
    )


def late_share(found: Rows, objective_ns: int) -> float:
    """The share of all that was due, later than the objective or never done: an operation that failed kept no objective."""
    if found.n == 0:
        return 1.0
    return (found.n - int((found.done & (found.response_ns <= objective_ns)).sum())) / found.n


def achieved_share(found: Rows, window_end_ns: int, objective_ns: int) -> float:
    """The share of what was due that was done by the end of the window, or within the objective behind it."""
    if found.n == 0:
        return 0.0
    return float((found.done & (found.end_ns <= window_end_ns + objective_ns)).sum()) / found.n


def kept(late: float, achieved: float) -> bool:
    """Whether a rate was kept: 99 of 100 responses within the objective, 98 of 100 operations done in time."""
    return late <= LATE_SHARE_MAX and achieved >= ACHIEVED_MIN


def nearest_rank(values: NDArray[np.int64], q: float) -> int:
    """A quantile as one of the values, however few they are: for judging a point, not for telling it; 0 without values."""
    return int(np.quantile(values, q, method="inverted_cdf")) if len(values) else 0


def mean(values: NDArray[np.int64]) -> float:
    """The mean; 0 without values."""
    return float(values.mean()) if len(values) else 0.0


def channel_share(found: Rows) -> float:
    """Which share of all responses was waiting for earlier operations on the same channel, server or member."""
    return mean(found.channel_ns) / (mean(found.response_ns) or 1.0)


def invalid(found: Rows, busy_share: float) -> str | None:
    """Why a point says more of the generator than of the server; None when it does not."""
    lag, response = nearest_rank(found.lag_ns, 0.99), nearest_rank(found.response_ns, 0.99)
    if lag > LAG_SHARE_MAX * response:
        return f"the generator was late: lag p99 is {lag / 1e6:.3g} ms of a response p99 of {response / 1e6:.3g} ms"
    lag_mean, service_mean = mean(found.lag_ns), mean(found.service_ns)
    if lag_mean > LAG_SHARE_MAX * service_mean:
        return f"the generator was late: mean lag is {lag_mean / 1e6:.3g} ms beside a mean service of {service_mean / 1e6:.3g} ms"
    if busy_share > BUSY_MAX:
        return f"the generator had too little time left: it was busy for {busy_share:.0%} of the point"
    return None

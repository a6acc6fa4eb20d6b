"""What the writer and the digest need of a trace: its columns."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

MICROSECONDS = 1_000_000
"""In a second. Times are written to the microsecond."""


class TraceColumns(Protocol):
    """The rows of a trace, as `workloads.trace.Trace` has them."""

    @property
    def t_s(self) -> NDArray[np.float64]:
        """Seconds since the origin, never decreasing."""

    @property
    def ch(self) -> NDArray[np.int64]:
        """The channel of each row."""

    @property
    def u(self) -> NDArray[np.int64]:
        """The author of each row."""

    @property
    def text_bytes(self) -> NDArray[np.int64]:
        """The length of each text in UTF-8."""

    @property
    def reply_to(self) -> NDArray[np.int64]:
        """The row that is answered, -1 for none."""

    @property
    def bot(self) -> NDArray[np.bool_]:
        """Whether the author is an automated account."""

    @property
    def annotated(self) -> NDArray[np.bool_] | None:
        """Whether it is known what each row answers; None where nobody says."""


def microseconds(t_s: NDArray[np.float64]) -> NDArray[np.int64]:
    """Times as they are written: to the nearest microsecond."""
    return np.rint(t_s * MICROSECONDS).astype(np.int64)

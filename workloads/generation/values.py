"""The kinds of values that keys of a workload take. Pure."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field

MESSAGES_MAX = 100_000_000
PLACES_MAX = 1_000_000
"""Channels, and users: each takes memory."""
SERVERS_MAX = 10_000
AGENTS_MAX = 10_000
ROWS_OF_A_PAGE_MAX = 1_000
TEXT_BYTES_MAX = 1_000_000
PARTS_MAX = 8


def tuples(given: object) -> object:
    """TOML and JSON have lists where the model has tuples, of lists too."""
    return tuple(map(tuples, given)) if isinstance(given, list) else given


Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
PerMessage = Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False)]
Positive = Annotated[float, Field(gt=0, le=1e9, allow_inf_nan=False)]
Factor = Annotated[float, Field(ge=1e-6, le=1e9, allow_inf_nan=False)]
Rate = Annotated[float, Field(ge=1e-6, le=1e6, allow_inf_nan=False)]
Sigma = Annotated[float, Field(ge=0, le=5, allow_inf_nan=False)]
Exponent = Annotated[float, Field(ge=0, le=20, allow_inf_nan=False)]
Number = Annotated[float, Field(ge=0, le=1e6, allow_inf_nan=False)]
Messages = Annotated[int, Field(ge=0, le=MESSAGES_MAX)]
Places = Annotated[int, Field(ge=0, le=PLACES_MAX)]
PageRows = Annotated[int, Field(ge=1, le=ROWS_OF_A_PAGE_MAX)]
Words = Annotated[str, Field(min_length=1, max_length=400)]

Branching = Annotated[float, Field(gt=0, lt=1, allow_inf_nan=False)]
Kernels = Annotated[tuple[tuple[Branching, Positive], ...], BeforeValidator(tuples), Field(max_length=4)]
"""Pairs of a branching ratio and a decay in seconds."""

HourShares = Annotated[tuple[Number, ...], BeforeValidator(tuples), Field(max_length=24)]
"""24 weights, or none."""

Stretch = Annotated[float, Field(ge=1, le=1e6, allow_inf_nan=False)]
Turns = Annotated[tuple[Share, Share, Share, Share, Exponent, Share], BeforeValidator(tuples)]
"""How the next author is found, as in `workloads.generation.authors.Turns`."""

LogNormal = tuple[Share, Annotated[float, Field(ge=-5, le=15, allow_inf_nan=False)], Sigma]
LogNormals = Annotated[tuple[LogNormal, ...], BeforeValidator(tuples), Field(min_length=1, max_length=PARTS_MAX)]
"""Parts of a mixture, each a share, and the mean and the standard deviation of the logarithm."""

Pages = Annotated[tuple[tuple[PerMessage, PageRows], ...], BeforeValidator(tuples), Field(max_length=PARTS_MAX)]
"""Pairs of reads per message and rows of a page."""

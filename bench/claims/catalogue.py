"""The claims as they stand in `claims.toml`."""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Claim(BaseModel):
    """One bullet of the design note: where it stands, and how it is judged or why it is not.

    `quote` is part of the note's line, `design` whom the measure is about.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    section: str
    line: int = Field(ge=1)
    quote: str = Field(min_length=4)
    measure: str | None = None
    design: str | None = None
    not_measurable: str | None = Field(None, pattern=r"^because .+\.$")
    later: str | None = Field(None, min_length=10)

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        ways = [way for way in (self.measure, self.not_measurable, self.later) if way is not None]
        if len(ways) != 1:
            raise ValueError(f"claim {self.id!r} needs exactly one of measure, not_measurable, later")
        if (self.measure is None) != (self.design is None):
            raise ValueError(f"claim {self.id!r}: a measure needs a design, and nothing else does")
        return self

    @property
    def subject(self) -> str:
        """The design that the measure is about; only for a claim that is measured."""
        if self.design is None:
            raise ValueError(f"claim {self.id!r} names no design")
        return self.design


def claims() -> list[Claim]:
    """Every claim, in the order of the file, which is the note's. Raises ValueError when the file is damaged."""
    text = resources.files("bench.claims").joinpath("claims.toml").read_text(encoding="utf-8")
    found = [Claim.model_validate(row) for row in tomllib.loads(text)["claim"]]
    ids = [claim.id for claim in found]
    repeated = sorted({name for name in ids if ids.count(name) > 1})
    if repeated:
        raise ValueError(f"claims.toml uses an id twice: {', '.join(repeated)}")
    return found

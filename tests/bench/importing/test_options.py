"""Options of an import as the user writes them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bench.errors import UserError
from bench.importing.options import columns_of, delimiter_of, form_of, resolution_us_of, share_of
from workloads.importing.times import TimeForm


@pytest.mark.parametrize(
    ("text", "resolution_us"),
    [("1us", 1), ("500ms", 500_000), ("60", 60_000_000), ("60s", 60_000_000), ("5min", 300_000_000), ("168h", 604_800_000_000)],
)
def test_a_resolution_is_a_number_with_a_unit(text: str, resolution_us: int) -> None:
    assert resolution_us_of(text) == resolution_us


@pytest.mark.parametrize("text", ["", "0", "-1s", "1.5s", "169h", "s", "60 s", "9" * 12, "\u0663s"])
def test_another_resolution_is_refused(text: str) -> None:
    with pytest.raises(UserError, match="--resolution"):
        resolution_us_of(text)


def test_delimiters_forms_and_shares_are_taken_as_they_are_meant() -> None:
    assert [delimiter_of(text) for text in (",", ";", "tab", "\\t", "\t", "|")] == [",", ";", "\t", "\t", "\t", "|"]
    assert form_of("iso") is TimeForm.ISO
    assert share_of(0.25) == 0.25
    assert columns_of(None) is columns_of([]) is None


@pytest.mark.parametrize(
    ("read", "text"),
    [(delimiter_of, text) for text in ("", ",,", '"', "\n", "\0", " ")]
    + [(form_of, "ISO 8601"), (share_of, -0.1), (share_of, 1.1), (share_of, float("nan"))],
)
def test_what_they_cannot_be_is_refused_in_one_line(read: Callable[[object], object], text: object) -> None:
    with pytest.raises(UserError) as told:
        read(text)
    assert str(told.value).startswith("--")

"""Which column holds what, as the user says it."""

from __future__ import annotations

import pytest

from workloads.errors import InputError
from workloads.importing.mapping import parsed


def test_columns_are_named_by_their_meanings_and_may_hold_any_sign() -> None:
    assert parsed(["t=time=stamp", "channel=a.b", "user=\u00fc", "bytes= "]) == {
        "t": "time=stamp",
        "channel": "a.b",
        "user": "\u00fc",
        "bytes": " ",
    }


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["t"], "write MEANING=COLUMN"),
        (["t="], "write MEANING=COLUMN"),
        (["when=t"], "meanings are t, channel, user"),
        (["t=a", "t=b"], "t is given twice"),
        (["t=a", "channel=b", "text=c"], "--column user=COLUMN is missing"),
        (["t=a", "channel=b", "user=c"], "text=COLUMN or bytes=COLUMN"),
        (["t=a", "channel=b", "user=c", "text=d", "bytes=e"], "text=COLUMN or bytes=COLUMN"),
        (["t=a", "channel=b", "user=c", "text=d", "reply_to=e"], "needs id=COLUMN"),
        (["t=a", "channel=b", "user=c", "text=d", "id=f", "reply_to=e", "reply_row=g"], "not both"),
    ],
)
def test_a_map_that_says_too_little_or_too_much_is_refused(options: list[str], told: str) -> None:
    with pytest.raises(InputError) as refusal:
        parsed(options)
    assert told in str(refusal.value)
    assert "\n" not in str(refusal.value)

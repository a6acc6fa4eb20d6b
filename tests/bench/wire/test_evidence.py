"""How transactions ended is read out of the server's answers alone."""

from __future__ import annotations

import pytest

from bench.wire.cut import CUTS, Cut, Side
from bench.wire.evidence import Evidence, Tags


def noted(*answers: str) -> tuple[str, ...]:
    """Tags, `!` for a refusal, and a state of readiness."""
    tags = Tags()
    for answer in answers:
        if answer == "!":
            tags.refused()
        elif answer in {"I", "T", "E"}:
            tags.ready(inside=answer != "I")
        else:
            tags.completed(answer)
    return tags.noted


@pytest.mark.parametrize(
    ("answers", "ended"),
    [
        (("BEGIN", "T", "INSERT 0 1", "T", "COMMIT", "I"), ("COMMIT",)),
        (("BEGIN", "INSERT 0 1", "COMMIT", "I"), ("COMMIT",)),
        # Nobody answers for the Sync that never came.
        (("BEGIN", "T", "COMMIT"), ("COMMIT",)),
        (("BEGIN", "T", "!", "E", "ROLLBACK", "I"), ("ROLLBACK",)),
        (("INSERT 0 1", "I"), ("COMMIT",)),
        (("INSERT 0 1",), ()),
        (("INSERT 0 1", "!", "I"), ()),
        (("SELECT 3", "I"), ()),
        (("UPDATE 1", "I", "DELETE 2", "I"), ("COMMIT", "COMMIT")),
        (("BEGIN", "T", "INSERT 0 1", "T"), ()),
        (("BEGIN", "T", "PREPARE TRANSACTION", "I"), ("PREPARE",)),
        (("PREPARE", "I"), ()),
        # To go back to a savepoint has the tag of the end of a transaction, and is none.
        (("BEGIN", "T", "SAVEPOINT", "T", "!", "E", "ROLLBACK", "T", "INSERT 0 1", "T", "COMMIT", "I"), ("COMMIT",)),
        (("BEGIN", "T", "ROLLBACK", "INSERT 0 1", "T", "ROLLBACK", "I"), ("ROLLBACK",)),
        # What shares a Sync with a whole transaction is committed with it.
        (("INSERT 0 1", "BEGIN", "INSERT 0 1", "COMMIT", "I"), ("COMMIT",)),
        (("COMMIT", "INSERT 0 1", "I"), ("COMMIT", "COMMIT")),
    ],
)
def test_a_transaction_is_noted_when_the_server_has_ended_it(answers: tuple[str, ...], ended: tuple[str, ...]) -> None:
    assert noted(*answers) == ended


def test_what_the_gate_threw_away_is_no_part_of_a_comparison() -> None:
    assert Evidence(True, 3, ("COMMIT",), 1) == Evidence(True, 3, ("COMMIT",), 2)
    assert Evidence(True, 3, ("COMMIT", "ROLLBACK", "COMMIT")).commits == 2


def test_a_request_that_is_lost_never_passes_and_one_whose_reply_is_lost_does() -> None:
    assert [Cut(5, side).passed for side in CUTS] == [4, 5]
    assert Cut(5, Side.ZOMBIE).passed == 4


def test_there_is_no_message_before_the_first() -> None:
    with pytest.raises(ValueError, match="from 1"):
        Cut(0, Side.REQUEST_LOST)

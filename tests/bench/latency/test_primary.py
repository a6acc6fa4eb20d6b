"""The primary comparison of a run: what it is, and what it is called."""

from __future__ import annotations

import pytest

from bench.latency.primary import one_of, primary_kind
from tests.bench.report.made_up import ratio


def test_the_declared_comparison_is_the_primary_one_and_a_send_where_none_is_declared() -> None:
    sends = [ratio("hybrid", 0.9), ratio("hybrid", 0.9, kind="edit")]
    together = ratio("hybrid", 1.1, kind="send+reply").model_copy(update={"primary": True})
    assert primary_kind(sends) == "send"
    assert primary_kind([*sends, together]) == "send+reply"


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("send", "a send"),
        ("send+reply", "a message (send and reply)"),
        ("edit", "an edit"),
        ("edit+delete", "an operation (edit and delete)"),
        ("latest_page", "a latest page"),
    ],
)
def test_one_operation_of_each_kind_is_told_in_words(kind: str, words: str) -> None:
    assert one_of(kind) == words

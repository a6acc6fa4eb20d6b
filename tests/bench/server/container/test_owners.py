"""Which containers a start may remove, told from their labels alone, and what is told of an engine's words."""

from __future__ import annotations

import json
import os
import platform

import pytest

from bench.server.container.owners import MACHINE, OWNER, RUN, is_abandoned, labels
from bench.server.container.refusals import words

DEAD_PID = 2**22 + 1
"""No Linux gives out a number as high."""


def of_a_dead_process() -> dict[str, str]:
    given = labels("word")
    return given | {OWNER: json.dumps(json.loads(given[OWNER]) | {"pid": DEAD_PID})}


def test_a_container_whose_process_is_gone_is_abandoned_and_one_in_use_is_not() -> None:
    assert is_abandoned(of_a_dead_process())
    assert not is_abandoned(labels("word"))
    assert labels("word")[RUN] == "word"


def test_a_number_that_another_process_has_by_now_is_not_its_owner() -> None:
    given = labels("word")
    owner = json.loads(given[OWNER])
    assert owner["pid"] == os.getpid()
    assert is_abandoned(given | {OWNER: json.dumps(owner | {"started_s": owner["started_s"] - 60})})


@pytest.mark.parametrize(
    "change",
    [
        {MACHINE: "another"},
        {MACHINE: ""},
        {OWNER: ""},
        {OWNER: "[]"},
        {OWNER: '{"pid": "x", "started_s": 0, "pid_namespace": ""}'},
        {OWNER: "\u0000"},
    ],
)
def test_what_does_not_credibly_name_a_dead_process_of_this_machine_is_left_alone(change: dict[str, str]) -> None:
    assert not is_abandoned(of_a_dead_process() | change)


def test_a_process_that_cannot_be_seen_from_here_may_be_alive() -> None:
    given = of_a_dead_process()
    elsewhere = json.loads(given[OWNER]) | {"pid_namespace": "pid:[1]"}
    assert not is_abandoned(given | {OWNER: json.dumps(elsewhere)})


def test_labels_name_no_machine_in_the_clear() -> None:
    assert (platform.node() or "no name") not in str(labels("word"))


def test_what_an_engine_says_is_one_short_line_without_tricks() -> None:
    assert words(ValueError("one\n two\x1b[31m \u202e")) == "one two\\u001b[31m \\u202e"
    long = words(ValueError("begin " + "x" * 1000 + " end"))
    assert len(long) == 303
    assert long.startswith("...")
    assert long.endswith(" end")
    assert words(ValueError()) == "ValueError"

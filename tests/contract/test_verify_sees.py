"""Each property can be seen to fail: a design that breaks it is told under its name, with a short example."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

from bench.registry import built
from bench.server.server import Server
from bench.verify.properties import Property, Verdict
from bench.verify.suite import Suite
from tests.command import planted_designs as planted
from tests.command import stranger_designs as stranger
from tests.contract import subtle_designs as subtle
from variants.contract import Build, Design, Options

STORIES = 60


def verdicts(make: Build, name: str, server: Server, database: str, *promises: Property) -> dict[Property, Verdict]:
    """What the suite says of a design: the scripted story, and what else is asked for."""

    def build(options: Options) -> Design:
        return built(name, make, options)

    found = Suite(build, server.endpoint, database, STORIES, 1, lambda _: None, promises).run()
    return {verdict.promise: verdict for verdict in found}


BROKEN = [
    (stranger.YieldsNonsense, Property.CONTRACT, "yields 'INSERT', which is no action"),
    (stranger.CommitsTwice, Property.CONTRACT, "commits on the central side, where no transaction is open"),
    (stranger.StaysOpen, Property.CONTRACT, "ends with an open transaction on the central side"),
    (stranger.NeverEnds, Property.CONTRACT, "does not end: more than 10000 actions"),
    (stranger.NeverAnswers, Property.CONTRACT, "a read does not end: more than 10000 statements"),
    (stranger.RaisesInBody, Property.CONTRACT, "raises KeyError: 'lost'"),
    (stranger.RaisesInWrite, Property.CONTRACT, "raises ZeroDivisionError: by design"),
    (stranger.LeavesTheProgram, Property.CONTRACT, "raises SystemExit: 0"),
    (stranger.LeavesByBaseException, Property.CONTRACT, "raises OutOfHereError: none of your business"),
    (stranger.Recursive, Property.CONTRACT, "raises RecursionError"),
    (stranger.WritesNothing, Property.CONTRACT, "'NoneType' object is not iterable"),
    (stranger.WrongParameter, Property.CONTRACT, "gives a statement a parameter that cannot be sent"),
    (stranger.WrongAnswers, Property.CONTRACT, "returns None, which is no answer"),
    (subtle.RejectsLate, Property.CONTRACT, "is rejected after a commit of the operation"),
    (stranger.LyingView, Property.FACTS, "c_member: channel='"),
    (stranger.ViewWithoutColumn, Property.VIEWS, "column v.member does not exist"),
    (stranger.ViewsRaise, Property.VIEWS, "views() raises RuntimeError: no views today"),
    (subtle.ViewMissing, Property.VIEWS, "views() lacks c_message"),
    (subtle.WritingView, Property.VIEWS, "read-only transaction"),
    (stranger.OddGaps, Property.SHORTFALLS, "gaps() has 42 in it, which is no Gap"),
    (subtle.GapWithoutReason, Property.SHORTFALLS, "id_form is declared without"),
    (subtle.OwnKindOfDefect, Property.SHORTFALLS, "has kind 'bad temper', which is none of DefectKind"),
    (subtle.UnknownTable, Property.STATEMENTS, 'relation "lost_and_found" does not exist'),
    (subtle.UnknownColumn, Property.STATEMENTS, "column servers.colour does not exist"),
    (subtle.NeverTheSame, Property.DETERMINISM, "write(create_server 'k0'), central: yields"),
    (subtle.AcceptsEveryEdit, Property.STORY, "it ended ok"),
    (subtle.AnswersTwice, Property.ANSWERS, "; "),
    (planted.WrongAgentRow, Property.FACTS, "text is 'something else'"),
    (planted.MissingParticipant, Property.FACTS, "missing"),
    (planted.TruncatedText, Property.FACTS, "text is 'plai', not 'plain'"),
    (subtle.OneFormOnly, Property.OPTIONS, "RuntimeError: never thought of that"),
    (subtle.TrimsIds, Property.RANDOM_STORIES, "('a',)"),
    (subtle.UnseenColumn, Property.ALTERED_CELLS, "members.colour altered in the first row, nothing turns red"),
    (subtle.UnseenKey, Property.ALTERED_CELLS, "homes.server_id pointed at another row that is there, nothing turns red"),
    (subtle.UnseenEntry, Property.ALTERED_CELLS, "servers.metadata, entry mood altered in a row, nothing turns red"),
    (subtle.UnseenEntry, Property.ALTERED_CELLS, "entry client.region is seen in every row, so this reason is stale: nobody"),
    (subtle.UnseenEntry, Property.ALTERED_CELLS, "servers.metadata, entry a is in no row of the story, so its reason is stale"),
    (subtle.StaleReason, Property.ALTERED_CELLS, "messages.text is seen in every row, so this reason is stale: nobody reads it"),
    (subtle.EmptyTable, Property.ALTERED_CELLS, "attic stays empty in the story, and its info has no reason"),
    (subtle.UnseenRow, Property.DELETED_ROWS, "diary the first row deleted, nothing turns red"),
]


@pytest.mark.parametrize(("design", "promise", "told"), BROKEN, ids=lambda value: getattr(value, "__name__", None))
def test_a_broken_property_is_told_under_its_name(
    design: type, promise: Property, told: str, server: Server, database_names: Iterator[str]
) -> None:
    found = verdicts(design, design.name, server, next(database_names), promise)  # type: ignore[attr-defined]  # designs have a name
    fault = found[promise].fault
    assert fault is not None, [verdict for verdict in found.values() if not verdict.holds]
    assert told in fault.found
    assert len(fault.writes) <= 13


def test_the_example_is_the_shortest_story_that_shows_the_fault(server: Server, database_names: Iterator[str]) -> None:
    found = verdicts(planted.LostReplyLink, "lost_reply_link", server, next(database_names))
    fault = found[Property.FACTS].fault
    assert fault is not None
    # The message that is answered answers one itself, by another user.
    kinds = Counter(type(write).__name__ for write in fault.writes)
    assert kinds == {"CreateServer": 1, "CreateChannel": 1, "AddAgent": 1, "Join": 3, "Send": 2, "Reply": 1}
    assert "in_reply_to is None" in fault.found


def test_a_defect_that_is_declared_and_not_there_is_told(server: Server, database_names: Iterator[str]) -> None:
    found = verdicts(subtle.IdleDefect, "idle_defect", server, next(database_names))
    fault = found[Property.FACTS].fault
    assert fault is not None
    assert fault.found.startswith("a_message: ")


def test_what_cannot_be_checked_any_more_is_told_so(server: Server, database_names: Iterator[str]) -> None:
    found = verdicts(stranger.StaysOpen, "stays_open", server, next(database_names), Property.DELETED_ROWS)
    assert [verdict.promise for verdict in found.values() if verdict.fault is not None] == [Property.CONTRACT]
    assert found[Property.FACTS].not_checked == "contract is broken"
    assert found[Property.DELETED_ROWS].not_checked == "contract is broken"

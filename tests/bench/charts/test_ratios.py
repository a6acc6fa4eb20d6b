from __future__ import annotations

from bench.charts.ratios import across_kinds, as_table, forests, kind_place, labels
from tests.bench.report.made_up import latency, ratio


def test_there_is_a_chart_for_each_family_and_subject() -> None:
    assert [(forest.family, forest.subject) for forest in forests(latency())] == [
        ("per_side", "messages"),
        ("per_side", "reads"),
        ("joined", "messages"),
        ("joined", "reads"),
        ("joined to per_side", "messages"),
        ("joined to per_side", "reads"),
    ]


def test_every_kind_stands_beside_its_own_pair_of_the_same_design() -> None:
    group = forests(latency())[1].groups[0]
    assert group.name == "latest_page"
    assert group.same is not None
    assert (group.same.variant, group.same.kind) == ("dual[again]", "latest_page")


def test_a_run_without_that_pair_has_none() -> None:
    assert forests([ratio("hybrid", 0.9)])[0].groups[0].same is None


def test_a_run_without_comparisons_has_no_chart() -> None:
    assert forests([]) == []
    assert forests([ratio("dual[again]", 1.0, family="a/a")]) == []


def test_variants_stand_in_the_notes_order_with_the_floor_first() -> None:
    rows = [ratio(name, 1.1) for name in ("zeta", "hybrid", "floor", "option_a")]
    assert [row.variant for row in forests(rows)[0].groups[0].rows] == ["floor", "option_a", "hybrid", "zeta"]


def test_levels_that_all_share_are_left_out_of_the_labels() -> None:
    joined = [ratio(f"{name}[joined]", 1.1, family="joined") for name in ("hybrid", "floor")]
    assert labels(forests(joined)[0]) == {"hybrid[joined]": "hybrid", "floor[joined]": "floor"}
    mixed = [ratio("hybrid", 1.1), ratio("hybrid[joined]", 0.9)]
    assert labels(forests(mixed)[0]) == {"hybrid": "hybrid", "hybrid[joined]": "hybrid[joined]"}


def test_messages_come_before_other_writes_and_reads() -> None:
    kinds = ["latest_page", "delete", "reply", "join", "recall_context", "send", "create_channel"]
    assert sorted(kinds, key=kind_place) == [
        "send",
        "reply",
        "create_channel",
        "join",
        "delete",
        "latest_page",
        "recall_context",
    ]


def test_the_table_beside_the_chart_has_the_pair_too() -> None:
    table = as_table(forests(latency())[0])
    assert [row[2] for row in table.rows] == ["floor", "option_a", "option_b", "hybrid", "dual[again]"]
    assert table.rows[0][4:6] == (2400, 0.4)


def test_a_family_of_one_design_has_a_row_for_each_kind() -> None:
    rows = [ratio("dual_deployed", 2.0, family="own", kind=kind) for kind in ("page_back", "latest_page")]
    found = across_kinds(rows, "own")
    assert found is not None
    assert [(group.name, [row.kind for row in group.rows]) for group in found.groups] == [
        ("dual_deployed", ["latest_page", "page_back"])
    ]
    assert across_kinds(rows, "other") is None

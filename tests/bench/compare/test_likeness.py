from __future__ import annotations

import pytest

from bench.compare.comparison import compare
from bench.compare.likeness import BESIDE_WORK, busy, circumstances, unlike
from bench.configuration import Configuration
from bench.errors import UserError
from bench.results.run_record import RunRecord
from tests.bench.compare.sides import side
from tests.bench.report.made_up import run


def told(a: RunRecord, b: RunRecord) -> list[tuple[str, str, str]]:
    return [(one.what, one.a, one.b) for one in unlike(a, b)]


def test_runs_of_the_same_work_may_be_compared() -> None:
    assert unlike(run(), run()) == []


def test_another_seed_is_told_with_the_first_digest_that_follows_from_it() -> None:
    workloads = {"0-generated": "cd" * 32, "1-generated": "ab" * 32}
    other = run(seed=8, workloads={"0-generated": "ef" * 32, "1-generated": "01" * 32})
    assert told(run(workloads=workloads), other) == [
        ("seed", "7", "8"),
        ("digest of workload 0 (the first of 2)", "cdcdcdcdcdcd", "efefefefefef"),
    ]


def test_a_key_that_shapes_work_is_told_and_one_that_does_not_is_a_circumstance() -> None:
    other = run(configuration={"seed": 7, "latency_sessions": 2, "bootstrap_draws": 100, "latency_session_s": 5.0})
    assert told(run(), other) == [("latency_sessions", "1", "2")]
    around = {one.what for one in circumstances(run(), other)}
    assert around == {"configuration bootstrap_draws", "configuration latency_session_s"}


def test_every_key_that_shapes_no_work_is_a_key() -> None:
    assert set(Configuration.model_fields) >= BESIDE_WORK


def test_other_designs_and_other_tables_gaps_or_defects_of_one_are_told() -> None:
    designs = run().designs
    fewer = {name: design for name, design in designs.items() if name != "floor"}
    assert told(run(), run(designs=fewer)) == [("designs of one run alone", "floor", "none")]
    hybrid = designs["hybrid"].model_copy(update={"gaps": [], "tables": {"central": ["root_messages"], "agent": []}})
    assert [what for what, _, _ in told(run(), run(designs=designs | {"hybrid": hybrid}))] == ["tables of hybrid", "gaps of hybrid"]


def test_a_replay_and_a_default_run_are_unlike_and_their_keys_are_not_told_one_by_one() -> None:
    replay = run(configuration={"trace": "chat.csv", "window": None}, workloads={"0-chat.csv": "00" * 32})
    assert told(run(), replay) == [("kind of run", "default run", "replay of chat.csv")]


def test_replays_of_two_traces_are_told_with_their_names_and_digests() -> None:
    one = run(configuration={"trace": "chat.csv"}, workloads={"0-chat.csv": "00" * 32})
    other = run(configuration={"trace": "other.csv"}, workloads={"0-other.csv": "11" * 32})
    assert told(one, other) == [("trace", "chat.csv", "other.csv"), ("digest of workload 0", "0" * 12, "1" * 12)]


def test_machine_server_and_code_are_circumstances() -> None:
    changed = {"machine": run().machine | {"kernel": "1"}, "code": "00" * 32, "dirty": True}
    other = run(server={"server_version": "15.1", "settings": {"fsync": "off"}, "extensions": {"missing": None}}, **changed)
    assert unlike(run(), other) == []
    assert {one.what: (one.a, one.b) for one in circumstances(run(), other)} == {
        "storebench checkout": ("as committed", "files differ from the commit"),
        "storebench code": ("efefefefefef", "000000000000"),
        "machine kernel": ("0", "1"),
        "server server_version": ("18.6", "15.1"),
        "server settings.fsync": ("on", "off"),
    }


def test_a_refusal_is_one_line_that_names_every_difference_and_says_what_to_do() -> None:
    other = run(seed=8, configuration={"seed": 8, "latency_sessions": 2}, workloads={"0-generated": "ef" * 32})
    with pytest.raises(UserError) as refused:
        compare(side("before"), side("after", record=other))
    line = str(refused.value)
    assert "\n" not in line
    assert line.startswith("before and after did not do the same work")
    assert "(seed: 7 / 8; latency_sessions: 1 / 2; digest of workload 0: cdcdcdcdcdcd / efefefefefef)" in line
    assert "storebench rerun" in line


def test_a_machine_with_as_much_load_as_cpus_is_busy() -> None:
    assert busy(run(machine={"load_average_1min": 2.0, "cpus_usable": 2})) == "load 2.0 on 2 CPUs"
    assert busy(run(machine={"load_average_1min": 1.9, "cpus_usable": 2})) is None
    assert busy(run(machine={})) is None

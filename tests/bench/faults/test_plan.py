"""What a configuration asks for: which trials, which sweeps, which cells are killed in, and which foreign keys there are."""

from __future__ import annotations

import pytest

from bench.configuration import Configuration, resolve
from bench.configuration.profiles import FAULTS, SIZES
from bench.faults import trials as at
from bench.faults.cells import NAMES
from bench.faults.constraints import foreign_keys, tables
from bench.faults.estimate import budgets
from bench.faults.plan import interrupted_cells, killed_cells, sweeps, synchronous_cells
from bench.registry import OURS, build, load
from bench.scenes import KINDS
from variants.contract import Options


def _configuration(**given: object) -> Configuration:
    return Configuration.model_validate(given)


def test_every_design_has_its_trials_and_the_checkers_are_proved_once() -> None:
    assert list(at.trials(_configuration(faults_kills=1, faults_streams=1), ["dual", "floor"])) == [
        "faults-sweep-dual",
        "faults-sweep-floor",
        "faults-clients-dual",
        "faults-clients-floor",
        "faults-bus-dual",
        "faults-bus-floor",
        "faults-proof",
    ]


def test_what_is_not_asked_for_has_no_trial() -> None:
    assert list(at.trials(_configuration(faults_cells=()), ["dual"])) == []
    none = {"faults_kills": 0, "faults_streams": 0, "faults_exposures": 0}
    assert list(at.trials(_configuration(**none), ["dual"])) == ["faults-sweep-dual"]
    assert list(at.trials(_configuration(**none, faults_interruptions=True), ["dual"]))[-1] == "faults-clients-dual"
    assert list(at.trials(_configuration(**none, faults_stored=1_000), ["dual"]))[-1] == "faults-proof"


def test_two_faults_are_asked_for_where_a_cell_tries_again_and_in_the_last_lane() -> None:
    one, two = sweeps(_configuration(faults_kinds=("send",), faults_kinds_twice=("send",), faults_lanes=("proxy", "fast")))
    assert (one.cells, one.kinds, one.faults, one.lanes) == (NAMES, (("send", 1),), 1, ("proxy", "fast"))
    assert (two.cells, two.faults, two.lanes) == (("per_side_fresh", "per_side_derived", "joined_derived"), 2, ("fast",))
    assert [one.faults for one in sweeps(_configuration(faults_cells=("joined",), faults_kinds_twice=("send",)))] == [1]


def test_a_kind_that_knows_no_agents_is_broken_without_any() -> None:
    (one,) = sweeps(_configuration(faults_kinds=("add_agent", "send"), faults_kinds_two_agents=("send", "create_server")))
    assert one.kinds == (("add_agent", 0), ("send", 1), ("send", 2))


def test_the_full_profile_breaks_every_kind_with_one_agent_and_messages_with_two_in_every_cell() -> None:
    full = resolve(profile=f"{FAULTS}full").configuration
    assert isinstance(full, Configuration)
    one, two = sweeps(full)
    assert {kind for kind, _ in one.kinds} == set(KINDS)
    assert {kind for kind, k in one.kinds if k == 2} == {"send", "reply", "delete"}
    assert one.cells == NAMES
    assert {kind for kind, _ in two.kinds} == {"send", "delete"}
    assert (full.faults_kills, full.faults_exposures, full.faults_stored) == (200, 3_000, 1_000_000)


@pytest.mark.parametrize(("size", "minutes"), [("quick", 1), ("full", 60)])
def test_all_designs_are_done_in_the_time_that_the_size_promises(size: str, minutes: int) -> None:
    configuration = resolve(profile=f"{FAULTS}{size}").configuration
    assert isinstance(configuration, Configuration)
    assert sum(budgets(configuration, len(OURS)).values()) <= 60 * minutes


def test_the_full_profile_leaves_no_schedule_out() -> None:
    full = resolve(profile=f"{FAULTS}full").configuration
    assert isinstance(full, Configuration)
    # The longest operation of ours has some 150 messages, and two faults of it fewer schedules than this.
    assert full.faults_schedules >= 1_000_000


@pytest.mark.parametrize("size", SIZES)
def test_a_profile_of_faults_has_the_faults_of_the_profile_of_its_size_and_nothing_else(size: str) -> None:
    alone, beside = resolve(profile=f"{FAULTS}{size}").configuration, resolve(profile=size).configuration
    keys = [key for key in Configuration.model_fields if key.startswith("faults_")]
    assert [getattr(alone, key) for key in keys] == [getattr(beside, key) for key in keys]
    assert isinstance(alone, Configuration)
    assert (alone.anatomy_agents, alone.crash_agents, alone.latency_sessions, alone.reads_rows) == ((), (), 0, 0)


def test_clients_are_killed_and_interrupted_in_cells_of_the_run_alone() -> None:
    asked = _configuration(faults_cells=("joined", "async_restart"))
    assert [cell.name for cell in killed_cells(asked)] == ["joined"]
    assert [cell.name for cell in interrupted_cells(asked)] == ["joined"]
    assert killed_cells(_configuration(faults_cells=("async_restart",))) == ()


def test_clients_are_paused_in_cells_that_try_again_too() -> None:
    asked = _configuration(faults_cells=("per_side", "joined_derived", "async_restart"))
    assert [cell.name for cell in synchronous_cells(asked)] == ["per_side", "joined_derived"]


def test_foreign_keys_are_told_with_their_sides() -> None:
    designs = build(load(OURS), Options())
    across = {name: [key for key in foreign_keys(design) if key.across] for name, design in designs.items()}
    assert {(key.side, key.refers_side) for key in across["dual"]} == {("central", "agent")}
    tied = {(key.table, key.side, key.refers_to, key.refers_side) for key in across["hybrid"]}
    assert ("rooms", "agent", "central_channels", "central") in tied
    assert all(key.name for keys in across.values() for key in keys)
    crossing = {table.table: table.crosses for table in tables(designs["hybrid"])}
    assert (crossing["rooms"], crossing["memories"], crossing["root_messages"]) == (True, False, False)

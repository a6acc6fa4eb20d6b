"""Which arms run side by side."""

from __future__ import annotations

import pytest

from bench.pgbench.plan import AWAKE, SQLALCHEMY, TWO_PROCESSES, PgbenchPlan


def arms(*, is_apart: bool) -> dict[int, set[str]]:
    plan = PgbenchPlan(1, 80, (1, 4, 16), 2, 7, is_apart)
    return {clients: {arm.name for arm in found} for clients, found in plan.cells(is_baseline=True)}


def test_two_processes_run_with_the_most_clients_and_only_where_they_may_have_two_cpus() -> None:
    free, apart = arms(is_apart=False), arms(is_apart=True)
    assert [clients for clients, names in free.items() if TWO_PROCESSES in names] == [16]
    assert not any(TWO_PROCESSES in names for names in apart.values())


@pytest.mark.parametrize("is_apart", [True, False])
def test_the_control_arm_has_one_client_wherever_it_runs(is_apart: bool) -> None:
    assert [clients for clients, names in arms(is_apart=is_apart).items() if SQLALCHEMY in names] == [1]


def test_a_client_stays_awake_where_it_is_alone_and_has_a_cpu_of_its_own() -> None:
    free, apart = arms(is_apart=False), arms(is_apart=True)
    assert [clients for clients, names in apart.items() if AWAKE in names] == [1]
    assert not any(AWAKE in names for names in free.values())

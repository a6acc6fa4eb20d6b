"""A rate counts only while all clients ran warm."""

from __future__ import annotations

from bench.pgbench.plan import PgbenchPlan
from bench.pgbench.window import Ran, rate


def test_the_warm_up_and_the_lonely_end_are_left_out() -> None:
    first = [1.0, 2.0, 3.0, 4.0, 5.0]
    second = [1.5, 2.5, 3.5, 4.5, 9.0]
    found = rate(Ran([first, second], 0.0, 5), 1)
    # From 1.5, when the second client was warm, to 5.0, when the first one had no more to do: seven iterations of five.
    assert found is not None
    assert found.seconds == 3.5
    assert found.per_s == 5 * 7 / 3.5


def test_clients_that_never_ran_at_once_have_no_rate() -> None:
    assert rate(Ran([[1.0, 2.0], [3.0, 4.0]], 0.0, 5), 1) is None


def test_all_messages_count_for_the_cpu_time() -> None:
    assert Ran([[1.0, 2.0], [3.0, 4.0]], 0.0, 5).sent == 20


def test_messages_are_divided_among_clients_in_whole_iterations() -> None:
    plan = PgbenchPlan(rounds=1, messages=1_000, clients=(1, 4, 16), agents=2, seed=1)
    assert [plan.each(clients) for clients in plan.clients] == [1_000, 250, 60]
    assert plan.counts() == (1_000, 250, 250, 250, *[60] * 12)


def test_each_client_sends_enough_to_be_warm() -> None:
    assert PgbenchPlan(rounds=1, messages=40, clients=(16,), agents=0, seed=1).each(16) == 40


def test_only_the_baseline_has_all_arms() -> None:
    plan = PgbenchPlan(rounds=1, messages=1_000, clients=(1, 4), agents=2, seed=1)
    assert [(clients, len(arms)) for clients, arms in plan.cells(is_baseline=True)] == [(1, 5), (4, 5)]
    assert [(clients, len(arms)) for clients, arms in plan.cells(is_baseline=False)] == [(1, 4)]
    assert plan.arms(3) == 10 + 2 * 4

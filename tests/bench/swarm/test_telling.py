"""What a command of load tells of its runs."""

from __future__ import annotations

from bench.results.swarm_schema import SwarmRecord, SwarmWorker
from bench.swarm.agreement import Arms, agreement
from bench.swarm.growth import Grown
from bench.swarm.telling import agreeing, growing, lines

WORKER = SwarmWorker(process=0, operations=9, digest="d", rows=9, batches=1, wall_ns=1, busy_share=0.0, preempted=0, ended=True)
RECORD = SwarmRecord(
    variant="dual",
    workload="chat",
    workload_digest="d",
    exchange="plain",
    seed=1,
    shape="flat",
    rate_per_s=40.0,
    run_s=20.0,
    warm_s=2.0,
    users=8,
    spawn_rate=8.0,
    steady=False,
    operations=800,
    digest="d",
    rows=800,
    acknowledged=799,
    unknown=0,
    stopped=False,
    why=[],
    phases=[],
    workers=[WORKER],
    proof_holds=True,
)
LIKE = {"a": Arms(100, 104, 101), "b": Arms(100, 97, 99)}


def test_a_run_that_is_fit_and_one_that_is_not_are_told_apart_with_the_reason() -> None:
    lost = RECORD.model_copy(update={"why": ["worker 1 was gone before the end"], "proof_holds": False})
    heading, fit, unfit, why = lines([RECORD, lost], [None, None])
    assert heading.split()[-3:] == ["to", "be", "compared"]
    assert fit.split()[-2:] == ["proved", "yes"]
    assert unfit.split()[-4:] == ["NOT", "AS", "ACKNOWLEDGED", "no"]
    assert why == "dual: worker 1 was gone before the end"


def test_figures_within_the_noise_agree_and_those_beyond_it_are_named() -> None:
    assert agreeing({0.5: agreement(LIKE)}, 40.0)[-1] == "The figures agree within the noise that A/A shows."
    slow = LIKE | {"b": Arms(100, 97, 900)}
    assert agreeing({0.5: agreement(LIKE), 0.9: agreement(slow)}, 40.0)[-1] == "Beyond the noise that A/A shows: b."


def test_a_mean_that_is_no_noise_is_told_though_each_design_agrees() -> None:
    shifted = {f"design_{number}": Arms(100, 104 - number, 105) for number in range(8)}
    *_, mean, verdict = agreeing({0.5: agreement(shifted)}, 40.0)
    assert mean.endswith(", which is no noise")
    assert verdict.endswith("their mean does not (p50).")


def test_what_grows_too_much_is_marked() -> None:
    told = growing("dual", [Grown("memory of worker 0", "bytes", 1e8, 2e8, True), Grown("median lag", "ns", 5.0, 5.0, False)])
    assert "GROWS" in told[1]
    assert "GROWS" not in told[2]

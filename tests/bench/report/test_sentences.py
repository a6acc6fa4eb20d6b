from __future__ import annotations

from bench.claims.ledger import judge
from bench.report.sentences import sentences
from bench.results.schema import LeftOut
from tests.bench.report.made_up import crash, point, ratio, run, summary


def test_there_are_five_and_their_figures_are_the_datas() -> None:
    whole = summary()
    found = sentences(whole.model_copy(update={"claims": judge(whole, run())}))
    assert found[0] == "Rows: with k = 4 agents a warm message changes 5 rows in dual, option_a, option_b and hybrid, 1 in floor."
    assert found[1] == (
        "Transactions and statements: the same message takes 5 transactions in dual, option_a, option_b and hybrid, 1 in floor."
        " It takes 17 statements in dual, option_a and option_b, 9 in hybrid, 1 in floor."
    )
    assert found[2] == (
        "Latency: a send takes 1.50 ms in dual (p50); against it, with 95 % intervals: floor −60.0 % [−60.8 %, −59.2 %];"
        " option_a ~ +1.0 % [−1.0 %, +3.0 %], not separated; option_b ~ −1.0 % [−2.9 %, +1.0 %], not separated;"
        " hybrid −15.0 % [−16.7 %, −13.3 %] (n = 2,400)."
    )
    assert found[3] == (
        "Broken operations: killed at every point, an operation is left partial with its own transactions, floor 0 of 3,"
        " dual 2 of 5, option_a 2 of 5, option_b 2 of 5 and hybrid 2 of 5; joined into one transaction, none of 15 points in any"
        " design."
    )
    assert found[4].startswith("Claims: of 48 claims and questions of the note, ")
    assert found[4].endswith("not measured yet.")


def test_other_data_give_other_sentences() -> None:
    changed = summary(
        latency=[ratio("hybrid", 1.3)], crash=[point("dual", "per_side", "after-commit-1", "whole")], anatomy=[], totals=[]
    )
    found = sentences(changed)
    assert found[0] == "Rows: counts of writes are not part of this run."
    assert "hybrid +30.0 %" in found[2]
    assert found[3].endswith("with its own transactions, none of 1 point in any design.")


def test_a_run_with_nothing_says_so_five_times() -> None:
    empty = summary(anatomy=[], latency=[], quantiles=[], crash=[], proofs=[], totals=[])
    assert all(sentence.endswith("not part of this run.") for sentence in sentences(empty))
    assert len(sentences(empty)) == 5


def test_designs_that_are_not_compared_by_a_send_are_named() -> None:
    less = LeftOut(part="latency", design="hybrid", kind="send", shortfall="copies_lose_reply_link", rows=2)
    assert sentences(summary(left_out=[less]))[2].endswith("Not compared, for unequal work: hybrid.")
    nobody = sentences(summary(left_out=[less], latency=[]))[2]
    assert nobody == "Latency: no two designs are compared by a send. Not compared, for unequal work: hybrid."


def test_a_crash_of_one_atomicity_is_told_alone() -> None:
    joined = [found for found in crash() if found.atomicity == "joined"]
    assert "with its own" not in sentences(summary(crash=joined))[3]


def test_the_latency_of_a_run_is_told_by_its_declared_comparison_and_not_by_sends() -> None:
    sends = [ratio("hybrid", 0.8)]
    declared = ratio("hybrid", 1.3, kind="send+reply").model_copy(update={"primary": True})
    told = sentences(summary(latency=[declared, *sends]))[2]
    assert told.startswith("Latency: a message (send and reply) takes 1.50 ms in dual (p50)")
    assert "hybrid +30.0 %" in told
    less = LeftOut(part="latency", design="floor", kind="reply", shortfall="copies_lose_reply_link", rows=2)
    assert sentences(summary(latency=[declared, *sends], left_out=[less]))[2].endswith("Not compared, for unequal work: floor.")

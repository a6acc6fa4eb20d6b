from __future__ import annotations

import pytest

from bench.configuration import Configuration, TraceConfiguration, resolve
from bench.errors import UserError


def _of(*settings: str) -> Configuration:
    found = resolve(settings=settings).configuration
    assert isinstance(found, Configuration)
    return found


@pytest.mark.parametrize(
    ("text", "variants"),
    [
        ("variants=dual[joined]", ("dual[joined]",)),
        ("variants=dual[outbox,retry=3+repair]", ("dual[outbox,retry=3+repair]",)),
        ("variants=dual[outbox,retry=3], floor[ids=fresh]", ("dual[outbox,retry=3]", "floor[ids=fresh]")),
        ('variants=["dual[outbox,retry=3]"]', ("dual[outbox,retry=3]",)),
        ("variants=[]", ()),
        ("variants=", ()),
    ],
)
def test_variants_are_given_with_commas_which_within_brackets_belong_to_one_name(text: str, variants: tuple[str, ...]) -> None:
    assert _of(text).variants == variants


def test_one_value_stands_for_a_list_of_one() -> None:
    found = _of("designs=dual", "anatomy_agents=2")
    assert (found.designs, found.anatomy_agents) == (("dual",), (2,))
    assert _of("designs=dual,floor", "anatomy_agents=0,2").designs == ("dual", "floor")


def test_a_name_of_digits_is_a_name_where_a_name_belongs() -> None:
    assert _of("workload=2024").workload == "2024"
    assert _of('workload="chat"').workload == "chat"


def test_null_takes_a_window_away() -> None:
    found = resolve(settings=["trace=chat.csv", "window=null"]).configuration
    assert isinstance(found, TraceConfiguration)
    assert found.window is None


@pytest.mark.parametrize(("text", "value"), [("true", True), ("yes", True), ("false", False), ("no", False)])
def test_agents_hear_of_each_other_s_replies_as_the_run_says(text: str, value: bool) -> None:
    assert _of(f"peer_delivery={text}").peer_delivery is value


def test_of_two_settings_of_a_key_the_later_one_counts() -> None:
    assert _of("seed=2", "seed=3").seed == 3


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("seed", "--set 'seed': write key=value"),
        ("=3", "--set '=3': write key=value"),
        ("seed=dual", "--set seed = 'dual': that is no whole number (seed wants a whole number, such as 1)"),
        ("seed=1.5", "--set seed = 1.5: that is no whole number"),
        ("seed=-1", "--set seed = -1: it should be greater than or equal to 0"),
        ("peer_delivery=maybe", "--set peer_delivery = 'maybe': that is neither true nor false"),
        ("anatomy_agents=many", "--set anatomy_agents[0] = 'many': that is no whole number"),
        ("anatomy_agents=1,60", "--set anatomy_agents[1] = 60: it should be less than or equal to 50"),
        ("latency_session_s=12ms", "(latency_session_s wants seconds, such as 120.0)"),
        ("latency_session_s=12 s", "(latency_session_s wants seconds, such as 120.0)"),
        ("reads_rows=6k", "(reads_rows wants messages, such as 6000)"),
        ("reads_rows=999", "give 0 for no reads, or 1000 or more"),
        ("latency_session_s=NaN", "that is no finite number"),
        ("latency_session_s=1e999", "that is no finite number"),
        ("latency_session_s=1e99", "it should be less than or equal to 604800"),
        ("latency_session_s=-1", "it should be greater than 0"),
        ("designs=", "that is empty"),
        ("designs=dual,dual", "'dual' is there twice: take one of them out"),
        ("variants=dual[joined],dual[atomicity=joined]", "'dual[joined]' is there twice"),
        ("variants=dual[ensure=never]", "ensure=never is no level"),
        ("variants=dual[speed=fast]", "'speed=fast' is no level"),
        ("latency_message=3", "--set latency_message: unknown; known are those of `storebench show config`"),
        ("latency_session_ms=3", "did you mean latency_session_s?"),
        ("seed=" + "9" * 5_000, "that is no whole number"),
        ("seed=" + "[" * 100_000, "that is no whole number"),
        ("window=0:10", "window belongs to a replay: give a trace too"),
    ],
)
def test_a_setting_that_does_not_fit_is_refused_in_one_line_that_says_what_the_key_wants(text: str, told: str) -> None:
    with pytest.raises(UserError) as caught:
        resolve(settings=[text])
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 600

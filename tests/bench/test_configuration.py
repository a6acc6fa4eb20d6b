from __future__ import annotations

import pytest

from bench.configuration import Configuration, resolve
from bench.errors import UserError


@pytest.mark.parametrize(
    ("text", "variants"),
    [
        ("variants=dual[joined]", ("dual[joined]",)),
        ("variants=dual[outbox,retry=3+repair]", ("dual[outbox,retry=3+repair]",)),
        ("variants=dual[outbox,retry=3], floor[ids=fresh]", ("dual[outbox,retry=3]", "floor[ids=fresh]")),
        ('variants=["dual[outbox,retry=3]"]', ("dual[outbox,retry=3]",)),
        ("variants=[]", ()),
    ],
)
def test_variants_are_given_with_commas_which_within_brackets_belong_to_one_name(text: str, variants: tuple[str, ...]) -> None:
    assert resolve(Configuration, {}, [text]).variants == variants


def test_one_value_stands_for_a_list_of_one() -> None:
    found = resolve(Configuration, {}, ["designs=dual", "anatomy_agents=2"])
    assert (found.designs, found.anatomy_agents) == (("dual",), (2,))
    assert resolve(Configuration, {}, ["designs=dual,floor", "anatomy_agents=0,2"]).designs == ("dual", "floor")


def test_agents_hear_of_each_other_s_replies_unless_the_run_says_otherwise() -> None:
    assert resolve(Configuration, {}, []).peer_delivery is True
    assert resolve(Configuration, {}, ["peer_delivery=false"]).peer_delivery is False


@pytest.mark.parametrize("text", ["seed=dual", "peer_delivery=maybe", "anatomy_agents=many"])
def test_a_value_that_does_not_fit_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(UserError, match=text.partition("=")[0]) as caught:
        resolve(Configuration, {}, [text])
    assert "\n" not in str(caught.value)

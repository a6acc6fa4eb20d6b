from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points
from types import SimpleNamespace

import pytest

from bench import registry
from bench.errors import UserError
from bench.ladder import registry as ladders
from bench.ladder.registry import climb, load
from variants.contract import Options
from variants.dual import Dual
from variants.floor import Floor
from variants.ladders import Ladder, Rung

OURS = entry_points


def _planted(monkeypatch: pytest.MonkeyPatch, ladder: object) -> None:
    """A stranger's ladder, called `strange`, beside what is installed."""

    def make() -> object:
        if isinstance(ladder, BaseException):
            raise ladder
        return ladder

    entry = SimpleNamespace(name="strange", value="stranger:ladder", dist=None, load=lambda: make)
    monkeypatch.setattr(registry, "entry_points", lambda group: [entry] if group == ladders.GROUP else OURS(group=group))


def _stranger(options: Options) -> Floor:
    return Floor(options)


def test_a_strangers_ladder_of_registered_designs_and_its_own_is_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    _planted(
        monkeypatch,
        Ladder("What does it cost?", (Rung("dual", "as it is"), Rung("thin", "less", _stranger), Rung("dual[joined]", "at once"))),
    )
    found = climb("strange")
    assert [(step.variant, step.design) for step in found.steps] == [("dual", "dual"), ("thin", "thin"), ("dual[joined]", "dual")]
    assert found.steps[0].build is Dual
    assert found.steps[1].build is _stranger
    assert load(["thin", "dual"]) == {"thin": _stranger, "dual": Dual}


def test_rungs_are_found_by_name_and_are_among_no_default_designs() -> None:
    assert "ladder_keys" in load(["ladder_keys"])
    assert not any(name.startswith("ladder_") for name in registry.known())
    assert "ladder_keys" not in registry.OURS


@pytest.mark.parametrize("name", ["dual_to_hybri", "", "Dual", "dual"])
def test_a_ladder_that_is_not_there_is_refused_in_one_line(name: str) -> None:
    with pytest.raises(UserError, match="unknown ladder"):
        climb(name)


def test_a_design_that_is_neither_registered_nor_on_a_ladder_is_refused() -> None:
    with pytest.raises(UserError, match="unknown design 'ladder_kezs'"):
        load(["ladder_kezs"])


@pytest.mark.parametrize(
    ("ladder", "told"),
    [
        (ZeroDivisionError("by design"), "cannot be made: ZeroDivisionError: by design"),
        ("steps", "is no Ladder of Rungs"),
        (Ladder("?", ("dual", "floor")), "is no Ladder of Rungs"),  # type: ignore[arg-type]
        (Ladder("?", (Rung("dual", "alone"),)), "2 to 30 rungs"),
        (Ladder("?", (Rung("dual", "one"), Rung("dual", "again"))), "each once"),
        (Ladder("?", (Rung("dual", "one"), Rung("nobody", "none"))), "of no design that is registered"),
        (Ladder("?", (Rung("dual", "one"), Rung("floor", "taken", _stranger))), "that of a registered one"),
        (Ladder("?", (Rung("dual", "one"), Rung("Big-Name", "bad", _stranger))), "whose name is bad"),
        (Ladder("?", (Rung("dual", "one"), Rung("dual[nothing]", "bad"))), "is no level"),
    ],
)
def test_a_bad_ladder_is_refused_in_one_line(monkeypatch: pytest.MonkeyPatch, ladder: object, told: str) -> None:
    _planted(monkeypatch, ladder)
    with pytest.raises(UserError, match=told) as refused:
        climb("strange")
    assert "\n" not in str(refused.value)


def test_our_ladder_is_an_entry_point() -> None:
    entry = ladders.known()["dual_to_hybrid"]
    assert isinstance(entry, EntryPoint)
    assert entry.value == "variants.ladder.dual_to_hybrid:dual_to_hybrid"

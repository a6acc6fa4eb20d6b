from __future__ import annotations

from importlib.metadata import EntryPoint

import pytest

from bench import registry
from bench.errors import UserError
from variants.contract import Options
from variants.dual import Dual


def _installed(monkeypatch: pytest.MonkeyPatch, *entries: tuple[str, str]) -> None:
    found = [EntryPoint(name, value, registry.GROUP) for name, value in entries]
    monkeypatch.setattr(registry, "entry_points", lambda **_: found)


def test_our_designs_are_registered_in_the_order_of_the_note() -> None:
    ours = ["dual", "dual_deployed", "option_a", "option_a_shared", "option_b", "option_b_envelope", "hybrid", "floor"]
    assert list(registry.known()) == ours


def test_two_designs_of_one_name_are_refused_and_both_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    _installed(monkeypatch, ("dual", "variants.dual:Dual"), ("dual", "stranger:Dual"))
    with pytest.raises(UserError, match=r"variants\.dual:Dual and stranger:Dual"):
        registry.known()


def test_one_design_found_twice_on_the_path_is_one_design(monkeypatch: pytest.MonkeyPatch) -> None:
    _installed(monkeypatch, ("dual", "variants.dual:Dual"), ("dual", "variants.dual:Dual"))
    assert list(registry.known()) == ["dual"]


@pytest.mark.parametrize("name", ["Dual", "dual-two", "2dual", "a" * 40, "dual two", ""])
def test_a_name_that_would_not_do_as_a_database_name_is_refused(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    _installed(monkeypatch, (name, "variants.dual:Dual"))
    with pytest.raises(UserError, match="design name"):
        registry.known()


def test_a_design_that_calls_itself_otherwise_is_refused() -> None:
    with pytest.raises(UserError, match="calls itself 'dual'"):
        registry.build({"other": Dual}, Options())


def test_a_design_that_raises_when_it_is_built_is_refused_in_one_line() -> None:
    def raising(_: Options) -> Dual:
        raise ZeroDivisionError("by design")

    with pytest.raises(UserError, match="cannot be built: ZeroDivisionError: by design"):
        registry.build({"dual": raising}, Options())

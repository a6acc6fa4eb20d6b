"""Every key says what it means, in which unit, and where its default comes from; the page says the same."""

from __future__ import annotations

import pytest
from pydantic import BaseModel, ValidationError

from bench.configuration import Configuration, TraceConfiguration, profiles, resolve
from bench.configuration.page import PAGE, renewed
from workloads.key import keys

KINDS: tuple[type[BaseModel], ...] = (Configuration, TraceConfiguration)


def undocumented(kind: type[BaseModel]) -> list[str]:
    """The keys that lack a meaning, a unit or the source of the default."""
    told = keys(kind)
    complete = {name for name, key in told.items() if key.meaning.strip() and key.unit.strip() and key.source.strip()}
    return [name for name in kind.model_fields if name not in complete]


@pytest.mark.parametrize("kind", KINDS)
def test_every_key_has_a_meaning_a_unit_and_a_source(kind: type[BaseModel]) -> None:
    assert undocumented(kind) == []


def test_a_key_without_a_word_is_noticed() -> None:
    class Bare(BaseModel):
        seed: int = 1

    assert undocumented(Bare) == ["seed"]


def test_every_key_but_the_trace_has_a_default() -> None:
    required = [(kind, name) for kind in KINDS for name, field in kind.model_fields.items() if field.is_required()]
    assert required == [(TraceConfiguration, "trace")]


def test_the_page_says_what_the_keys_and_the_profiles_say() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert renewed(page) == page, "docs/configuration.md is stale: run `python -m bench.configuration.page`"
    assert renewed(page.replace("| `seed` |", "| `sead` |")) == page


def test_the_quick_profile_is_the_defaults() -> None:
    assert resolve(profile="quick").configuration == Configuration()
    assert resolve().configuration == Configuration()


@pytest.mark.parametrize("name", profiles.NAMES)
def test_every_profile_is_a_configuration_of_the_keys_that_the_quick_one_has(name: str) -> None:
    sizes = profiles.SIZES
    assert name not in sizes or profiles.load(name).keys() == profiles.load(sizes[0]).keys()
    assert resolve(profile=name).configuration.seed == 1


def test_a_larger_profile_measures_no_less_of_anything() -> None:
    quick, standard, full = (resolve(profile=name).configuration.model_dump() for name in profiles.SIZES)
    # More rows are stored for fewer designs: what grows is the size.
    for key in profiles.load("quick").keys() - {"growth_rows_left_out"}:
        sizes = [value if isinstance(value, (int, float)) else len(value) for value in (quick[key], standard[key], full[key])]
        assert sizes == sorted(sizes), key


def test_a_configuration_cannot_be_altered() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Configuration().seed = 2

"""Texts and ids that tell designs apart: any script, any length that is allowed, and families of ids that are nearly one."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence

from hypothesis import strategies as st

from variants.schema.identity import central_uuid, unique_uuid
from workloads.ids import named_id
from workloads.validate import ID_BYTES_MAX

AGENTS = tuple(named_id(f"story agent {number}") for number in range(3))

# PostgreSQL stores no NUL, and UTF-8 has no lone surrogates.
TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=12)
JSON: st.SearchStrategy[object] = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**12), 10**12) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=5,
)
DOCUMENT = st.dictionaries(TEXT, JSON, max_size=3)

WORDS = (
    "a",
    "general",
    "Straße",
    "шум",
    "قناة",
    "ערוץ\u200f",
    "部屋",
    "채널",
    "हिन्दी",
    "e\u0301",
    "👩‍👩‍👧‍👦",
    "\u202eabc",
    "\x01\x1f\x7f",
    " \t\n",
    "İı",
    "%41",
    "x' OR ''='",
    "\\",
    "\ufffe\U0010ffff",
)
"""Pieces of ids: scripts from right to left, combining signs, an emoji of several code points, control characters, quotes."""

BASES = st.sampled_from(WORDS) | TEXT | st.uuids().map(str)


def cut(text: str, size_bytes: int) -> str:
    """The longest beginning of a text that takes at most so many bytes of UTF-8."""
    return text.encode()[:size_bytes].decode(errors="ignore")


def _unrelated(base: str) -> Sequence[str]:
    return [base, f"{base}/2", f"other {base}"]


def _long(base: str) -> Sequence[str]:
    """Ids of exactly 255 bytes that differ at the end alone."""
    body = cut(base * ID_BYTES_MAX, ID_BYTES_MAX - 1)
    fill = "." * (ID_BYTES_MAX - 1 - len(body.encode()))
    return [f"{body}{fill}{last}" for last in "abc"]


def _prefixes(base: str) -> Sequence[str]:
    return [base, base * 2, base * 3]


def _cases(base: str) -> Sequence[str]:
    return [base, base.upper(), base.lower(), base.swapcase(), base.title()]


def _normal_forms(base: str) -> Sequence[str]:
    return [f"é{base}", f"e\u0301{base}", unicodedata.normalize("NFKD", f"ﬁé{base}")]


def _uuids(base: str) -> Sequence[str]:
    given = named_id(base)
    return [given, given.upper(), given.replace("-", "")]


def _around_agents(base: str) -> Sequence[str]:
    """What the formula of an agent's own ids is made of: id, separator, agent."""
    return [base, f"{base}:{AGENTS[0]}", f"{base}-{AGENTS[0]}", f"{AGENTS[0]}:{base}", f"{base}-{AGENTS[0]}:{AGENTS[0]}"]


def _made_by_agents(base: str) -> Sequence[str]:
    """The id by which an agent knows something, as the id of something else."""
    return [base, unique_uuid(AGENTS[0], base), unique_uuid(AGENTS[0], AGENTS[1])]


def _keys_of_ids(base: str) -> Sequence[str]:
    """The key that stands in for an id which is no UUID, as an id, and the key of that."""
    return [base, central_uuid(base), central_uuid(central_uuid(base))]


def _versions(base: str) -> Sequence[str]:
    """UUIDs of the versions that hashes have, and the same in capitals."""
    given = named_id(base)
    hashes = [f"{given[:14]}{version}{given[15:]}" for version in "08"]
    return [hashes[len(base) % 2], hashes[len(base) % 2].upper(), hashes[1 - len(base) % 2]]


def _padded(base: str) -> Sequence[str]:
    return [base, f" {base}", f"{base} ", f"{base}\u00a0"]


RELATIONS: tuple[Callable[[str], Sequence[str]], ...] = (
    _unrelated,
    _long,
    _prefixes,
    _cases,
    _normal_forms,
    _uuids,
    _around_agents,
    _made_by_agents,
    _keys_of_ids,
    _versions,
    _padded,
)


def family(relation: Callable[[str], Sequence[str]], base: str) -> tuple[str, ...]:
    """Three different ids of 1 to 255 bytes."""
    spare = (f"{base}~{number}" for number in range(3))
    fitting = [cut(name, ID_BYTES_MAX) for name in (*relation(base), *spare)]
    return tuple(dict.fromkeys(name for name in fitting if name))[:3]


FAMILIES = st.builds(family, st.sampled_from(RELATIONS), BASES)
"""Three ids that a careless design takes for one or two."""

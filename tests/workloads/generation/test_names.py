"""Ids of any form: each another one, each allowed."""

from __future__ import annotations

import unicodedata

from workloads.generation.names import Names, odd
from workloads.operations import Delete, LatestPage, ListServers
from workloads.validate import ID_BYTES_MAX, check


def test_odd_ids_are_different_allowed_and_of_all_sizes_and_scripts() -> None:
    names = Names("any")
    channels = [names.channel(number) for number in range(2_000)]
    users = [names.user(number) for number in range(2_000)]
    messages = [names.message(channel, sequence) for channel in range(40) for sequence in range(1, 50)]
    replies = [names.reply(number) for number in range(1, 2_000)]
    everything = [*channels, *users, *messages, *replies]
    assert len(set(everything)) == len(everything)
    for channel in channels:
        check(LatestPage(channel))
    for key in (*messages, *replies):
        check(Delete("key", 1, "channel", key))
    sizes = {len(name.encode()) for name in everything}
    assert (min(sizes), max(sizes)) == (1, ID_BYTES_MAX)
    scripts = {unicodedata.name(character, "CONTROL").split()[0] for name in everything for character in name}
    assert {"CYRILLIC", "CJK", "ARABIC", "LATIN"} <= scripts


def test_ids_that_differ_in_case_or_composition_alone_are_two() -> None:
    names = [odd("u", "7", style) for style in range(15)]
    assert len({unicodedata.normalize("NFC", name) for name in names}) < len(set(names)) == 15
    assert len({name.casefold() for name in names}) < 15


def test_servers_and_agents_have_uuids_whatever_the_form_of_the_others() -> None:
    for ids in ("uuid", "any"):
        check(ListServers(Names(ids).agent(3)))
    assert Names("any").server(2) == Names("uuid").server(2)

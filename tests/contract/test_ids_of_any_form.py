"""Ids of channels, users and messages: 1 to 255 bytes, in any script, and each is that id and no other, in every design."""

from __future__ import annotations

import pytest

from bench.verify.stage import WAYS, Stage
from tests.contract.chats import AGENTS, ANN, ROOM, SERVER, Chat
from workloads.ids import central_message_id
from workloads.operations import IsParticipant, LatestPage, ListChannels, ListParticipants, RecallContext
from workloads.validate import ID_BYTES_MAX, check

IN_ALL_SCRIPTS = (
    *("general", "Straße", "шум", "Ωμέγα", "ქართული", "አማርኛ", "ไทย", "हिन्दी", "বাংলা"),
    *("部屋", "频道", "頻道", "채널", "ﾊﾝｶｸ"),
    *("قناة-عامة", "ערוץ\u200f", "\u202eabc\u202c", "ab\u061ccd", "قناة 1/2"),
    *("👩‍👩‍👧‍👦", "🇺🇦", "☠\ufe0f", "\U0010fffd"),
    *("q\u0301\u0323\u0308", "\u0301", "क्ष\u094d", "a\u200bb", "a\u00adb", "\ufeffa"),
    *("it's", '"so"', "''", '""', "$$", "$1 :name %(x)s {0}", "back\\slash", "\\", "\\N", "\\x41", "E'\\n'"),
    *("100 %", "%", "%%", "%s", "%41", "_", "*", "?", ",", ";", "--", "/*", "../..", "{a,NULL}", '{"a": [null]}'),
    *("x'); DROP TABLE rooms; --", "1; SELECT pg_sleep(9)", "<script>alert(1)</script>", "&amp;", "<b>", "null", "NULL"),
    *("0", "1e5", "-1", "true", "now()", "=1+1", "\x01\x1f\x7f", "a\nb\r\n", "{550e8400-e29b-41d4-a716-446655440000}"),
)
LOOK_ALIKES = (
    *("a", "A", "а", "ａ", "ₐ", " a", "a ", " a ", "\ta", "a\u00a0", "\u00a0a", "a\u200d"),
    *(" ", "  ", "\u3000", "\n"),
    *("é", "e\u0301", "É", "ﬁ", "fi", "FI", "ß", "ss", "SS", "ẞ", "İ", "i\u0307", "I", "ı", "i", "K", "k", "\u212a", "Å", "\u212b"),
    *("ς", "σ", "Σ", "㎏", "kg", "①", "1", "１", "01", "한", "\u1112\u1161\u11ab", "葛", "葛\U000e0100"),
    *("550e8400-e29b-41d4-a716-446655440000", "550E8400-E29B-41D4-A716-446655440000", "550e8400e29b41d4a716446655440000"),
)
FROM_1_TO_255_BYTES = tuple(
    sign * (size // len(sign.encode())) + "." * (size % len(sign.encode()))
    for sign in ("x", "ж", "字", "🐙", "'", "\\", "%")
    for size in (len(sign.encode()), 127, 128, 254, 255)
)
ONE_WAY = WAYS[:1]


@pytest.mark.parametrize("ids", [IN_ALL_SCRIPTS, LOOK_ALIKES, FROM_1_TO_255_BYTES], ids=["scripts", "look-alikes", "lengths"])
def test_an_id_of_1_to_255_bytes_in_any_script_is_that_id_and_no_other(stages: list[Stage], ids: tuple[str, ...]) -> None:
    assert len(set(ids)) == len(ids)
    assert all(1 <= len(given.encode()) <= ID_BYTES_MAX for given in ids)
    agent, chat = AGENTS[0], Chat(agents=AGENTS)
    chat.server(SERVER)
    chat.agent(agent, SERVER)
    for place, given in enumerate(ids):
        # As a channel, a user and a message; each channel is another user's, so that one taken for another is seen.
        user = ids[place - 1]
        chat.channel(given, SERVER, topic=None)
        chat.join(given, agent, user)
        chat.send(given, given, user, f"in {given}")
        chat.reads += [LatestPage(given), ListParticipants(given), RecallContext(agent, given)]
        chat.reads += [IsParticipant(given, user), IsParticipant(given, given)]
    for step in chat.steps:
        check(step.write)
    told = chat.told(stages, ONE_WAY)
    for place, given in enumerate(ids):
        message, user = central_message_id(given), ids[place - 1]
        assert [row[:3] for row in told.model.answer(LatestPage(given))] == [(message, user, f"in {given}")]
        assert told.first(ListParticipants(given)) == sorted([agent, user])
        assert told.first(IsParticipant(given, given)) == [False]
        assert not told.otherwise(LatestPage(given))
        assert not told.otherwise(ListParticipants(given))
    assert told.first(ListChannels(SERVER)) == sorted(ids)
    assert len({row.message for row in told.model.projection().c_message}) == len(ids)


def test_messages_whose_ids_are_nearly_one_are_edited_and_removed_one_by_one(stages: list[Stage]) -> None:
    chat = Chat.opened(agents=1)
    chat.join(ROOM, ANN)
    for given in LOOK_ALIKES:
        chat.send(given, ROOM, ANN, "as sent")
    for given in LOOK_ALIKES[::3]:
        chat.edit(ROOM, given, "edited", 1)
    for given in LOOK_ALIKES[1::3]:
        chat.delete(ROOM, given)
    told = chat.told(stages, ONE_WAY)
    texts = {row.message: row.text for row in told.model.projection().c_message}
    wanted = {given: "edited" if place % 3 == 0 else "as sent" for place, given in enumerate(LOOK_ALIKES) if place % 3 != 1}
    assert texts == {central_message_id(given): text for given, text in wanted.items()}
    assert {row.message: row.text for row in told.model.projection().a_message} == texts

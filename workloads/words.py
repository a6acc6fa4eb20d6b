"""The words that texts are made of: everyday words of developers' chats, some of them not ASCII."""

from __future__ import annotations

WORDS: tuple[str, ...] = tuple(
    """
    the a to I is it and in you of that for on this have but my with not can be so if just what are do or as like
    when how your all was me there use would an get at we then one about code know no now some from will think try
    does want need out thanks help work way more they function has any see should here only good which time make
    problem why still first yes by because where using new right up find also well really got thing error look
    array did could same sure array. other after works start back object page loop string return last next read
    value question then, check much line ok, something learn challenge maybe before two people great every data
    two, let write into running project file change better question. always over being without name server once
    anyone run working message add wrong point same. done yet between click number each never week old show point.
    again open able list channel version call instead second result. understand their possible test idea variable
    feature deploy branch commit merge review update install library module package import export default async
    await promise callback request response header status token session cookie cache query index table schema
    column join transaction rollback latency timeout retry queue worker thread process memory buffer stream socket
    https://example.org/docs `npm install` `git status` `SELECT 1` TypeError: undefined null true false 404 500
    caf\u00e9 na\u00efve r\u00e9sum\u00e9 \u00fcber gr\u00fc\u00dfe ma\u00f1ana \u00e7a \u2014 it\u2019s \u2026
    \u043f\u0440\u0438\u0432\u0435\u0442 \u0441\u043f\u0430\u0441\u0438\u0431\u043e \u4f60\u597d \u8c22\u8c22
    \u3042\u308a\u304c\u3068\u3046 \u0634\u0643\u0631\u0627 \U0001f44d \U0001f602 \U0001f680 \U0001f389
    """.split()  # noqa: SIM905 - words in lines are what a person can read and extend
)
PLAIN_WORDS: tuple[str, ...] = tuple(word for word in WORDS if word.isascii() and word.isalpha())

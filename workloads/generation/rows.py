"""An operation as a row of numbers: cheap to make, and to keep in columns."""

from __future__ import annotations

import enum


class Kind(enum.IntEnum):
    """What is asked."""

    CREATE_SERVER = 0
    ADD_AGENT = 1
    CREATE_CHANNEL = 2
    JOIN = 3
    JOIN_AGENT = 4
    LEAVE = 5
    LEAVE_AGENT = 6
    SEND = 7
    REPLY = 8
    EDIT = 9
    DELETE = 10
    LATEST_PAGE = 11
    PAGE_BACK = 12
    RECALL_CONTEXT = 13
    LIST_CHANNELS = 14
    LIST_PARTICIPANTS = 15
    IS_PARTICIPANT = 16
    LIST_SERVERS = 17


Row = tuple[int, int, int, int, int, int, int]
"""Kind, at_ms, channel, actor, number, target, bytes of text; what a kind does not need is 0.

`channel` is a server for those kinds that speak of one; of a new channel, `actor` is its server. Else `actor` is a user, or an
agent where the kind speaks of agents. `number` is a message's sequence in its channel, a reply's in the workload, the revision of
an edit, or the rows of a page. `target` is the sequence of the message that is answered, edited or deleted; below 0 it is the
number of an answered reply. `at_ms` of a page back is what the page ends before.
"""

# Members of an enumeration are looked up ten times as slowly as plain numbers.
CREATE_SERVER, ADD_AGENT, CREATE_CHANNEL = int(Kind.CREATE_SERVER), int(Kind.ADD_AGENT), int(Kind.CREATE_CHANNEL)
JOIN, JOIN_AGENT, LEAVE, LEAVE_AGENT = int(Kind.JOIN), int(Kind.JOIN_AGENT), int(Kind.LEAVE), int(Kind.LEAVE_AGENT)
SEND, REPLY, EDIT, DELETE = int(Kind.SEND), int(Kind.REPLY), int(Kind.EDIT), int(Kind.DELETE)
LATEST_PAGE, PAGE_BACK, RECALL_CONTEXT = int(Kind.LATEST_PAGE), int(Kind.PAGE_BACK), int(Kind.RECALL_CONTEXT)
LIST_CHANNELS, LIST_PARTICIPANTS = int(Kind.LIST_CHANNELS), int(Kind.LIST_PARTICIPANTS)
IS_PARTICIPANT, LIST_SERVERS = int(Kind.IS_PARTICIPANT), int(Kind.LIST_SERVERS)

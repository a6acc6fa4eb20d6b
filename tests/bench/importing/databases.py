"""Databases of the real server, made by hand: the tables around a message, in both layouts, as its migrations make them."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from bench.importing.elizaos import Layout
from bench.server.databases import create_database, drop_database
from bench.server.server import Server

AGENT = "b850bc30-45f8-0041-a00a-83df46d8555d"
GONE = "c0ffee00-0000-0000-0000-0000000000aa"
"""An agent that was deleted: the table of the servers' agents still names it."""

_TIMES = "created_at timestamp DEFAULT CURRENT_TIMESTAMP NOT NULL, updated_at timestamp DEFAULT CURRENT_TIMESTAMP NOT NULL"
_MESSAGES = f"""
CREATE TABLE central_messages (id text PRIMARY KEY, channel_id text NOT NULL REFERENCES channels(id) ON DELETE CASCADE,
    author_id text NOT NULL, content text NOT NULL, raw_message jsonb,
    in_reply_to_root_message_id text REFERENCES central_messages(id) ON DELETE SET NULL,
    source_type text, source_id text, metadata jsonb, {_TIMES});
"""
UP_TO_1_6_1 = f"""
CREATE TABLE message_servers (id uuid PRIMARY KEY, name text NOT NULL, source_type text NOT NULL, source_id text, metadata jsonb,
    {_TIMES});
CREATE TABLE agents (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), enabled bool NOT NULL DEFAULT true, name text NOT NULL);
CREATE TABLE server_agents (server_id uuid NOT NULL REFERENCES message_servers(id) ON DELETE CASCADE, agent_id uuid NOT NULL);
CREATE TABLE channels (id text PRIMARY KEY, server_id uuid NOT NULL REFERENCES message_servers(id) ON DELETE CASCADE,
    name text NOT NULL, type text NOT NULL, source_type text, source_id text, topic text, metadata jsonb, {_TIMES});
CREATE TABLE channel_participants (channel_id text NOT NULL REFERENCES channels(id) ON DELETE CASCADE, user_id text NOT NULL);
{_MESSAGES}
CREATE TABLE rooms (id uuid PRIMARY KEY, "agentId" uuid, source text NOT NULL, type text NOT NULL, "serverId" text, "worldId" uuid,
    name text, metadata jsonb, "channelId" text, "createdAt" timestamp NOT NULL);
CREATE TABLE memories (id uuid PRIMARY KEY, type text NOT NULL, "createdAt" timestamp NOT NULL, content jsonb NOT NULL,
    "entityId" uuid, "agentId" uuid NOT NULL, "roomId" uuid, "worldId" uuid, "unique" bool NOT NULL DEFAULT true,
    metadata jsonb NOT NULL DEFAULT '{{}}');
"""
FROM_1_7 = f"""
CREATE TABLE message_servers (id uuid PRIMARY KEY, name text NOT NULL, source_type text NOT NULL, source_id text, metadata jsonb,
    {_TIMES});
CREATE TABLE agents (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), enabled bool NOT NULL DEFAULT true, name text NOT NULL);
CREATE TABLE message_server_agents (message_server_id uuid NOT NULL REFERENCES message_servers(id) ON DELETE CASCADE,
    agent_id uuid NOT NULL, PRIMARY KEY (message_server_id, agent_id));
CREATE TABLE channels (id text PRIMARY KEY, message_server_id uuid NOT NULL REFERENCES message_servers(id) ON DELETE CASCADE,
    name text NOT NULL, type text NOT NULL, source_type text, source_id text, topic text, metadata jsonb, {_TIMES});
CREATE TABLE channel_participants (channel_id text NOT NULL REFERENCES channels(id) ON DELETE CASCADE, entity_id text NOT NULL,
    PRIMARY KEY (channel_id, entity_id));
{_MESSAGES}
CREATE TABLE servers (id uuid PRIMARY KEY);
CREATE TABLE rooms (id uuid PRIMARY KEY, agent_id uuid, source text NOT NULL, type text NOT NULL, message_server_id uuid,
    world_id uuid, name text, metadata jsonb, channel_id text, created_at timestamp NOT NULL);
CREATE TABLE memories (id uuid PRIMARY KEY, type text NOT NULL, created_at timestamp NOT NULL, content jsonb NOT NULL,
    entity_id uuid, agent_id uuid NOT NULL, room_id uuid, world_id uuid, "unique" bool NOT NULL DEFAULT true,
    metadata jsonb NOT NULL DEFAULT '{{}}');
"""
TABLES = {Layout.UP_TO_1_6_1: UP_TO_1_6_1, Layout.FROM_1_7: FROM_1_7}

MESSAGE = """INSERT INTO central_messages (id, channel_id, author_id, content, in_reply_to_root_message_id, source_type, created_at)
VALUES (%(id)s, %(channel)s, %(author)s, %(content)s, %(answers)s, %(source)s, %(at)s)"""

Made = psycopg.Connection[tuple[Any, ...]]


@contextmanager
def database_of(server: Server, name: str, tables: str) -> Iterator[tuple[str, Made]]:
    """A database with these tables and one server in it, dropped at the end: its address, and a session that may write."""
    drop_database(server.endpoint, name)
    create_database(server.endpoint, name)
    try:
        address = server.endpoint.conninfo(name)
        with psycopg.connect(address, autocommit=True) as session:
            session.execute(tables.encode())
            yield address, session
    finally:
        drop_database(server.endpoint, name)


def fill(session: Made, layout: Layout, *, channel: str = "lobby", user: str = "ann") -> None:
    """Two channels, two people, two agents of which one is gone, and what they said."""
    here = str(uuid.UUID(int=0))
    session.execute("INSERT INTO message_servers VALUES (%s, 'server', 'eliza_default')", (here,))
    session.execute("INSERT INTO agents (id, name) VALUES (%s, 'Eliza')", (AGENT,))
    for agent in (AGENT, GONE):
        session.execute(f"INSERT INTO {layout.agents} VALUES (%s, %s)".encode(), (here, agent))
    for name in (channel, "dev"):
        session.execute("INSERT INTO channels VALUES (%s, %s, %s, 'GROUP')", (name, here, name))
    say(session, "m1", "2025-10-02 10:00:00.25", channel=channel, author=user, content="h\u00e9llo")
    say(
        session,
        "m3",
        "2025-10-02 10:00:05.5",
        channel=channel,
        author=AGENT,
        content="hi " * 40,
        answers="m1",
        source="agent_response",
    )
    say(session, "m2", "2025-10-02 10:00:05.5", channel="dev", author="bob")
    say(session, "m4", "2025-10-02 10:00:07", channel="dev", author=GONE, answers="m2")
    say(session, "m5", "2025-10-02 10:00:08", channel="dev", author="a deleted agent", answers="m2", source="agent_response")
    say(session, "m6", "2025-10-06 00:00:00", channel=channel, author="bob", content="")


def say(
    session: Made,
    key: str,
    at: str,
    *,
    channel: str = "lobby",
    author: str = "ann",
    content: str = "hello",
    answers: str | None = None,
    source: str | None = "client_chat",
) -> None:
    """One message more."""
    values = {"id": key, "channel": channel, "author": author, "content": content, "answers": answers, "source": source, "at": at}
    session.execute(MESSAGE, values)

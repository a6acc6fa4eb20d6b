"""The gate itself: a loopback port in front of a PostgreSQL server. One thread and one epoll move the bytes of all connections.

A connection that is not armed passes byte by byte, whatever it says (a start, a password, an encrypted session, a cancel request).
An armed one passes message by message by the rules of `bench.wire.passage`. The gate never waits for a client or for a server.
"""

from __future__ import annotations

import errno
import os
import select
import socket
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Self

from bench.wire.cut import Cut
from bench.wire.evidence import Evidence
from bench.wire.passage import Orders, Watch
from bench.wire.protocol import ProtocolError

SERVER_END_S = 10.0
"""How long a server may take to end the backend of a connection that was cut."""

_CHUNK = 1 << 16
_WAITING_MAX = 1 << 20
"""Bytes that may wait for one end before the other one is not read any more."""
_JOIN_S = 10.0

Address = str | tuple[str, int]
"""Where a server listens: the path of a unix socket, or a host and a port."""


@dataclass(slots=True, eq=False)
class End:
    """One of the two sockets of a connection, and what still has to go out of it."""

    socket: socket.socket
    fd: int
    is_connected: bool
    is_read: bool = True
    is_open: bool = True
    ends: bool = False
    """Once all went out, the other side is told that nothing more comes."""
    closes: bool = False
    """Once all went out, the socket is closed."""
    out: bytearray = field(default_factory=bytearray)
    events: int = 0


class Connection:
    """One client's connection through the gate, as the thread that arms it sees it. `port` is that of the client's end."""

    __slots__ = ("client", "gone", "port", "server", "watch")

    def __init__(self, client: End, server: End, port: int, watch: Watch | None) -> None:
        self.client = client
        self.server = server
        self.port = port
        self.watch = watch
        """The rules that it passes by; None while it is not armed."""
        self.gone = threading.Event()
        """The server has ended its side: nothing of this connection is under way any more."""

    def arm(self, cut: Cut | None, writing: frozenset[bytes] = frozenset()) -> None:
        """Count its messages from here on, and cut it at the one that the cut names. It must be idle: all it asked is answered.

        `writing` names its prepared statements that change rows though their tags do not say so.
        """
        # One assignment, and the gate's thread looks at it when the next bytes come.
        self.watch = Watch(cut, writing=writing)

    @property
    def count(self) -> int:
        """Messages of the client since it was armed."""
        return 0 if self.watch is None else self.watch.count

    @property
    def evidence(self) -> Evidence:
        """What happened since it was armed."""
        return Evidence(False, 0, ()) if self.watch is None else self.watch.evidence


class Gate:
    """Make it with `opened`. Connections are looked up by the port of their client's end."""

    def __init__(self, upstream: Address, arming: Callable[[], Watch | None]) -> None:
        self._family, self._upstream = _resolved(upstream)
        self._arming = arming
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._listener.setblocking(False)
        self.port: int = self._listener.getsockname()[1]
        self._wake = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._commands: deque[tuple[Callable[[], None], threading.Event]] = deque()
        self._by_fd: dict[int, tuple[End, Connection]] = {}
        self._by_port: dict[int, Connection] = {}
        self._stops = False
        self._failure: BaseException | None = None
        self._epoll = select.epoll()
        self._epoll.register(self._listener.fileno(), select.EPOLLIN)
        self._epoll.register(self._wake, select.EPOLLIN)
        self._thread = threading.Thread(target=self._run, name="gate", daemon=True)
        self._thread.start()

    @classmethod
    @contextmanager
    def opened(cls, upstream: Address, arming: Callable[[], Watch | None] = lambda: None) -> Iterator[Self]:
        """A gate before a server, closed at the end with every connection through it.

        `arming` gives the rules of each new connection from its first byte on, for a client that nobody can arm later; a new
        `Watch` that `greets` each time.
        """
        gate = cls(upstream, arming)
        try:
            yield gate
        finally:
            gate.close()

    def connection(self, port: int) -> Connection:
        """The connection of the client whose end has this port. Raises `KeyError` when there is none."""
        return self._by_port[port]

    def release(self, connection: Connection) -> bool:
        """Let go what a connection holds, and wait for the server to end a zombie; False when it did not in time."""
        watch = connection.watch
        if watch is None:
            return True
        self._command(lambda: self._do(connection, watch.release()))
        return not watch.awaits_server or connection.gone.wait(SERVER_END_S)

    def close(self) -> None:
        """End every connection and the thread; twice is fine. Raises what ended the thread before its time."""
        if self._thread.is_alive():
            self._stops = True
            os.eventfd_write(self._wake, 1)
            self._thread.join(_JOIN_S)
        if self._wake >= 0:
            os.close(self._wake)
            self._wake = -1
        failure, self._failure = self._failure, None
        if failure is not None:
            raise failure

    def _command(self, action: Callable[[], None]) -> None:
        """Have the gate's thread do something, and wait until it has."""
        done = threading.Event()
        self._commands.append((action, done))
        if self._thread.is_alive():
            os.eventfd_write(self._wake, 1)
            done.wait(_JOIN_S)

    # From here on everything runs in the gate's thread.

    def _run(self) -> None:
        listening = self._listener.fileno()
        try:
            while not self._stops:
                ready = self._epoll.poll()
                for fd, events in ready:
                    if fd == self._wake:
                        self._obey()
                    elif (known := self._by_fd.get(fd)) is not None:
                        self._serve(*known, events)
                # Last, since a new socket may get the number of one that was closed just now.
                if any(fd == listening for fd, _ in ready):
                    self._accept()
        except BaseException as error:  # noqa: BLE001 - whoever closes the gate hears of it
            self._failure = error
        finally:
            for end, connection in list(self._by_fd.values()):
                self._close(end)
                connection.gone.set()
            self._listener.close()
            self._epoll.close()
            while self._commands:
                self._commands.popleft()[1].set()

    def _obey(self) -> None:
        os.eventfd_read(self._wake)
        while self._commands:
            action, done = self._commands.popleft()
            action()
            done.set()

    def _accept(self) -> None:
        try:
            accepted, (_, port) = self._listener.accept()
        except BlockingIOError:
            return
        client = _end(accepted, is_connected=True)
        upstream = socket.socket(self._family, socket.SOCK_STREAM)
        server = _end(upstream, is_connected=False)
        problem = upstream.connect_ex(self._upstream)
        server.is_connected = problem == 0
        connection = Connection(client, server, port, self._arming())
        for end in (client, server):
            self._by_fd[end.fd] = end, connection
        self._by_port[port] = connection
        if problem not in (0, errno.EINPROGRESS):
            self._lose(connection)
            return
        self._attend(client, server)
        self._attend(server, client)

    def _serve(self, end: End, connection: Connection, events: int) -> None:
        if events & select.EPOLLOUT:
            if not end.is_connected:
                if end.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
                    self._lose(connection)
                    return
                end.is_connected = True
            self._push(end)
        orders = Orders()
        if events & ~select.EPOLLOUT and end.is_read and end.is_open:
            try:
                orders = self._read(end, connection)
            except ProtocolError:
                self._lose(connection)
                return
        self._do(connection, orders)

    def _read(self, end: End, connection: Connection) -> Orders:
        """What comes out of an end, and what is to be done about it."""
        try:
            data = end.socket.recv(_CHUNK)
        except BlockingIOError:
            return Orders()
        except OSError:
            data = b""
        watch, is_client = connection.watch, end is connection.client
        if data:
            if watch is None:
                return Orders(to_server=data) if is_client else Orders(to_client=data)
            return watch.from_client(data) if is_client else watch.from_server(data)
        end.is_read = False
        if is_client:
            return Orders(end_server=True) if watch is None else watch.client_ended()
        orders = Orders(close_client=True) if watch is None else watch.server_ended()
        self._close(end)
        connection.gone.set()
        return orders

    def _do(self, connection: Connection, orders: Orders) -> None:
        client, server = connection.client, connection.server
        # Most of what comes fits into the socket at once.
        server.out += self._sent_at_once(server, orders.to_server)
        client.out += self._sent_at_once(client, orders.to_client)
        server.ends |= orders.end_server
        client.ends |= orders.end_client
        client.closes |= orders.close_client
        if server.out or orders.end_server:
            self._push(server)
        if client.out or orders.end_client or orders.close_client:
            self._push(client)
        self._attend(client, server)
        self._attend(server, client)

    def _sent_at_once(self, end: End, data: bytes) -> bytes:
        """Send what an end takes now of this; what is left waits behind what waits already."""
        if not data or end.out or not end.is_open or not end.is_connected:
            return data if end.is_open else b""
        try:
            sent = end.socket.send(data)
        except BlockingIOError:
            return data
        except OSError:
            # It is gone: nothing can be told it any more, and what it still says is read to its end.
            return b""
        return data[sent:]

    def _push(self, end: End) -> None:
        """Send what waits, and then tell the end or close."""
        if not end.is_open or not end.is_connected:
            return
        if end.out:
            try:
                del end.out[: end.socket.send(end.out)]
            except BlockingIOError:
                return
            except OSError:
                # It is gone: nothing can be told it any more, and what it still says is read to its end.
                end.out.clear()
        if end.out:
            return
        if end.closes:
            self._close(end)
        elif end.ends:
            end.ends = False
            with suppress(OSError):
                end.socket.shutdown(socket.SHUT_WR)

    def _attend(self, end: End, other: End) -> None:
        """Ask to be told when there is something to do for an end."""
        if not end.is_open:
            return
        wanted = 0
        if end.is_read and end.is_connected and len(other.out) < _WAITING_MAX:
            wanted |= select.EPOLLIN
        if end.out or not end.is_connected:
            wanted |= select.EPOLLOUT
        if wanted == end.events:
            return
        # An end of which nothing is wanted is not registered at all, or its hanging up would be told without end.
        if not end.events:
            self._epoll.register(end.fd, wanted)
        elif not wanted:
            self._epoll.unregister(end.fd)
        else:
            self._epoll.modify(end.fd, wanted)
        end.events = wanted

    def _lose(self, connection: Connection) -> None:
        """Give a connection up: its server is not to be had, or what it says is not PostgreSQL's protocol."""
        self._close(connection.client)
        self._close(connection.server)
        connection.gone.set()

    def _close(self, end: End) -> None:
        if not end.is_open:
            return
        end.is_open = end.is_read = False
        if end.events:
            self._epoll.unregister(end.fd)
            end.events = 0
        _, connection = self._by_fd.pop(end.fd)
        # A copy of the socket in a forked process must not keep it open.
        with suppress(OSError):
            end.socket.shutdown(socket.SHUT_RDWR)
        end.socket.close()
        if not connection.client.is_open and not connection.server.is_open and self._by_port.get(connection.port) is connection:
            del self._by_port[connection.port]


def _end(sock: socket.socket, *, is_connected: bool) -> End:
    sock.setblocking(False)
    if sock.family != socket.AF_UNIX:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return End(sock, sock.fileno(), is_connected)


def _resolved(address: Address) -> tuple[socket.AddressFamily, Address]:
    """The family and the address to connect to."""
    if isinstance(address, str):
        return socket.AF_UNIX, address
    family, _, _, _, found = socket.getaddrinfo(*address, type=socket.SOCK_STREAM)[0]
    return family, (str(found[0]), int(found[1]))

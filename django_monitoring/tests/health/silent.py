"""Servers that take connections and do not answer."""

import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread

# https://www.postgresql.org/docs/current/protocol-message-formats.html
_SSL_REQUEST = struct.pack("!II", 8, 80877103)
_AUTHENTICATION_OK = b"R" + struct.pack("!II", 8, 0)
_READY_FOR_QUERY = b"Z" + struct.pack("!I", 5) + b"I"


def _parameter(name: bytes, value: bytes) -> bytes:
    body = name + b"\0" + value + b"\0"
    return b"S" + struct.pack("!I", len(body) + 4) + body


# psycopg2 asks for these before a connection is one.
_PARAMETERS = _parameter(b"client_encoding", b"UTF8") + _parameter(b"DateStyle", b"ISO, MDY")


@contextmanager
def listening(*, accepts: bool = True) -> Iterator[int]:
    """A port where connections are taken, and nothing else happens.

    Without ``accepts``, the listener's queue is full: the system drops what comes.
    """
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(64 if accepts else 0)
        port = listener.getsockname()[1]
        fillers = [socket.socket() for _ in range(0 if accepts else 3)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(("127.0.0.1", port))
        yield port
        for filler in fillers:
            filler.close()


@contextmanager
def letting_in() -> Iterator[int]:
    """A port where PostgreSQL's log-in succeeds and queries are never answered.

    So it is with a pooler that has no server left, or a server that has stopped.
    """
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        clients: list[socket.socket] = []

        def let_in() -> None:
            with suppress(OSError):
                while True:
                    client, _ = listener.accept()
                    clients.append(client)
                    if client.recv(8) == _SSL_REQUEST:
                        client.sendall(b"N")
                    client.recv(65536)
                    client.sendall(_AUTHENTICATION_OK + _PARAMETERS + _READY_FOR_QUERY)

        thread = Thread(target=let_in)
        thread.start()
        yield listener.getsockname()[1]
        # Unlike close, this wakes the thread that waits for the listener.
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()
        for client in clients:
            client.close()


@contextmanager
def swallowing(target: int, text: bytes) -> Iterator[int]:
    """A port that leads to another one, until a client sends a text: then nobody hears anything.

    So it is with a server that dies, or disappears from the network, between log-in and query.
    """
    with socket.create_server(("127.0.0.1", 0)) as listener:
        lines: list[socket.socket] = []

        def accept() -> None:
            with suppress(OSError):
                while True:
                    client, _ = listener.accept()
                    server = socket.create_connection(("127.0.0.1", target))
                    lines.extend((client, server))
                    silent = Event()
                    Thread(target=_forward, args=(client, server, silent, text)).start()
                    Thread(target=_forward, args=(server, client, silent, None)).start()

        thread = Thread(target=accept)
        thread.start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()
        for line in lines:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
            line.close()


def _forward(
    source: socket.socket, target: socket.socket, silent: Event, text: bytes | None
) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            if text is not None and text in data:
                silent.set()
            if not silent.is_set():
                target.sendall(data)

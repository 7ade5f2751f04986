"""A way to a database that can be made to fail in each of the ways in which networks do."""

import socket
import struct
import time
from contextlib import suppress
from select import select
from threading import Lock, Thread
from typing import Final

_BACKLOG: Final = 2
_RESET: Final = struct.pack("ii", 1, 0)
_TICK: Final = 0.02


class Proxy:
    """Forwards connections to a port of the loopback interface until it is told otherwise."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._lock = Lock()
        self._lines: list[socket.socket] = []
        self._unanswered: list[socket.socket] = []
        self._fillers: list[socket.socket] = []
        self._forwards = True
        self._accepts = True
        self._closed = False
        self._listener = self._listen(0)
        self.port: int = self._listener.getsockname()[1]
        Thread(target=self._accept, daemon=True).start()

    def refuse(self) -> None:
        """Refuse new connections, and reset those that there are."""
        with self._lock:
            self._accepts = False
            self._listener.close()
            self._reset_lines()

    def hang(self) -> None:
        """Accept connections and say nothing, on old ones either."""
        self._forwards = False

    def black_hole(self) -> None:
        """Swallow everything: no new connection comes about, and old ones hear nothing."""
        with self._lock:
            self._forwards = self._accepts = False
        # The system drops what comes for a listener whose queue is full.
        while True:
            filler = socket.socket()
            filler.settimeout(0.3)
            self._fillers.append(filler)
            try:
                filler.connect(("127.0.0.1", self.port))
            except TimeoutError:
                return

    def heal(self) -> None:
        """Forward again; connections from before are reset, as after a failover."""
        with self._lock:
            self._listener.close()
            self._reset_lines()
            for filler in self._fillers:
                filler.close()
            self._fillers.clear()
            self._listener = self._listen(self.port)
            self._forwards = self._accepts = True

    def close(self) -> None:
        """End for good."""
        with self._lock:
            self._closed = True
            self._accepts = False
            self._listener.close()
            self._reset_lines()
            for filler in self._fillers:
                filler.close()

    def _listen(self, port: int) -> socket.socket:
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen(_BACKLOG)
        return listener

    def _reset_lines(self) -> None:
        for line in self._lines:
            with suppress(OSError):
                line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
                # Unlike close, this wakes the thread that waits for the line.
                line.shutdown(socket.SHUT_RDWR)
        # Those that were never forwarded have no thread that closes them.
        for line in self._unanswered:
            line.close()
        self._lines.clear()
        self._unanswered.clear()

    def _accept(self) -> None:
        while not self._closed:
            time.sleep(_TICK)
            with self._lock, suppress(OSError):
                while self._accepts and select([self._listener], [], [], 0)[0]:
                    client, _ = self._listener.accept()
                    if not self._forwards:
                        self._lines.append(client)
                        self._unanswered.append(client)
                        continue
                    try:
                        server = socket.create_connection(("127.0.0.1", self._target))
                    except OSError:
                        client.close()
                        continue
                    self._lines += [client, server]
                    Thread(target=self._pump, args=(client, server), daemon=True).start()

    def _pump(self, client: socket.socket, server: socket.socket) -> None:
        with client, server, suppress(OSError):
            while not self._closed:
                for line in select([client, server], [], [], 0.5)[0]:
                    data = line.recv(65536)
                    if not data:
                        return
                    if self._forwards:
                        (server if line is client else client).sendall(data)

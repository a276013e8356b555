"""A relay of connections to a port, which reads nothing of them and can fall silent."""

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from tests.serving import serving


class Relay(socketserver.ThreadingTCPServer):
    """Passes on all that comes; `ends` are its open sockets, that of each client and then its own to the port."""

    def __init__(self, to: int) -> None:
        super().__init__(("127.0.0.1", 0), socketserver.BaseRequestHandler)
        self.to, self.port = to, int(self.server_address[1])
        self.ends: list[socket.socket] = []
        self.silent: list[socket.socket] = []

    def fall_silent(self) -> None:
        """From now on the connections that are open swallow all that is sent."""
        self.silent = list(self.ends)

    def finish_request(self, near: socket.socket, *_: object) -> None:  # type: ignore[override]
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.to)) as far:
            self.ends += [near, far]
            back = threading.Thread(target=self._pass_on, args=(far, near))
            back.start()
            self._pass_on(near, far)
            back.join()

    def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                if source not in self.silent:
                    target.sendall(data)
            if source not in self.silent:
                target.shutdown(socket.SHUT_WR)


@contextmanager
def relay(to: int) -> Iterator[Relay]:
    """A relay to this port of this machine, while the block runs."""
    with Relay(to) as running:
        try:
            with serving(running):
                yield running
        finally:
            for end in running.ends:
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

"""Sends an answer without a wait: what the kernel does not take at once is kept, and the main loop sends it later.

gunicorn writes an answer on a thread, and waits there for a client that reads slowly or not at all.
"""

import socket


class Outgoing:
    """What gunicorn writes to, in the place of the socket. `unsent` is what the client has not made room for yet."""

    def __init__(self, sock: socket.socket) -> None:
        self._socket = sock
        self.unsent = b""

    def sendall(self, data: bytes) -> None:
        """Send as much as the kernel takes, and keep the rest. Raises OSError for a broken connection."""
        if self.unsent:
            self.unsent += data
            return
        try:
            sent = self._socket.send(data)
        except BlockingIOError:
            sent = 0
        self.unsent = data[sent:]

    send = sendall

    def flush(self) -> None:
        """Send more of the rest. Raises OSError for a broken connection."""
        rest, self.unsent = self.unsent, b""
        self.sendall(rest)

    def setblocking(self, blocking: bool) -> None:
        """Nothing: the socket never blocks. gunicorn calls this and the next method before and after it writes."""

    def gettimeout(self) -> float:
        return 0.0

    def shutdown(self, how: int) -> None:
        """Refuse, so that gunicorn does not wait for the client to hang up: the main loop closes the connection."""
        raise OSError("the main loop closes this connection")

    def close(self) -> None:
        """Nothing: the main loop closes the connection."""

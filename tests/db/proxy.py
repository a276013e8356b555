"""A way to MySQL that answers some statements itself, as a proxy or another kind of server would."""

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import IO

from tests.serving import serving
from tools.private_server import Server

OK = b"\x00\x00\x00\x02\x00\x00\x00"
"""The packet of a statement that changed no row, of a session that commits by itself."""


def error(number: int, text: str, state: str = "HY000") -> bytes:
    """The packet of an error."""
    return b"\xff" + number.to_bytes(2, "little") + f"#{state}{text}".encode()


@contextmanager
def answering(server: Server, answers: dict[str, bytes]) -> Iterator[int]:
    """The port of a proxy that answers a statement that holds such a text with its packet. It passes the rest."""

    class Passing(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            with suppress(OSError), socket.create_connection(("127.0.0.1", server.port)) as upstream:
                back = threading.Thread(target=_pass, args=(upstream, self.connection))
                back.start()
                with suppress(OSError):
                    _answer(self.rfile, self.connection, upstream, answers)
                with suppress(OSError):
                    upstream.shutdown(socket.SHUT_RDWR)
                back.join()

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Passing) as proxy, serving(proxy):
        yield int(proxy.server_address[1])


def _pass(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)


def _answer(packets: IO[bytes], client: socket.socket, server: socket.socket, answers: dict[str, bytes]) -> None:
    """Packet by packet: three bytes of length, one of the number in its turn, and the text of a query after a 3."""
    while head := packets.read(4):
        payload = packets.read(int.from_bytes(head[:3], "little"))
        known = list(answers.items())  # a test may clear them meanwhile
        found = [answer for text, answer in known if payload[:1] == b"\x03" and text.encode() in payload]
        if found:
            client.sendall(len(found[0]).to_bytes(3, "little") + bytes([head[3] + 1]) + found[0])
        else:
            server.sendall(head + payload)

"""A connection that checks tokens without waiting: the statement auth_tokens.check, prepared once, on its own socket.

PyMySQL sends a statement as text and waits for the answer. Here the server has parsed it already, which saves
a third of its time for a small batch (bench/results.md), and the caller can wait for many sockets at once. The packets
are those of the protocol of MariaDB and MySQL: COM_STMT_PREPARE, COM_STMT_EXECUTE, and a result of one column of text.
"""

import ssl
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final

from v1.db import connection as mysql
from v1.db import error_numbers
from v1.db.connection import Connection
from v1.db.connections import Connections
from v1.errors import DatabaseDown

SIZES: Final = (1, 2, 3, 4, 8, 16, 32, 64)
"""How many digests the statements take. A batch goes to the next larger statement, with its last digest repeated."""

MOST: Final = SIZES[-1]
"""The most digests of a batch."""

TIMED_OUT: Final = "timed out"
"""In the text of an error: the server hangs, so the batch is not to be repeated."""

_SIZE_OF: Final = [next(size for size in SIZES if size >= count) for count in range(MOST + 1)]
_PREPARE: Final = 0x16
_EXECUTE: Final = b"\x17"
_NO_CURSOR_ONCE: Final = b"\0" + (1).to_bytes(4, "little")
_STRING: Final = b"\xfe\0"
_ROW, _END, _ERROR = 0, 0xFE, 0xFF
"""The first byte of a packet in an answer. (The two packets that describe the column begin with 1 and 3.)"""


class PreparedCheck:
    """The prepared statement: `ask` sends a batch, `receive` returns its rows. One batch at a time, from one thread."""

    def __init__(self, connections: Connections, connection: Connection, sql: str) -> None:
        """Prepare `sql`, with a list for `%(auth_keys)s`; this waits. Nothing else may use the connection from now on.

        Raises DatabaseDown.
        """
        self._connections, self._connection, self._received = connections, connection, bytearray()
        with mysql.translated():
            self._heads = {size: _head(size, _prepare(connection, sql, size)) for size in SIZES}
        self._socket = _driver(connection)._sock
        self._socket.setblocking(False)

    def fileno(self) -> int:
        """The file number of the socket, which becomes readable when an answer arrives."""
        return int(self._socket.fileno())

    def ask(self, auth_keys: Sequence[str]) -> None:
        """Look up 1 to MOST digests. They travel as values, apart from the SQL. Raises DatabaseDown."""
        self._received.clear()
        size = _SIZE_OF[len(auth_keys)]
        padded = [*auth_keys, *[auth_keys[-1]] * (size - len(auth_keys))]
        body = self._heads[size] + "".join([chr(len(each)) + each for each in padded]).encode("ascii")
        packet = len(body).to_bytes(4, "little") + body
        try:
            sent = self._socket.send(packet)
        except OSError as error:
            raise _lost(error) from None
        if sent < len(packet):  # never: the server has read the batch before, so its buffer is empty
            raise _lost("the batch does not fit into the buffer of the socket")

    def receive(self) -> dict[str, str] | None:
        """The packed rows by digest, or None if more is still to arrive. Raises DatabaseDown."""
        while (data := self._arrived()) is not None:
            if not data:
                raise _lost("the server closed the connection")
            self._received += data
            if (rows := _rows(self._received)) is not None:
                return dict(row.split(" ", 1) for row in rows)
        return None

    def is_current(self) -> bool:
        """Whether the connection goes to the database host that is used."""
        return self._connections.is_current(self._connection)

    def failed(self, error: DatabaseDown) -> None:
        """Note that a batch failed: the host may have to be left."""
        self._connections.failed(self._connection, error)

    def close(self) -> None:
        """Close the connection, whatever state it is in."""
        self._connections.discard(self._connection)

    def _arrived(self) -> bytes | None:
        """What has arrived; b"" at the end of the connection, None if there is nothing."""
        try:
            return bytes(self._socket.recv(65536))
        except (BlockingIOError, ssl.SSLWantReadError):
            return None
        except OSError as error:
            raise _lost(error) from None


def may_repeat(error: DatabaseDown) -> bool:
    """Whether the connection broke or its host must be left, so that the batch may be repeated on a new one."""
    return error.number in error_numbers.LEAVE or (error.number in error_numbers.LOST and TIMED_OUT not in error.text)


def report(error: DatabaseDown) -> None:
    """Count and log an error, as the pool does."""
    with suppress(DatabaseDown), mysql.reported():
        raise error


def timed_out() -> DatabaseDown:
    """The error of a server that does not answer at all."""
    return _lost(TIMED_OUT)


def _lost(reason: object) -> DatabaseDown:
    return DatabaseDown(error_numbers.LOST[2], f"Lost connection to the server during a check ({reason})")


def _driver(connection: Connection) -> Any:
    """The connection with the parts of the driver that are not public: its socket and its packets."""
    return connection


def _prepare(connection: Connection, sql: str, size: int) -> bytes:
    """The id of the statement with so many parameters, as the protocol has it."""
    driver, marks = _driver(connection), ", ".join(["?"] * size)
    driver._execute_command(_PREPARE, sql.replace("%(auth_keys)s", f"({marks})"))
    prepared: bytes = driver._read_packet().get_all_data()[1:5]
    for _ in ("parameters", "column"):
        while not driver._read_packet().is_eof_packet():
            pass
    return prepared


def _head(size: int, prepared: bytes) -> bytes:
    """The command before the values: no value is NULL, and each is a string."""
    no_nulls = bytes((size + 7) // 8)
    return _EXECUTE + prepared + _NO_CURSOR_ONCE + no_nulls + b"\1" + _STRING * size


def _rows(answer: bytearray) -> list[str] | None:
    """The rows of an answer, or None if it has not arrived whole. Raises DatabaseDown if it is an error."""
    rows, ends, at = [], 0, 0
    while (begin := at + 4) < len(answer):
        at = begin + int.from_bytes(answer[at : at + 3], "little")
        if at > len(answer):
            break
        if answer[begin] == _ROW:
            rows.append(_text(answer, begin + 2, at))
        elif answer[begin] == _ERROR:
            number = int.from_bytes(answer[begin + 1 : begin + 3], "little")
            raise DatabaseDown(number, answer[begin + 9 : at].decode(errors="replace"))
        elif answer[begin] == _END:
            ends += 1
            if ends == 2:  # the first ends the description of the column
                return rows
    return None


def _text(answer: bytearray, begin: int, end: int) -> str:
    """The only value of a row, without the length in front of it: that has 1 byte, or 3 or 4 after a mark."""
    return answer[begin + {0xFC: 3, 0xFD: 4}.get(answer[begin], 1) : end].decode()

"""Opens connections to MySQL and translates the driver's errors. The only module that imports PyMySQL."""

import logging
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final, TypeAlias

import pymysql
from pymysql import connections

from v1.db import error_numbers, session
from v1.errors import DatabaseDown
from v1.observe import metrics
from v1.settings.database_hosts import Host
from v1.settings.database_url import DatabaseUrl, UnusableFile

log = logging.getLogger(__name__)

Row = tuple[Any, ...]
Connection: TypeAlias = "connections.Connection[Any]"
Run: TypeAlias = Callable[[str], list[Row]]
"""Runs a statement and returns its rows. Raises DatabaseDown."""

NO_CRYPTOGRAPHY: Final = "; pip install cryptography, or use a socket or TLS (ssl_mode=REQUIRED)"
"""What to do where the server asks for a password by RSA, as MySQL does over TCP without TLS."""


class Duplicate(Exception):
    """A unique key already holds the value of the new row."""


def connect(
    url: DatabaseUrl,
    host: Host,
    tls: ssl.SSLContext | None,
    connect_seconds: float,
    wait_seconds: float | None,
    query_seconds: int | None,
) -> Connection:
    """A new connection to this host of the URL. It commits each statement, whatever the server's init_connect says.

    Raises DatabaseDown. `wait_seconds` limits each read from and write to the socket. `query_seconds` limits each
    statement in the server; None sets no limit, for statements that alter tables.
    """
    with connecting():
        connection = _open(url, host, tls, connect_seconds, wait_seconds)
        try:
            connection.select_db(url.name)
            with connection.cursor() as cursor:
                session.configure(cursor, url.name, query_seconds)
        except BaseException:
            discard(connection)
            raise
    return connection


def _open(
    url: DatabaseUrl, host: Host, tls: ssl.SSLContext | None, connect_seconds: float, wait_seconds: float | None
) -> Connection:
    """Connect. Without TLS `ssl_disabled` is set: PyMySQL 1.2 otherwise loads the CA store on every connect."""
    return pymysql.connect(
        host=host.name,
        port=host.port,
        user=url.user,
        password=url.password,
        database=url.name,
        unix_socket=host.unix_socket,
        charset="utf8mb4",
        autocommit=None,  # v1/db/session.py sets it: the driver trusts the greeting, and init_connect runs after it
        connect_timeout=connect_seconds,
        read_timeout=wait_seconds,
        write_timeout=wait_seconds,
        ssl=tls,
        ssl_disabled=tls is None,
    )


@contextmanager
def connecting() -> Iterator[None]:
    """Turns every error of the driver while it connects into DatabaseDown.

    The driver raises RuntimeError if a package is missing, and any exception for a greeting that it cannot read.
    """
    try:
        yield
    except DatabaseDown:
        raise
    except pymysql.MySQLError as error:
        raise DatabaseDown(*_number_and_text(error), connecting=True) from None
    except UnusableFile as error:
        raise DatabaseDown(error_numbers.NO_TLS, str(error), connecting=True) from None
    except RuntimeError as error:
        hint = NO_CRYPTOGRAPHY if "cryptography" in str(error) else ""
        raise DatabaseDown(error_numbers.CANNOT_LOAD, str(error) + hint, connecting=True) from None
    except Exception as error:
        text = f"the greeting of the server cannot be read ({type(error).__name__}): is it MySQL or MariaDB?"
        raise DatabaseDown(error_numbers.HANDSHAKE, text, connecting=True) from None


def _number_and_text(error: pymysql.MySQLError) -> tuple[int, str]:
    """The number and the text of an error of the driver."""
    number = error.args[0] if error.args and isinstance(error.args[0], int) else 0
    return number, str(error.args[1]) if len(error.args) > 1 else str(error)


@contextmanager
def translated() -> Iterator[None]:
    """Turns the driver's errors into Duplicate and DatabaseDown."""
    try:
        yield
    except pymysql.MySQLError as error:
        number, text = _number_and_text(error)
        if isinstance(error, pymysql.err.IntegrityError) and number == error_numbers.DUPLICATE_ENTRY:
            raise Duplicate from None
        raise DatabaseDown(number, text) from None


@contextmanager
def reported() -> Iterator[None]:
    """Counts and logs the errors that leave the block. An error that a retry inside the block mends is not counted."""
    try:
        yield
    except DatabaseDown as error:
        metrics.database_errors.labels(str(error.number)).inc()
        extra: dict[str, object] = {"event": "database.error", "number": error.number}
        extra |= {"reason": error.text} if error.connecting else {}
        log.error("database error %s", error.number, extra=extra)
        raise


def alive(connection: Connection) -> bool:
    """Whether the server still answers on this connection."""
    try:
        connection.ping()
    except (pymysql.MySQLError, OSError):
        return False
    return True


def discard(connection: Connection) -> None:
    """Close the connection, whatever state it is in."""
    with suppress(pymysql.MySQLError, OSError):
        connection.close()


def cut(connection: Connection) -> None:
    """End the connection under a thread that waits for its answer: the thread gets an error of LOST at once."""
    with suppress(OSError, AttributeError):  # it was closed meanwhile
        # Not the method of ssl.SSLSocket, which changes what the waiting thread uses.
        socket.socket.shutdown(connection._sock, socket.SHUT_RDWR)  # type: ignore[attr-defined]


def runner(connection: Connection) -> Run:
    """Runs statements on this connection."""

    def run(sql: str) -> list[Row]:
        with translated(), connection.cursor() as cursor:
            cursor.execute(sql)
            return list(cursor.fetchall())

    return run

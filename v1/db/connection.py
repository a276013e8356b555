"""Opens connections to MySQL and translates the driver's errors. The only module that imports PyMySQL."""

import logging
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, TypeAlias

import pymysql
from pymysql import connections

from v1.db import session
from v1.errors import DatabaseDown
from v1.observe import metrics
from v1.settings.database_url import DatabaseUrl, UnusableFile, tls_context

log = logging.getLogger(__name__)

Row = tuple[Any, ...]
Connection: TypeAlias = "connections.Connection[Any]"

DUPLICATE_ENTRY = 1062
DEADLOCK = 1213
LOST = (0, 2006, 2013, 2055)
"""The error numbers of a lost connection. 0 is PyMySQL's own "already closed"."""

HANDSHAKE = 2012
"""The error number for a server greeting that the driver cannot read."""

NO_TLS = 2026
"""The error number for a TLS connection that cannot be made."""

CANNOT_LOAD = 2059
"""The error number for an authentication plugin that needs a Python package which is not installed."""


class Duplicate(Exception):
    """A unique key already holds the value of the new row."""


def connect(
    url: DatabaseUrl,
    tls: ssl.SSLContext | None,
    connect_seconds: int,
    wait_seconds: int | None,
    query_seconds: int | None,
) -> Connection:
    """A new connection that commits each statement, whatever the server's init_connect says. Raises DatabaseDown.

    `wait_seconds` limits each read from and write to the socket. `query_seconds` limits each statement in the server;
    None sets no limit, for statements that alter tables.
    """
    with _connecting():
        connection = _open(url, tls, connect_seconds, wait_seconds)
        try:
            connection.select_db(url.name)
            with connection.cursor() as cursor:
                session.configure(cursor, url.name, query_seconds)
        except BaseException:
            discard(connection)
            raise
    return connection


def _open(url: DatabaseUrl, tls: ssl.SSLContext | None, connect_seconds: int, wait_seconds: int | None) -> Connection:
    """Connect. Without TLS `ssl_disabled` is set: PyMySQL 1.2 otherwise loads the CA store on every connect."""
    return pymysql.connect(
        host=url.host,
        port=url.port,
        user=url.user,
        password=url.password,
        database=url.name,
        unix_socket=url.unix_socket,
        charset="utf8mb4",
        autocommit=None,  # v1/db/session.py sets it: the driver trusts the greeting, and init_connect runs after it
        connect_timeout=connect_seconds,
        read_timeout=wait_seconds,
        write_timeout=wait_seconds,
        ssl=tls,
        ssl_disabled=tls is None,
    )


@contextmanager
def _connecting() -> Iterator[None]:
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
        raise DatabaseDown(NO_TLS, str(error), connecting=True) from None
    except RuntimeError as error:
        raise DatabaseDown(CANNOT_LOAD, str(error), connecting=True) from None
    except Exception as error:
        text = f"the greeting of the server cannot be read ({type(error).__name__}): is it MySQL or MariaDB?"
        raise DatabaseDown(HANDSHAKE, text, connecting=True) from None


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
        if isinstance(error, pymysql.err.IntegrityError) and number == DUPLICATE_ENTRY:
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


@contextmanager
def unpooled_connection(
    url: DatabaseUrl, connect_seconds: int, query_seconds: int | None = None
) -> Iterator[Callable[[str], list[Row]]]:
    """Opens a connection outside the pool, for migrations and readiness. Yields `run(sql)`, which returns rows.

    `query_seconds` limits each statement; None sets no limit, for statements that alter tables.
    """
    with reported(), _connecting():
        connection = connect(url, tls_context(url), connect_seconds, query_seconds, query_seconds)

    def run(sql: str) -> list[Row]:
        with reported(), translated(), connection.cursor() as cursor:
            cursor.execute(sql)
            return list(cursor.fetchall())

    try:
        yield run
    finally:
        discard(connection)

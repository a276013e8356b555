"""Runs SQL as root on a private server, and prints rows as the server's own client does."""

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pymysql
from pymysql.connections import Connection
from pymysql.constants import CLIENT
from pymysql.cursors import Cursor

Rows = tuple[tuple[bytes | None, ...], ...]

EMPTY: Final = 1065
"""The error number for an empty statement, such as a comment after the last one. The server's client does not send it.
"""

_ESCAPED: Final = {0: r"\0", 9: r"\t", 10: r"\n", 92: r"\\"}


class Refused(Exception):
    """The server cannot be asked, or refuses a statement; the text has the error's number and words."""


def run(place: Path, password: str, text: str, database: str = "") -> str:
    """Run the statements in a new session on this socket. Returns the rows: tab-separated, no headings."""
    printed = ""
    try:
        with _root(place, password, database) as root, root.cursor() as cursor:
            for rows in _results(cursor, text):
                printed += _printed(rows)
    except (pymysql.MySQLError, OSError) as error:
        if error.args[0] != EMPTY:
            raise Refused(" ".join(map(str, error.args))) from None
    return printed


def _root(place: Path, password: str, database: str) -> "Connection[Cursor]":
    """A connection that returns every value as the bytes that the server sent."""
    connection = pymysql.connect(
        user="root",
        password=password,
        database=database or None,
        charset="utf8mb4",
        use_unicode=False,
        conv={},
        autocommit=None,
        ssl_disabled=True,
        client_flag=CLIENT.MULTI_STATEMENTS,
        defer_connect=True,
    )
    unix = socket.socket(socket.AF_UNIX)
    try:
        unix.connect(str(place))
        # By a socket, MySQL's caching_sha2_password may send the password as it is.
        connection._secure = True  # type: ignore[attr-defined]
        connection.connect(unix)
    except BaseException:
        unix.close()  # the driver leaves it open
        raise
    return connection


def _results(cursor: Cursor, text: str) -> Iterator[Rows]:
    """Run the statements of the text, and yield the rows of each."""
    cursor.execute(text)
    yield cursor.fetchall()
    while cursor.nextset():
        yield cursor.fetchall()


def _printed(rows: Rows) -> str:
    """The rows as `mariadb --batch` prints them, a line each."""
    lines = ["\t".join("NULL" if each is None else each.decode().translate(_ESCAPED) for each in row) for row in rows]
    return "".join(f"{line}\n" for line in lines)

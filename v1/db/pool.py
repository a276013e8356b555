"""A pool of connections to one database, which runs named statements.

The pool is hand-written: the ready-made one (DBUtils) repeats a failed statement on a new connection. That is right for
a SELECT and wrong for an INSERT, which may have been committed.
"""

import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from v1.db import connection as mysql
from v1.db import statements
from v1.db.connection import Connection, Duplicate, Row
from v1.db.prepared_check import PreparedCheck
from v1.errors import DatabaseDown
from v1.settings.database_url import DatabaseUrl, tls_context

DEADLOCKS = 20
"""How often a statement is tried again after deadlocks. The server rolls back the statement that has done least, so it
may hit the same one several times."""

WITHOUT_PAUSE = 5
"""How many of these tries follow at once. Before later ones a random pause keeps the statements apart."""

DEADLOCK_PAUSE = 0.002
"""The random pause lasts at most this many seconds, times the number of tries so far."""


@dataclass(frozen=True)
class Written:
    """What a write did: the number of changed rows, the new id (0 if none), and whether the server warned."""

    rows: int
    last_id: int
    warned: bool = False


class Database:
    """A pool of connections to one database; safe to share between threads, not across a fork."""

    def __init__(self, url: DatabaseUrl, connect_seconds: int, query_seconds: int) -> None:
        self._url = url
        self._tls = tls_context(url)
        self._connect_seconds = connect_seconds
        self._query_seconds = query_seconds
        self._idle: list[Connection] = []
        self._lock = threading.Lock()
        self._name_column: tuple[str, str, int] | None = None

    @mysql.reported()
    def read(self, name: str, /, **values: Any) -> list[Row]:
        """All rows of a SELECT. If the connection turns out to be dead, it is run once more on a new one."""
        try:
            return self._read(name, values)
        except DatabaseDown as error:
            if error.number not in mysql.LOST:
                raise
            self.close()
            if "timed out" in error.text:
                raise  # the server hangs: asking again would only wait again
        return self._read(name, values)

    @mysql.reported()
    def write(self, name: str, /, **values: Any) -> Written:
        """Run one statement and commit it. Raises Duplicate.

        A statement that may have been committed is never repeated, so the connection is tested first. After a deadlock
        it is repeated, because the server has rolled it back.
        """
        for number in range(DEADLOCKS):
            try:
                return self._write(name, values)
            except DatabaseDown as error:
                if error.number != mysql.DEADLOCK:
                    raise
            if number >= WITHOUT_PAUSE:
                time.sleep(random.uniform(0, DEADLOCK_PAUSE * number))
        return self._write(name, values)

    def username_column(self) -> tuple[str, str, int]:
        """Charset, collation and size in bytes of users.username: statements depend on them. Read once."""
        if self._name_column is None:
            self._name_column = _username_column(self.read("columns.username"))
        return self._name_column

    @mysql.reported()
    def prepared_check(self, name: str) -> PreparedCheck:
        """This SELECT, prepared on a new connection outside the pool. Connecting waits."""
        with mysql.translated():
            return PreparedCheck(self._connect(), self._text(name))

    def close(self) -> None:
        """Close the idle connections. (Also after one was found dead: the others are probably dead too.)"""
        with self._lock:
            stale, self._idle = self._idle, []
        for connection in stale:
            mysql.discard(connection)

    def _write(self, name: str, values: dict[str, Any]) -> Written:
        sql = self._text(name)
        with self._connection(tested=True) as connection, connection.cursor() as cursor:
            rows = cursor.execute(sql, values)
            return Written(rows, cursor.lastrowid or 0, bool(cursor.warning_count))

    def _read(self, name: str, values: dict[str, Any]) -> list[Row]:
        sql = self._text(name)
        with self._connection() as connection, connection.cursor() as cursor:
            cursor.execute(sql, values)
            return list(cursor.fetchall())

    def _text(self, name: str) -> str:
        """The text of the statement for the charset of this database's users.username."""
        statement = statements.load()[name]
        if not statement.depends_on_charset:
            return statement.sql
        if self._name_column is None:
            self._name_column = _username_column(self._read("columns.username", {}))
        return statements.for_column(name, *self._name_column[:2])

    @contextmanager
    def _connection(self, tested: bool = False) -> Iterator[Connection]:
        """Lends a connection to one thread. After an error it is closed: the next reader would get its unread rows."""
        with mysql.translated():
            connection = self._take(tested)
            try:
                yield connection
            except BaseException:
                mysql.discard(connection)
                raise
            with self._lock:
                self._idle.append(connection)

    def _take(self, tested: bool) -> Connection:
        """An idle connection or a new one. With `tested`, an idle one must first show that it is alive."""
        with self._lock:
            connection = self._idle.pop() if self._idle else None
        if connection is not None and tested and not mysql.alive(connection):
            mysql.discard(connection)
            self.close()
            connection = None
        return connection or self._connect()

    def _connect(self) -> Connection:
        # The server itself ends a slow statement. The driver waits longer, for a server that no longer answers at all.
        seconds = self._query_seconds
        return mysql.connect(self._url, self._tls, self._connect_seconds, 2 * seconds, seconds)


def _username_column(rows: list[Row]) -> tuple[str, str, int]:
    if not rows:
        raise DatabaseDown(1146, "there is no table `users`: run `flask db migrate`")
    charset, collation, octets = rows[0]
    return str(charset), str(collation), int(octets)


__all__ = ["Database", "Duplicate", "Row", "Written"]

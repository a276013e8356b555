"""Runs named statements, each on a connection of the pool. It decides which of them are repeated after an error.

The pool is hand-written: the ready-made one (DBUtils) repeats a failed statement on a new connection. That is right for
a SELECT and wrong for an INSERT, which may have been committed.
"""

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from v1.db import connection as mysql
from v1.db import error_numbers, statements
from v1.db.connection import Connection, Duplicate, Row
from v1.db.connections import Connections
from v1.db.hosts import HostState
from v1.db.prepared_check import PreparedCheck
from v1.errors import DatabaseDown
from v1.settings.database_url import DatabaseUrl

TRIES = 100
"""How often a statement is tried again after conflicts. The server rolls back the statement that has done least, so it
may hit the same one many times: a batch of a purge lost 21 in a row against 40 threads that wrote the same rows."""

WITHOUT_PAUSE = 5
"""How many of these tries follow at once. Before later ones a random pause keeps the statements apart."""

CONFLICT_PAUSE = 0.002
"""The random pause lasts at most this many seconds, times the number of tries so far."""

LONGEST_CONFLICT_PAUSE = 0.04
"""No random pause is longer, in seconds. All of them together last under 2 s on average."""

MOVE_SECONDS = 1.0
"""How long a write that was refused waits for a host that takes it."""


@dataclass(frozen=True)
class Written:
    """What a write did: the number of changed rows, the new id (0 if none), and the number of warnings."""

    rows: int
    last_id: int
    warnings: int = 0


class Database:
    """One database; safe to share between threads, not across a fork."""

    def __init__(self, url: DatabaseUrl, connect_seconds: int, query_seconds: int) -> None:
        self.connections = Connections(url, connect_seconds, query_seconds)
        self._others = len(url.hosts) - 1
        self._name_column: tuple[str, str, int] | None = None

    @mysql.reported()
    def read(self, name: str, /, **values: Any) -> list[Row]:
        """All rows of a SELECT. If the connection turns out to be dead, or its host is to be left, it is run again."""
        for _ in range(1 + self._others):
            try:
                return self._read(name, values)
            except DatabaseDown as error:
                if not self._may_read_again(error):
                    raise
        return self._read(name, values)

    @mysql.reported()
    def write(self, name: str, /, **values: Any) -> Written:
        """Run one statement and commit it. Raises Duplicate.

        A statement that may have been committed is never repeated, so the connection is tested first. It is repeated
        if the server has said that nothing was done: after a conflict, or on another host after a refusal.
        """
        moves = 0
        for number in range(TRIES):
            try:
                return self._write(name, values)
            except DatabaseDown as error:
                refused = error.number in error_numbers.LEAVE
                if error.number not in error_numbers.NOTHING_DONE or refused and moves == self._others:
                    raise
                if refused:
                    moves += 1
                    self.connections.hosts.await_well(MOVE_SECONDS)
            if number >= WITHOUT_PAUSE:
                time.sleep(random.uniform(0, min(CONFLICT_PAUSE * number, LONGEST_CONFLICT_PAUSE)))
        return self._write(name, values)

    def username_column(self) -> tuple[str, str, int]:
        """Charset, collation and size in bytes of users.username: statements depend on them. Read once."""
        if self._name_column is None:
            self._name_column = _username_column(self.read("columns.username"))
        return self._name_column

    @mysql.reported()
    def prepared_check(self, name: str, causal: bool) -> PreparedCheck:
        """This SELECT, prepared on a connection of its own. Connecting waits.

        `causal`: on a cluster, the SELECT finds what other nodes had committed before it.
        """
        sql, connection = self._text(name), self.connections.connect(causal)
        try:
            with mysql.translated():
                return PreparedCheck(self.connections, connection, sql)
        except BaseException:
            self.connections.discard(connection)
            raise

    def hosts(self) -> list[HostState]:
        """The state of each host."""
        if self._others:
            self.connections.watch()
        return self.connections.hosts.states()

    def close(self) -> None:
        """Close the idle connections."""
        self.connections.close()

    def _may_read_again(self, error: DatabaseDown) -> bool:
        if error.number in error_numbers.LOST:
            self.connections.drop_idle()
            return "timed out" not in error.text  # a server that hangs: asking again would only wait again
        return error.number in error_numbers.LEAVE and self._others > 0

    def _write(self, name: str, values: dict[str, Any]) -> Written:
        sql = self._text(name)
        with self._connection(tested=True) as connection, connection.cursor() as cursor:
            rows = cursor.execute(sql, values)
            return Written(rows, cursor.lastrowid or 0, cursor.warning_count)

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
        connection = self.connections.take(tested)
        try:
            with mysql.translated():
                yield connection
        except BaseException as error:
            if isinstance(error, DatabaseDown):
                self.connections.failed(connection, error)
            self.connections.discard(connection)
            raise
        self.connections.give_back(connection)


def _username_column(rows: list[Row]) -> tuple[str, str, int]:
    if not rows:
        raise DatabaseDown(1146, "there is no table `users`: run `gatepass db migrate`")
    charset, collation, octets = rows[0]
    return str(charset), str(collation), int(octets)


__all__ = ["Database", "Duplicate", "Row", "Written"]

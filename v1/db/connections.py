"""The connections to the database: idle ones are lent and given back. All go to one host at a time."""

import threading
from contextlib import suppress

from v1.db import connection as mysql
from v1.db import error_numbers, host_health, host_watch
from v1.db.connection import Connection
from v1.db.host_health import Health
from v1.db.hosts import Hosts
from v1.errors import DatabaseDown
from v1.settings.database_url import DatabaseUrl, tls_context

FIRST_CONNECT_SECONDS = 1
"""How long a host that is thought well may take to accept a connection, if there are others."""


Way = tuple[int, int]
"""Where a connection goes: the number of its host, and its era. A new era begins when all connections are outdated."""


class Connections:
    """The connections of one process to one database; safe to share between threads, not across a fork."""

    def __init__(self, url: DatabaseUrl, connect_seconds: int, query_seconds: int) -> None:
        self.hosts = Hosts(url.hosts)
        self._url, self._tls = url, tls_context(url)
        self._connect_seconds, self._query_seconds = connect_seconds, query_seconds
        self._idle: list[tuple[Connection, Way]] = []
        self._lent: dict[Connection, Way] = {}
        self._era, self._watched = 0, False
        self.has_several_writers = False
        """Whether the database is a Galera cluster, on which another node may write at the same time."""
        self._lock = threading.Lock()

    def take(self, tested: bool) -> Connection:
        """An idle connection or a new one. With `tested`, an idle one must first show that it is alive.

        Raises DatabaseDown.
        """
        with self._lock:
            connection, way = self._idle.pop() if self._idle else (None, (0, 0))
            if connection is not None:
                self._lent[connection] = way
        if connection is not None and tested and not mysql.alive(connection):
            self.discard(connection)
            self.drop_idle()
            connection = None
        return connection or self.connect()

    def give_back(self, connection: Connection) -> None:
        """Keep it for the next who takes one, unless it is outdated."""
        with self._lock:
            way = self._lent.pop(connection)
            if kept := way == (self.hosts.current, self._era):
                self._idle.append((connection, way))
        if not kept:
            mysql.discard(connection)

    def discard(self, connection: Connection) -> None:
        """Close a connection that was taken, whatever state it is in."""
        with self._lock:
            self._lent.pop(connection, None)
        mysql.discard(connection)

    def drop_idle(self) -> None:
        """Close the idle connections, and those that are lent when they are given back.

        After one was found dead, the others are probably dead too.
        """
        with self._lock:
            stale, self._idle, self._era = self._idle, [], self._era + 1
        for connection, _ in stale:
            mysql.discard(connection)

    def close(self) -> None:
        """Close the idle connections, and stop watching the hosts."""
        self.hosts.end()
        self.drop_idle()

    def connect(self, causal: bool = True) -> Connection:
        """A new connection to the best host that accepts one. `discard` it, or give it back. Raises DatabaseDown.

        `causal`: on a cluster, each statement finds what other nodes had committed before it.
        """
        refused: set[int] = set()
        while True:
            host, era = self.hosts.current, self._era
            try:
                connection, health = self._connected(host, causal)
            except DatabaseDown as error:
                refused.add(host)
                self.report(host, Health("down", f"database error {error.number}: {error.text}"))
                if self.hosts.current in refused:
                    raise
                continue
            if not self.report(host, health) or self.hosts.current in refused:
                with self._lock:
                    self._lent[connection] = (host, era)
                return connection
            mysql.discard(connection)  # another host is better

    def failed(self, connection: Connection, error: DatabaseDown) -> None:
        """Note that a statement failed on this connection: its host may have to be left."""
        way = self._lent.get(connection)
        if way and error.number in error_numbers.LEAVE:
            state: host_health.State = "read-only" if error.number in error_numbers.READ_ONLY else "down"
            self.report(way[0], Health(state, f"database error {error.number}"))
            self.drop_idle()

    def is_current(self, connection: Connection) -> bool:
        """Whether this connection goes to the host that is used, and is not outdated."""
        return self._lent.get(connection) == (self.hosts.current, self._era)

    def report(self, host: int, health: Health) -> bool:
        """Note how a host is. Returns whether another one is used from now on."""
        changed = self.hosts.report(host, health)
        if changed:
            self.drop_idle()
        return changed

    def cut(self, host: int) -> None:
        """End the connections to this host, also under those who wait for an answer on them."""
        with self._lock:
            idle = [connection for connection, way in self._idle if way[0] == host]
            self._idle = [(connection, way) for connection, way in self._idle if way[0] != host]
            lent = [connection for connection, way in self._lent.items() if way[0] == host]
        for connection in idle:
            mysql.discard(connection)
        for connection in lent:
            mysql.cut(connection)

    def open(self, host: int, connect_seconds: float, wait_seconds: float) -> Connection:
        """A connection to this host, outside the pool. Raises DatabaseDown."""
        return mysql.connect(
            self._url, self._url.hosts[host], self._tls, connect_seconds, wait_seconds, self._query_seconds
        )

    def _connected(self, host: int, causal: bool) -> tuple[Connection, Health]:
        """A connection to this host, and how the host is. Raises DatabaseDown, also for a host that is down."""
        several = len(self.hosts.hosts) > 1
        seconds = FIRST_CONNECT_SECONDS if several and self.hosts.is_up(host) else self._connect_seconds
        # The server itself ends a slow statement. The driver waits longer, for a server that no longer answers at all.
        connection = self.open(host, min(seconds, self._connect_seconds), 2 * self._query_seconds)
        try:
            run = mysql.runner(connection)
            kind = host_health.kind(run)
            health = host_health.ask(run, kind)
            if several:
                health = host_health.lacks_migration(run) or health
            if health.state == "down":
                raise host_health.refuse(health)
            if causal:
                host_health.read_causally(run, kind)
        except BaseException:
            mysql.discard(connection)
            raise
        self.has_several_writers = kind == "galera"
        if several or kind != "server":
            self.watch()
        return connection, health

    def watch(self) -> None:
        """Start to watch the hosts, once. Not before the first connection: threads do not survive gunicorn's fork."""
        with self._lock:
            if self._watched and not self.hosts.ended:
                return
            self._watched, self.hosts.ended = True, False
        with suppress(RuntimeError):  # no more threads may be started: the statements themselves find out
            host_watch.start(self)

"""Watches the database hosts: a thread for each asks it again and again how it is, on a connection of its own.

So a host that no longer answers is left within a second, and one that is well again is found. A plain server that is
the only host is not watched: there is nothing to choose.
"""

import logging
import threading
import weakref
from typing import TYPE_CHECKING, Final

from v1.db import connection as mysql
from v1.db import host_health
from v1.db.connection import Connection
from v1.db.host_health import Health, Kind
from v1.db.hosts import Hosts
from v1.errors import DatabaseDown

if TYPE_CHECKING:
    from v1.db.connections import Connections

log = logging.getLogger(__name__)

ANSWER_SECONDS: Final = 0.6
"""How long a host may take to answer before it counts as down."""


def start(connections: "Connections") -> None:
    """Start a thread for each host. They end with `connections`."""
    for number in range(len(connections.hosts.hosts)):
        given = (weakref.ref(connections), connections.hosts, number)
        threading.Thread(target=_watch, args=given, daemon=True).start()


def _watch(ref: "weakref.ref[Connections]", hosts: Hosts, host: int) -> None:
    link: Link | None = None
    while hosts.await_turn(host) and (connections := ref()):
        try:
            link, health = _ask(connections, host, link)
            connections.report(host, health)
            # Waiting threads go on elsewhere if another host is used, or if this host itself says that it is down.
            if health.state == "down" and (link or hosts.current != host):
                connections.cut(host)
        except Exception as error:  # the thread outlives any error
            log.error("a database host was not asked", extra={"event": "error"}, exc_info=error)
        del connections  # or this thread would keep them alive
    if link:
        mysql.discard(link[0])


Link = tuple[Connection, Kind]


def _ask(connections: "Connections", host: int, link: Link | None) -> tuple[Link | None, Health]:
    """How the host is, and the connection that it was asked on; None if it did not answer."""
    try:
        link = link or _connected(connections, host)
        run, kind = mysql.runner(link[0]), link[1]
        health = host_health.ask(run, kind)
        return link, (len(connections.hosts.hosts) > 1 and host_health.lacks_migration(run)) or health
    except DatabaseDown as error:
        if link:
            mysql.discard(link[0])
        return None, Health("down", f"database error {error.number}: {error.text}")


def _connected(connections: "Connections", host: int) -> Link:
    connection = connections.open(host, ANSWER_SECONDS, ANSWER_SECONDS)
    try:
        return connection, host_health.kind(mysql.runner(connection))
    except BaseException:
        mysql.discard(connection)
        raise

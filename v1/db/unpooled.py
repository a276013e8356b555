"""Opens one connection outside the pool: for migrations, for `db` commands and for readiness."""

from collections.abc import Iterator
from contextlib import contextmanager

from v1.db import connection as mysql
from v1.db import host_health
from v1.db.connection import Connection, Row, Run
from v1.db.host_health import STATES
from v1.errors import DatabaseDown
from v1.settings.database_url import DatabaseUrl, tls_context


@contextmanager
def unpooled_connection(url: DatabaseUrl, connect_seconds: int, query_seconds: int | None = None) -> Iterator[Run]:
    """Opens a connection to the best host of this URL. Yields `run(sql)`, which returns rows. Raises DatabaseDown.

    `query_seconds` limits each statement; None sets no limit, for statements that alter tables.
    """
    with mysql.reported(), mysql.connecting():
        connection = _best(url, connect_seconds, query_seconds)
    run_unreported = mysql.runner(connection)

    def run(sql: str) -> list[Row]:
        with mysql.reported():
            return run_unreported(sql)

    try:
        yield run
    finally:
        mysql.discard(connection)


def _best(url: DatabaseUrl, connect_seconds: int, query_seconds: int | None) -> Connection:
    """A connection to the first host that is well. If none is, to the first of those that are best off."""
    tls, found, failure = tls_context(url), dict[Connection, int](), None
    for host in url.hosts:
        try:
            connection = mysql.connect(url, host, tls, connect_seconds, query_seconds, query_seconds)
            found[connection] = 0 if len(url.hosts) == 1 else STATES.index(_state(connection))
        except DatabaseDown as error:
            failure = failure or error
            continue
        if not found[connection]:
            break
    if not found:
        raise failure or DatabaseDown(0, "the URL names no host")
    best = min(found, key=lambda each: found[each])
    for other in found.keys() - {best}:
        mysql.discard(other)
    return best


def _state(connection: Connection) -> host_health.State:
    run = mysql.runner(connection)
    return host_health.ask(run, host_health.kind(run)).state

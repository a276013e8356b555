"""What the longest names cost the database: the server's own time for one refused login at every door."""

import socket

from bench.guesses import WRONG, Door, doors
from bench.names import refused
from bench.place import LOW_COST, Place
from bench.processes import HOST
from bench.report import Table, progress

NAMES = {
    "short": "nobody",
    "spaces at the end": "a" + " " * 15_000,
    "letters": "a" * 15_000,
    "wide spaces": "\u3000" * 1_500,
    "ignored characters": "a" + "\u200b" * 1_500,
}
LOG = "SET GLOBAL log_output = 'TABLE', GLOBAL long_query_time = 0, GLOBAL slow_query_log = {}"
SPENT = "SELECT COALESCE(SUM(TIME_TO_SEC(query_time)), 0) FROM mysql.slow_log WHERE user_host LIKE 'gatepass%'"


def measure(place: Place) -> list[Table]:
    """Every door, with the slow log of the server as the clock."""
    repeats, rows = place.repeats(50, 3), []
    place.server.sql(LOG.format("ON"))
    try:
        with place.gatepass(APP_ENV="development", BCRYPT_COST=str(LOW_COST), WORKERS="1") as (page, _):
            for name, door in doors({}).items():
                if not door.signed_in and not door.second_reading:
                    progress(f"longest: {name}")
                    rows.append((name, *(_spent(place, page.port, door, each, repeats) for each in NAMES.values())))
    finally:
        place.server.sql(LOG.format("OFF"))
    title = f"What the longest names cost the database: its own ms for a refused login ({repeats} each)"
    return [Table(title, ("door", *NAMES), rows)]


def _spent(place: Place, port: int, door: Door, name: str, repeats: int) -> str:
    """The server's milliseconds for one try, all statements together."""
    with socket.create_connection((HOST, port), timeout=60) as connection:
        refused(connection, door, (name, WRONG))
        place.server.sql("TRUNCATE mysql.slow_log")
        for _ in range(repeats):
            refused(connection, door, (name, WRONG))
    return f"{float(place.server.sql(SPENT)) / repeats * 1000:.2f}"

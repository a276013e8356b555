"""Many live sessions whose token texts can be computed: SQL fills the tables, wrk asks for any of them."""

import time

from bench.place import Place, new_database
from bench.report import progress
from tools.private_server import Server

MILLION = 1_000_000
LENGTH = 40
USERS = 100_000
FIRST_USER = 1001
BATCH = 100_000

_MULTIPLIER = 331804471
"""Odd, so that it scatters the numbers over all of 32 bits: texts as unlike as random ones. Also in lua/check.lua."""

_USERS = (
    "INSERT INTO users (id, username, password, creation_time, remote_ip)"
    f" SELECT {FIRST_USER} + seq, CONCAT('session', seq),"
    " '$2y$10$7Gb1l2yQ6gBzJ5x1UwXn3OvYp.WSVpYQ8ik8Nwg8V1eEJrpjBXGLO', NOW(), '10.0.0.1' FROM seq_0_to_{last}"
)
_SESSIONS = (
    "INSERT INTO auth_tokens (auth_key, user_id, creation_time, expiry, last_access, device_info)"
    " SELECT SHA1({text}), {user}, UNIX_TIMESTAMP() - 86400, UNIX_TIMESTAMP() + {expiry},"
    " UNIX_TIMESTAMP() + IF(seq % 2, -3600, 86400), CONCAT('Android 14; Pixel ', seq % 97)"
    " FROM seq_{{first}}_to_{{last}}"
)
_MAKE_STALE = (
    "UPDATE auth_tokens SET last_access = UNIX_TIMESTAMP() - 3600"
    " WHERE last_access BETWEEN UNIX_TIMESTAMP() - 3500 AND UNIX_TIMESTAMP()"
)
_WAITING = "SHOW GLOBAL STATUS WHERE variable_name IN ('Innodb_buffer_pool_pages_dirty', 'Innodb_history_list_length')"


def filled(place: Place, rows: int) -> str:
    """The name of a database with that many live sessions, number 1 to `rows`; made at the first call.

    `last_access` of odd numbers is an hour old, so that the first check of each notes it; that of even numbers lies
    ahead, so that they count as checked just now for the whole run.
    """
    name = f"gatepass_{rows}"
    if name not in place.server.sql("SHOW DATABASES").split():
        make_room(place.server, rows)
        new_database(place.server, name)
        place.server.sql(_USERS.format(last=USERS - 1), name)
        add(place.server, name, 1, rows)
        settle(place.server)
    return name


def add(server: Server, database: str, first: int, last: int, expired: bool = False) -> None:
    """Add sessions of these numbers, live for up to 30 days or expired for as long."""
    expiry = f"{'-' if expired else ''}(100000 + seq * 7919 % 2400000)"
    statement = _SESSIONS.format(text=text_sql(LENGTH), user=user_sql(), expiry=expiry)
    in_batches(server, database, statement, first, last)


def make_stale(server: Server, database: str) -> None:
    """The sessions that were checked since they were made: their `last_access` is an hour old again."""
    server.sql(_MAKE_STALE, database)
    settle(server)


def in_batches(server: Server, database: str, statement: str, first: int, last: int) -> None:
    """Run a statement from `{first}` to `{last}` in parts, saying how far it is."""
    for start in range(first, last + 1, BATCH):
        progress(f"filling {database}: {start - first:,} of {last - first + 1:,} rows")
        server.sql(statement.format(first=start, last=min(start + BATCH - 1, last)), database)


def text(number: int, length: int = LENGTH) -> str:
    """The token of a number."""
    return f"{number * _MULTIPLIER % 2**32:08x}{number:08x}" + "b" * (length - 16)


def text_sql(length: int) -> str:
    """The same in SQL, of `seq`."""
    scattered = f"LPAD(LOWER(HEX(seq * {_MULTIPLIER} % 4294967296)), 8, '0')"
    return f"CONCAT({scattered}, LPAD(LOWER(HEX(seq)), 8, '0'), REPEAT('b', {length - 16}))"


def user_sql() -> str:
    """The user that has the session `seq`."""
    return f"{FIRST_USER} + seq % {USERS}"


def make_room(server: Server, rows: int) -> None:
    """A buffer pool that holds so many rows and what else there is, and a redo log to fill them; never made smaller."""
    wanted = 1024**3 + 512 * rows
    if int(server.sql("SELECT @@innodb_buffer_pool_size")) < wanted:
        server.sql(f"SET GLOBAL innodb_buffer_pool_size = {wanted}, innodb_log_file_size = {1024**3}")


def settle(server: Server, seconds: float = 180) -> None:
    """Wait until the server has written its pages and cleared its history: that would disturb what is measured next."""
    server.sql("SET GLOBAL innodb_io_capacity_max = 20000, innodb_io_capacity = 20000, innodb_max_dirty_pages_pct = 0")
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        progress("waiting for the database to write its pages")
        if max(int(value) for value in server.sql(_WAITING).split()[1::2]) < 500:
            break
        time.sleep(0.5)
    server.sql("SET GLOBAL innodb_max_dirty_pages_pct = 90, innodb_io_capacity = 200, innodb_io_capacity_max = 2000")

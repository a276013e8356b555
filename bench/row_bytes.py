"""The bytes of what a user leaves behind: rows with their keys, and what a request adds to logs and the network."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench import wrk
from bench.client import Page, load
from bench.place import CHECK, LOW_COST, PASSWORD, Place, new_database
from bench.report import Table, progress
from bench.sessions import filled, in_batches, make_room
from bench.wrk import Numbers
from tools.private_server import Server

AGENT = "MyApp/3.2 (iPhone; iOS 19.1; Scale/3.00) CFX"
"""Of 44 characters, as an app sends it."""

_ADDRESS = "CONCAT('10.', seq MOD 251, '.', seq DIV 251 MOD 256, '.', seq DIV 64256 MOD 256)"
_DEVICE = "IF(seq MOD 10 < 5, 'iPhone 15', CONCAT('Android 14; Pixel ', seq MOD 97))"
_NAME = "CONCAT('person', LPAD(HEX(seq * 331804471 MOD 4294967296), 8, '0'))"
_HASH = "$2y$10$7Gb1l2yQ6gBzJ5x1UwXn3OvYp.WSVpYQ8ik8Nwg8V1eEJrpjBXGLO"

LOGGING = ("--log-bin=log", "--server-id=1", "--binlog-format=ROW")
"""As a cluster or a replica needs it."""

NAME = "gatepass_rows"
COUNTS = (1_000_000, 20_000)
"""Rows of each table, in full and for a smoke test."""

FILLS = {
    "users": "INSERT INTO users (id, username, password, creation_time, remote_ip)"
    f" SELECT 1000 + seq, {_NAME}, '{_HASH}', NOW(), {_ADDRESS}"
    " FROM seq_{first}_to_{last}",
    "auth_tokens": "INSERT INTO auth_tokens"
    " (auth_key, user_id, creation_time, expiry, last_access, device_info, remote_ip, user_agent)"
    " SELECT SHA1(CONCAT('row', seq)), 1000 + seq * 7919 MOD 500000, UNIX_TIMESTAMP(), UNIX_TIMESTAMP() + seq,"
    f" UNIX_TIMESTAMP(), {_DEVICE}, {_ADDRESS}, '{AGENT}' FROM seq_{{first}}_to_{{last}}",
    "events": "INSERT INTO events (time, event, user_id, door, token_id, address, device, app)"
    " SELECT UNIX_TIMESTAMP() + seq DIV 10, 'login.ok', 1000 + seq * 7919 MOD 500000, 'oauth', seq,"
    f" {_ADDRESS}, {_DEVICE}, 'MyApp/3.2' FROM seq_{{first}}_to_{{last}}",
}
"""Rows as logins make them: the digest and the user of each next one are anywhere in their keys."""

_SIZES = (
    "ANALYZE TABLE {table}; SELECT 'size', data_length, index_length FROM information_schema.tables"
    " WHERE table_schema = DATABASE() AND table_name = '{table}'"
)
_KEYS = (
    "SELECT index_name, stat_value * @@innodb_page_size FROM mysql.innodb_index_stats"
    " WHERE database_name = DATABASE() AND table_name = 'auth_tokens' AND stat_name = 'size' ORDER BY 2 DESC"
)
_BYTES = "SHOW GLOBAL STATUS WHERE variable_name IN ('Bytes_received', 'Bytes_sent')"


@dataclass(frozen=True)
class Each:
    """Bytes of one request: of the binary log, of the service's log, and between the service and the database."""

    binary_log: float
    log: float
    database: float


def measure(place: Place) -> list[Table]:
    """Rows first, then requests on a server that writes a binary log."""
    logging = Place(place.directory / "binary_log", place.quick, options=LOGGING)
    try:
        return [rows(place), keys(place), requests(logging)]
    finally:
        logging.close()


def rows(place: Place) -> Table:
    """Bytes of a row of each table."""
    count, name = place.repeats(*COUNTS), NAME
    make_room(place.server, 3 * count)
    new_database(place.server, name)
    lines = []
    for table, statement in FILLS.items():
        in_batches(place.server, name, statement, 1, count)
        data, keys = size(place.server, name, table)
        lines.append((table, f"{data / count:.0f}", f"{keys / count:.0f}", f"{(data + keys) / count:.0f}"))
    columns = ("table", "bytes of the row", "of its other keys", "in all")
    return Table(f"Bytes of a row among {count:,}, as InnoDB counts its pages", columns, lines)


def keys(place: Place) -> Table:
    """Megabytes of each key of `auth_tokens`, which `rows` has filled."""
    found = [line.split("\t") for line in place.server.sql(_KEYS, NAME).splitlines()]
    lines = [(f"`{name}`", f"{int(size) / 1e6:.0f}") for name, size in found]
    return Table(f"Keys of auth_tokens, {place.repeats(*COUNTS):,} rows", ("key", "MB"), lines)


def size(server: Server, database: str, table: str) -> tuple[int, int]:
    """Bytes of the rows of a table, and of its other keys."""
    found = server.sql(_SIZES.format(table=table), database).splitlines()
    _, data, keys = next(line.split() for line in found if line.startswith("size"))
    return int(data), int(keys)


def requests(place: Place) -> Table:
    """Bytes of a login, and of a check that writes `last_access`."""
    number, sessions = place.repeats(2000, 100), place.repeats(200_000, 20_000)
    database, log = filled(place, sessions), place.directory / "gunicorn.log"
    with place.gatepass(database=database, APP_ENV="development", BCRYPT_COST=str(LOW_COST)) as (page, _):

        def logins() -> int:
            load(page, 8, number, "quick", PASSWORD)
            return number + 8  # each client logs in once before

        def checks() -> int:
            return wrk.checks(Page(page.port, CHECK), Numbers(1, 2, sessions // 2), 8, place.repeats(5, 1)).number

        lines = [_line("login", _each(place, log, logins)), _line("check", _each(place, log, checks))]
    columns = ("request", "binary log", "log of the service", "between the service and the database")
    note = "The binary log has rows (ROW, FULL). Each check is of a token whose `last_access` is old, and writes it."
    return Table("Bytes of a request", columns, lines, [note])


def _each(place: Place, log: Path, run: Callable[[], int]) -> Each:
    progress("capacity: bytes of requests")
    before = _so_far(place.server, log)
    number = run()
    return Each(*((after - start) / number for start, after in zip(before, _so_far(place.server, log), strict=True)))


def _so_far(server: Server, log: Path) -> tuple[int, int, int]:
    binary = sum(int(line.split()[1]) for line in server.sql("SHOW BINARY LOGS").splitlines())
    network = sum(int(line.split()[1]) for line in server.sql(_BYTES).splitlines())
    return binary, log.stat().st_size, network


def _line(name: str, each: Each) -> tuple[str, ...]:
    return name, f"{each.binary_log:.0f}", f"{each.log:.0f}", f"{each.database:.0f}"

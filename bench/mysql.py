"""Gatepass on MySQL beside Gatepass on MariaDB: token checks and logins, in turns."""

import hashlib
from contextlib import ExitStack
from statistics import median

from bench.client import Page
from bench.contestants import Contestant, ask, run_round
from bench.place import CHECK, LOGIN, Place
from bench.report import Table, progress
from bench.sessions import FIRST_USER, text
from bench.throughput import logins, ratio
from bench.wrk import Numbers
from tools import private_mysql
from tools.private_server import Server

CLIENTS = 8
BATCH = 5000
USERS = 1000

Rates = dict[str, list[float]]


def measure(place: Place) -> list[Table]:
    """Each server at its own defaults, its rows in memory."""
    rows, seconds, rounds = place.repeats(100_000, 2000), place.repeats(6, 1), place.repeats(7, 2)
    with ExitStack() as stack:
        mysql = Place(place.directory, place.quick, private_mysql.ENGINE)
        stack.callback(mysql.close)
        pages = {each.engine.name: (each, _served(stack, each, rows)) for each in (place, mysql)}
        checks, made = _in_rounds(pages, rounds, seconds)
        servers = {name: each.server for name, (each, _) in pages.items()}
        title = f"MySQL beside MariaDB: {CLIENTS} clients, {rows:,} live sessions, cost 10 ({rounds} rounds in turns)"
        return [_table(title, servers, checks, made)]


def _in_rounds(pages: dict[str, tuple[Place, Contestant]], rounds: int, seconds: int) -> tuple[Rates, Rates]:
    """Checks and logins a second, by server."""
    checks: Rates = {name: [] for name in pages}
    made: Rates = {name: [] for name in pages}
    for number in range(rounds):
        for name in sorted(pages, reverse=bool(number % 2)):
            progress(f"round {number + 1} of {rounds}: {name}")
            place, contestant = pages[name]
            checks[name].append(run_round(place, contestant, CLIENTS, seconds).checks.rate)
            made[name].append(logins(Page(contestant.page.port, LOGIN), place.repeats(160, 24)))
    return checks, made


def _table(title: str, servers: dict[str, Server], checks: Rates, made: Rates) -> Table:
    first = next(iter(servers))
    lines = [
        (
            f"{name} {server.sql('SELECT VERSION()').strip()}",
            f"{median(checks[name]):.0f}",
            ratio(checks[name], checks[first]),
            f"{median(made[name]):.2f}",
            ratio(made[name], made[first]),
            f"{_resident_mib(server):.0f}",
        )
        for name, server in servers.items()
    ]
    notes = ["Each server runs at its own defaults: MySQL writes a binary log and syncs it, and watches itself."]
    columns = ("server", "checks a second", "to the first", "logins a second", "to the first", "server's MiB")
    return Table(title, columns, lines, notes)


def _served(stack: ExitStack, place: Place, rows: int) -> Contestant:
    """The service on a database with so many sessions, and its page that checks them."""
    _fill(place.server, rows)
    page, pid = stack.enter_context(place.gatepass())
    found = Contestant(Page(page.port, CHECK), pid, Numbers(1, 1, rows))
    ask(found)
    return found


def _fill(server: Server, rows: int) -> None:
    """Add users and sessions. The digests are made here: MySQL 9.7 has no SHA1(). None is due for a new last_access."""
    users = ",".join(f"({FIRST_USER + number}, 'session{number}', 'x', NOW(), '')" for number in range(USERS))
    server.sql(f"INSERT INTO users (id, username, password, creation_time, remote_ip) VALUES {users}", "gatepass")
    head = "INSERT INTO auth_tokens (auth_key, user_id, creation_time, expiry, last_access, device_info) VALUES "
    for start in range(1, rows + 1, BATCH):
        progress(f"filling: {start:,} of {rows:,}")
        server.sql(head + ",".join(_row(each) for each in range(start, min(start + BATCH, rows + 1))), "gatepass")
    server.sql("ANALYZE TABLE users, auth_tokens", "gatepass")


def _row(number: int) -> str:
    digest = hashlib.sha1(text(number).encode()).hexdigest()
    times = "UNIX_TIMESTAMP() - 86400, UNIX_TIMESTAMP() + 2000000, UNIX_TIMESTAMP() + 86400"
    return f"('{digest}', {FIRST_USER + number % USERS}, {times}, 'phone')"


def _resident_mib(server: Server) -> float:
    """The memory that the server's process holds, in MiB."""
    with open(f"/proc/{server.process.pid}/status", encoding="ascii") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmRSS"))

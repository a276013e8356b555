"""The price of adoption: `gatepass db migrate` on an old PHP database with many tokens, and who waits meanwhile."""

import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pymysql

from bench.place import Place, migrate
from bench.report import Table, progress
from tools.private_server import Server

OLD = "gatepass_old"
TABLES = """
CREATE TABLE users (id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, username VARCHAR(30) NOT NULL,
    password VARCHAR(128) NOT NULL, creation_time DATETIME NOT NULL, remote_ip VARCHAR(45) NOT NULL,
    access_level INT NOT NULL DEFAULT 1) ENGINE = InnoDB DEFAULT CHARACTER SET latin1;
CREATE TABLE auth_tokens (id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, auth_key VARCHAR(41) NOT NULL,
    user_id INT NOT NULL, creation_time INT NOT NULL, expiry INT NOT NULL, last_access INT NOT NULL,
    device_info VARCHAR(200) NOT NULL) ENGINE = InnoDB DEFAULT CHARACTER SET latin1;
"""
COLUMNS = "auth_key, user_id, creation_time, expiry, last_access, device_info"
ROWS = (
    f"INSERT INTO auth_tokens ({COLUMNS}) SELECT SHA1(seq), seq % 10000, 1700000000 + seq, 1702592000 + seq,"
    " 1700000000 + seq, CONCAT('Android 14; Pixel ', seq % 97) FROM seq_1_to_{rows}"
)
INSERT = f"INSERT INTO auth_tokens ({COLUMNS}) VALUES (SHA1(UUID()), 1, 1700000000, 1702592000, 1700000000, 'php')"
SELECT = "SELECT user_id FROM auth_tokens WHERE id = 4711"


@dataclass
class Neighbour:
    """A PHP page that keeps using the table: its longest waits in seconds."""

    insert: float = 0.0
    select: float = 0.0


def measure(place: Place) -> list[Table]:
    """The old tables, filled by the server itself; then the command as an operator runs it."""
    rows = place.repeats(1_000_000, 50_000)
    progress(f"migration: making {rows:,} rows")
    place.server.sql(f"DROP DATABASE IF EXISTS {OLD}; CREATE DATABASE {OLD} CHARACTER SET latin1")
    place.server.sql(TABLES + ROWS.format(rows=rows), OLD)
    progress("migration: gatepass db migrate")
    with _neighbour(place.server) as neighbour:
        started = time.perf_counter()
        said = migrate(place.server, OLD)
        seconds = time.perf_counter() - started
    place.server.sql(f"DROP DATABASE {OLD}")
    alter = float(re.findall(r"auth_tokens: done in ([\d.]+) s", said)[-1])
    expected = re.findall(r"auth_tokens: .*about (\d+) s", said)
    results = [
        ("`gatepass db migrate`, whole, s", f"{seconds:.1f}"),
        ("of it the ALTER of auth_tokens, s", f"{alter:.1f}"),
        ("rows a second of the ALTER", f"{rows / max(alter, 0.1):,.0f}"),
        ("what the command announced, s", expected[-1] if expected else "nothing"),
        ("longest wait of a neighbour's INSERT, s", f"{neighbour.insert:.1f}"),
        ("longest wait of a neighbour's SELECT, s", f"{neighbour.select:.2f}"),
    ]
    return [Table(f"Migration of an old auth_tokens of {rows:,} rows", ("what", "value"), results)]


@contextmanager
def _neighbour(server: Server) -> Iterator[Neighbour]:
    """INSERTs and SELECTs on the old columns, some fifty of each a second, while the block runs."""
    found, over = Neighbour(), threading.Event()
    threads = [
        threading.Thread(target=_repeat, args=(server, found, name, over), daemon=True) for name in ("insert", "select")
    ]
    for thread in threads:
        thread.start()
    try:
        yield found
    finally:
        over.set()
        for thread in threads:
            thread.join()


def _repeat(server: Server, found: Neighbour, name: str, over: threading.Event) -> None:
    connection = pymysql.connect(
        unix_socket=str(server.socket),
        user="gatepass",
        password=server.password,
        database=OLD,
        autocommit=True,
        ssl_disabled=True,
    )
    with connection, connection.cursor() as cursor:
        while not over.wait(0.02):
            started = time.perf_counter()
            cursor.execute(INSERT if name == "insert" else SELECT)
            setattr(found, name, max(getattr(found, name), time.perf_counter() - started))

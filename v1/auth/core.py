"""The parts of a running service, which every door and command is given: settings, tables, passwords, clock."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from v1.auth.write_behind import WriteBehind
from v1.db import tables
from v1.db.pool import Database
from v1.db.tables import Tables
from v1.passwords import hashing_threads
from v1.passwords.hashes import Passwords
from v1.passwords.hashing_threads import Hashing
from v1.settings import Settings
from v1.tokens import jwt
from v1.tokens.jwt import Keys


@dataclass(frozen=True)
class Core:
    """The parts of a running service. `clock` returns Unix seconds with a fraction."""

    settings: Settings
    tables: Tables
    passwords: Passwords
    hashing: Hashing
    write_behind: WriteBehind
    clock: Callable[[], float]
    keys: Keys

    def close(self) -> None:
        """Write what is left of the write-behind, and close the connections to the database."""
        self.write_behind.close()
        self.tables.close()


def build(settings: Settings, clock: Callable[[], float] = time.time) -> Core:
    """Build the parts. Nothing connects yet, so the service starts while the database is down."""
    url, seconds = settings.database_url, settings.database_query_seconds
    rows = tables.build(Database(url, settings.database_connect_seconds, seconds), settings.php_connection_charset)
    sizes = settings.hash_threads, settings.workers, settings.threads
    threads = hashing_threads.build(*sizes, settings.hash_wait_seconds)
    keys = jwt.keys(settings.token_keys, settings.devicehive_jwt_secret)
    write_behind = WriteBehind(rows, clock, settings.console_idle_seconds, settings.console_seconds)
    return Core(settings, rows, Passwords(settings.bcrypt_cost), threads, write_behind, clock, keys)

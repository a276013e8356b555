"""The parts of a running service: settings, tables, passwords, clock and more. Every door and command is given them."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from v1.auth import activity
from v1.auth.counts import Counting
from v1.auth.write_behind import WriteBehind
from v1.db import tables
from v1.db.hosts import HostState
from v1.db.pool import Database
from v1.db.tables import Tables
from v1.observe import logs
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
    counting: Counting

    def hosts(self) -> list[HostState]:
        """The state of each database host."""
        return self.tables.hosts()

    def event(self, name: str, **fields: Any) -> None:
        """Log an event (`logs.event`), and add it to the activity log if it belongs there.

        `called`, the name of an API token, and `user_agent` are for the activity log alone.
        """
        logs.event(name, **fields)
        found = activity.event(name, fields, self.clock()) if self.settings.events_days else None
        if found:
            self.write_behind.event(*found)

    def close(self) -> None:
        """End the count, write what write-behind still holds, and close the connections to the database."""
        self.counting.close()
        self.write_behind.close()
        self.tables.close()


def build(settings: Settings, clock: Callable[[], float] = time.time) -> Core:
    """Build the parts. Nothing connects yet, so the service starts while the database is down."""
    database = Database(
        settings.database_url, settings.database_connect_seconds, settings.database_query_seconds
    )
    all_tables = tables.build(database, settings.php_connection_charset)
    hashing = hashing_threads.build(
        settings.hash_threads, settings.workers, settings.threads, settings.hash_wait_seconds
    )
    keys = jwt.keys(settings.token_keys, settings.devicehive_jwt_secret)
    write_behind = WriteBehind(all_tables, clock, settings.console_idle_seconds, settings.console_seconds)
    counting = Counting(all_tables, clock)
    return Core(settings, all_tables, Passwords(settings.bcrypt_cost), hashing, write_behind, clock, keys, counting)

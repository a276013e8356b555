"""Owns the bundle that every door and verb is given: the settings, the store, the passwords and the clock."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from v1 import hashing, signed, store
from v1.database import Database
from v1.deferred import Deferred
from v1.hashing import Hashing
from v1.passwords import Passwords
from v1.settings import Settings
from v1.signed import Keys
from v1.store import Store


@dataclass(frozen=True)
class Core:
    """What a running service is made of. `clock` gives Unix seconds, with their fraction."""

    settings: Settings
    store: Store
    passwords: Passwords
    hashing: Hashing
    deferred: Deferred
    clock: Callable[[], float]
    keys: Keys

    def close(self) -> None:
        """Write the last notes, and close the connections to the database."""
        self.deferred.close()
        self.store.close()


def build(settings: Settings, clock: Callable[[], float] = time.time) -> Core:
    """Put the parts together. Nothing is connected yet: the service starts while the database is down."""
    url, seconds = settings.database_url, settings.database_query_seconds
    rows = store.build(Database(url, settings.database_connect_seconds, seconds), settings.php_connection_charset)
    threads = hashing.build(settings.hash_threads, settings.workers, settings.threads, settings.hash_wait_seconds)
    keys = signed.keys(settings.token_keys, settings.devicehive_jwt_secret)
    deferred = Deferred(rows, clock, settings.console_idle_seconds, settings.console_seconds)
    return Core(settings, rows, Passwords(settings.bcrypt_cost), threads, deferred, clock, keys)

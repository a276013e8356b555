"""Owns the bundle that every door and verb is given: the settings, the store, the passwords and the clock."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from v1.database import Database
from v1.passwords import Passwords
from v1.settings import Settings
from v1.store import Store


@dataclass(frozen=True)
class Core:
    """What a running service is made of. `clock` gives Unix seconds."""

    settings: Settings
    store: Store
    passwords: Passwords
    clock: Callable[[], int]


def build(settings: Settings, clock: Callable[[], int] = lambda: int(time.time())) -> Core:
    """Put the parts together. Nothing is connected yet: the service starts while the database is down."""
    url, seconds = settings.database_url, settings.database_query_seconds
    database = Database(url, settings.database_connect_seconds, seconds)
    store = Store(database, settings.php_connection_charset)
    return Core(settings, store, Passwords(settings.bcrypt_cost), clock)

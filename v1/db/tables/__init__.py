"""Owns rows in, rows out: the tables, each behind a class whose methods speak in domain terms.

Only this room runs named statements. Every method raises DatabaseDown when the database cannot be reached.
"""

from collections.abc import Callable
from dataclasses import dataclass

from v1.db.pool import Database
from v1.db.tables.login_stats import LoginStats
from v1.db.tables.login_throttle import LoginThrottle
from v1.db.tables.profiles import Profiles
from v1.db.tables.tokens import Tokens
from v1.db.tables.users import Users


@dataclass(frozen=True)
class Tables:
    """The tables of one database."""

    users: Users
    tokens: Tokens
    login_throttle: LoginThrottle
    login_stats: LoginStats
    profiles: Profiles
    close: Callable[[], None]
    """Closes the connections that are idle."""


def build(database: Database, php_charset: str) -> Tables:
    """The tables; nothing is connected yet."""
    users = Users(database, php_charset)
    tokens, throttle = Tokens(database, users), LoginThrottle(database, users)
    return Tables(users, tokens, throttle, LoginStats(database), Profiles(database), database.close)

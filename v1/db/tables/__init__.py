"""The tables: one class each, whose methods run the named statements and return records.

Every method raises DatabaseDown if the database cannot be reached.
"""

from collections.abc import Callable
from dataclasses import dataclass

from v1.db.hosts import HostState
from v1.db.pool import Database
from v1.db.tables.api_tokens import ApiTokens
from v1.db.tables.counts import Counts
from v1.db.tables.events import Events
from v1.db.tables.failures import Failures
from v1.db.tables.login_stats import LoginStats
from v1.db.tables.login_throttle import LoginThrottle
from v1.db.tables.profiles import Profiles
from v1.db.tables.tokens import Tokens
from v1.db.tables.user_search import UserSearch
from v1.db.tables.users import Users


@dataclass(frozen=True)
class Tables:
    """The tables of one database."""

    users: Users
    tokens: Tokens
    api_tokens: ApiTokens
    login_throttle: LoginThrottle
    login_stats: LoginStats
    profiles: Profiles
    events: Events
    user_search: UserSearch
    counts: Counts
    failures: Failures
    hosts: Callable[[], list[HostState]]
    """The state of each database host."""
    close: Callable[[], None]
    """Closes the idle connections."""


def build(database: Database, php_charset: str) -> Tables:
    """The tables of this database. Nothing is connected yet."""
    users = Users(database, php_charset)
    tokens, api_tokens = Tokens(database, users), ApiTokens(database, users)
    throttle = LoginThrottle(database, users)
    others = LoginStats(database), Profiles(database), Events(database), UserSearch(database, users)
    for_overview = Counts(database), Failures(database, users)
    return Tables(users, tokens, api_tokens, throttle, *others, *for_overview, database.hosts, database.close)

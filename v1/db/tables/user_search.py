"""Finds the ids of users by what is known of them. Every search is bounded: in the rows that it reads, and in users."""

import re
from dataclasses import dataclass, field
from typing import Any, Final

from v1.db.pool import Database
from v1.db.tables.profiles import folded
from v1.db.tables.users import Users

MOST: Final = 1000
"""The most users that one way of searching finds."""

SCANNED: Final = 5000
"""The most tokens, words or counters that one way of searching reads."""

NEWEST: Final = 20_000
"""The logins that are read for the apps of users."""


@dataclass(frozen=True)
class Hits:
    """The users that were found; with the name of their device, where it was searched for."""

    users: dict[int, str] = field(default_factory=dict)
    more: bool = False
    """A bound was met: there may be more users."""


class UserSearch:
    """Searches over all tables that know something of users. Times are Unix seconds."""

    def __init__(self, database: Database, users: Users) -> None:
        self._database = database
        self._users = users

    def named(self, prefix: str) -> Hits:
        """Users whose usernames begin so."""
        pattern = self._users.name_pattern(prefix)
        return Hits() if pattern is None else self._hits("users.named", pattern=pattern)

    def with_words(self, first: str, last: str) -> Hits:
        """Users with a word of the full name, an email or its domain that begins as `first`, and one as `last`."""
        words = {like(folded(word)) for word in (first, last)}
        rare, *second = sorted(words, key=lambda word: (self._number(word), -len(word))) if len(words) > 1 else words
        if not second:
            return self._hits("profiles.users_by_word", word=rare, scanned=SCANNED)
        found = self._hits("profiles.users_by_words", word=rare, second=second[0], scanned=SCANNED)
        return Hits(found.users, found.more or self._number(rare) >= SCANNED)

    def _number(self, word: str) -> int:
        """How many words match this pattern, counted up to SCANNED."""
        return int(self._database.read("profiles.count_words", word=word, scanned=SCANNED)[0][0])

    def at_address(self, address: str, now: int) -> Hits:
        """Users who hold a live token of this address."""
        return self._hits("auth_tokens.users_at_address", address=address, now=now, scanned=SCANNED)

    def on_device(self, device: str, now: int) -> Hits:
        """Users who hold a live token of the device of this name."""
        return self._hits("auth_tokens.users_on_device", device=device, now=now, scanned=SCANNED)

    def on_devices(self, prefix: str, now: int) -> Hits:
        """The same for devices whose names begin so."""
        return self._hits("auth_tokens.users_on_devices", devices=like(prefix), now=now, scanned=SCANNED)

    def with_app(self, app: str) -> Hits:
        """Users of this app among the newest logins; the empty app is that of browsers."""
        return self._hits("events.users_of_app", app=app, newest=NEWEST)

    def blocked(self, now: float) -> Hits:
        """Users whom the throttle blocks now, as accounts or from some address."""
        scopes = ("account", "pair")
        found = [
            self._hits("login_throttle.blocked_users", scope=scope, now=now, scanned=SCANNED) for scope in scopes
        ]
        return Hits(found[0].users | found[1].users, found[0].more or found[1].more)

    def disabled(self) -> Hits:
        """Users who are disabled."""
        return self._hits("users.disabled", pattern="!%")

    def administrators(self) -> Hits:
        """Users who are administrators."""
        return self._hits("users.administrators")

    def _hits(self, statement: str, **values: Any) -> Hits:
        """What a statement finds: rows of a user, the number of rows that were read for them, and a text."""
        rows = self._database.read(statement, limit=MOST + 2, **values)  # user 0 may be among them
        read = sum(number for _, number, _ in rows)
        found = {user_id: text for user_id, _, text in rows if user_id}
        more = len(found) > MOST or read >= values.get("scanned", read + 1)
        return Hits(dict(list(found.items())[:MOST]), more)


def like(prefix: str) -> str:
    """The pattern for texts that begin so. The signs of patterns in it stand for themselves."""
    return re.sub(r"([%_\\])", r"\\\1", prefix) + "%"

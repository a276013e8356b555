"""Writes `login_throttle`: the counters of failed logins, each with the time until which it blocks further tries."""

from collections.abc import Collection, Iterable
from typing import Any, Final

from v1.db.pool import Database
from v1.db.tables.throttle_rows import Counter, ThrottleKeys, Waiting
from v1.db.tables.users import Users

BATCH: Final = 1000
"""How many rows one statement deletes."""

MOST: Final = 2000
"""How many unexpired counters are read to find those that block: those that expire first, and as many that do last."""


class LoginThrottle:
    """The table `login_throttle`. A login reads its counters with the user, by `Users.find_for_login`."""

    def __init__(self, database: Database, users: Users) -> None:
        self._database = database
        self._users = users
        self.failures_counted = 0
        """The failures that this worker has counted. If the number grew while a login waited in a queue, the login
        must read its counters again."""

    def count(self, keys: ThrottleKeys, limits: dict[str, int], now: float) -> None:
        """Add one failure to every counter that is switched on, in one atomic statement.

        `limits` are the values of `throttle.limits`. `now` is in Unix seconds with a fraction.
        """
        values = {"user_id": keys.user_id, "name_digest": keys.name_digest, "address": keys.address}
        self._database.write("login_throttle.count", now=now, **values, **limits)
        self.failures_counted += 1

    def clear(self, keys: ThrottleKeys) -> None:
        """Delete the counter of this account from this address."""
        self._database.write(
            "login_throttle.clear", user_id=keys.user_id, name_digest=keys.name_digest, address=keys.address
        )

    def claim_report(self, now: float, seconds: int) -> bool:
        """True for one worker of all nodes, once in `seconds`: that one reports that an attack goes on."""
        return bool(self._database.write("login_throttle.claim_report", now=now, seconds=seconds).rows)

    def waiting(self, now: float, limit: int) -> list[Waiting]:
        """The counters that block now, those that block longest first. Beyond 2 * MOST counters some are missing."""
        rows = self._database.read("login_throttle.waiting", now=now, most=MOST, limit=limit)
        return [
            Waiting(scope, user_id, self._users.name(name) if name else "", address, failures, float(blocked_until))
            for scope, user_id, name, address, failures, blocked_until in rows
        ]

    def of_user(self, user_id: int, now: float, limit: int) -> list[Counter]:
        """The counters of this account, those that block longest first."""
        return _counters(self._database.read("login_throttle.of_user", user_id=user_id, now=now, limit=limit))

    def of_addresses(self, addresses: Collection[str], now: float) -> list[Counter]:
        """The counters of these addresses, and the one of all failures together."""
        wanted = ("", *addresses)
        limit = len(wanted)
        return _counters(self._database.read("login_throttle.of_addresses", addresses=wanted, now=now, limit=limit))

    def clear_user(self, user_id: int) -> int:
        """Delete the counters of this account; the number of deleted rows."""
        return self._clear("login_throttle.clear_user", user_id=user_id)

    def count_waiting(self, now: float) -> tuple[int, int, bool]:
        """How many accounts and addresses are blocked now. True if more counters may be than were read."""
        accounts, addresses, rows = self._database.read("login_throttle.count_waiting", now=now, most=MOST)[0]
        return int(accounts), int(addresses), int(rows) >= 2 * MOST

    def attack_end(self) -> float:
        """When the last attack of all addresses together ends or ended, in Unix seconds; 0 if there was none."""
        rows = self._database.read("login_throttle.everyone")
        return float(rows[0][0]) if rows else 0.0

    def clear_address(self, address: str) -> int:
        """Delete the counters of this address, alone and with any account; the number of deleted rows."""
        return self._clear("login_throttle.clear_address", address=address)

    def _clear(self, statement: str, /, **values: object) -> int:
        deleted = 0
        while rows := self._database.write(statement, limit=BATCH, **values).rows:
            deleted += rows
            if rows < BATCH:
                break
        return deleted

    def blocked_among(self, ids: list[int], now: float, limit: int) -> set[int]:
        """Those of these users whom a counter blocks now. No more than `limit` counters are read."""
        rows = self._database.read("login_throttle.blocked_among", ids=tuple(ids), now=now, limit=limit) if ids else []
        return {user_id for (user_id,) in rows}

    def delete_expired(self, now: float, limit: int) -> int:
        """Delete at most `limit` expired counters; the number of deleted rows."""
        return self._database.write("login_throttle.delete_expired", now=now, limit=limit).rows


def _counters(rows: Iterable[Any]) -> list[Counter]:
    return [Counter(scope, address, failures, float(until)) for scope, address, failures, until in rows]

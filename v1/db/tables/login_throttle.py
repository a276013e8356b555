"""Owns the rows of `login_throttle`: failed logins counted, and until when further tries are refused."""

from v1.db.pool import Database
from v1.db.tables.throttle_rows import ThrottleKeys, Waiting
from v1.db.tables.users import Users


class LoginThrottle:
    """The table of failures. Who is refused is read along with the user, by `Users.find_for_login`."""

    def __init__(self, database: Database, users: Users) -> None:
        self._database = database
        self._users = users
        self.failures_counted = 0
        """By this worker since it started. When it has changed, what was read of the throttle before is out of date."""

    def count(self, keys: ThrottleKeys, limits: dict[str, int], now: float) -> None:
        """Count one failure under every key that is switched on: one statement, atomic under concurrency.

        `limits` are the numbers of `throttle.numbers`; `now` in Unix seconds with their fraction.
        """
        values = {"user_id": keys.user_id, "name_digest": keys.name_digest, "address": keys.address}
        self._database.write("login_throttle.count", now=now, **values, **limits)
        self.failures_counted += 1

    def clear(self, keys: ThrottleKeys) -> None:
        """Forget the failures of this account from this address."""
        self._database.write(
            "login_throttle.clear", user_id=keys.user_id, name_digest=keys.name_digest, address=keys.address
        )

    def claim_report(self, now: float, seconds: int) -> bool:
        """Is it for this worker to report that an attack lasts? For one worker or node in so many seconds."""
        return bool(self._database.write("login_throttle.claim_report", now=now, seconds=seconds).rows)

    def waiting(self, now: float, limit: int) -> list[Waiting]:
        """Who must wait now, the longest first."""
        rows = self._database.read("login_throttle.waiting", now=now, limit=limit)
        return [
            Waiting(scope, user_id, self._users.name(name) if name else "", address, failures, float(blocked_until))
            for scope, user_id, name, address, failures, blocked_until in rows
        ]

    def delete_expired(self, now: float, limit: int) -> int:
        """Delete at most `limit` rows that mean nothing any more; how many it were."""
        return self._database.write("login_throttle.delete_expired", now=now, limit=limit).rows

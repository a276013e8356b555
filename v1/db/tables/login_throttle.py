"""Writes `login_throttle`: the counters of failed logins, each with the time until which it blocks further tries."""

from v1.db.pool import Database
from v1.db.tables.throttle_rows import ThrottleKeys, Waiting
from v1.db.tables.users import Users


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
        """The counters that block now, those that block longest first."""
        rows = self._database.read("login_throttle.waiting", now=now, limit=limit)
        return [
            Waiting(scope, user_id, self._users.name(name) if name else "", address, failures, float(blocked_until))
            for scope, user_id, name, address, failures, blocked_until in rows
        ]

    def delete_expired(self, now: float, limit: int) -> int:
        """Delete at most `limit` expired counters; the number of deleted rows."""
        return self._database.write("login_throttle.delete_expired", now=now, limit=limit).rows

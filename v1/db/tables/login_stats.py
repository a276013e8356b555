"""Owns the rows of `login_stats`: how many logins came to what, by the hour (UTC), door and outcome."""

from v1.db.pool import Database, Row

Cell = tuple[str, str, str]
"""The hour as `2026-11-22 05:00:00`, the door, the outcome."""

MOST = 2000
"""Sums that one question is answered with: more than two weeks of hours, or a year of days, of five outcomes."""


class LoginStats:
    """The table of counts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, cell: Cell, logins: int) -> None:
        """Add to the count of one cell."""
        hour, door, outcome = cell
        self._database.write("login_stats.add", hour=hour, door=door, outcome=outcome, logins=logins)

    def by_hour(self, since: str, limit: int = MOST) -> list[tuple[str, str, int]]:
        """The hour as `2026-11-22 05:00:00`, the outcome and how many logins at all doors, from the hour `since` on in
        their order. Where nothing was counted there is nothing. Beyond `limit` the latest are missing."""
        return _sums(self._database.read("login_stats.by_hour", since=since, limit=limit))

    def by_day(self, since: str, limit: int = MOST) -> list[tuple[str, str, int]]:
        """The same by days (UTC) as `2026-11-22`. The first is a part of one unless `since` is a midnight."""
        return _sums(self._database.read("login_stats.by_day", since=since, limit=limit))

    def delete_old(self, before: str, limit: int) -> int:
        """Delete at most `limit` rows of hours before that one; how many it were."""
        return self._database.write("login_stats.delete_old", before=before, limit=limit).rows


def _sums(rows: list[Row]) -> list[tuple[str, str, int]]:
    return [(str(when), str(outcome), int(logins)) for when, outcome, logins in rows]

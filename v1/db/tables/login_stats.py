"""Reads and writes `login_stats`: the numbers of logins by hour (UTC), door and outcome."""

from v1.db.pool import Database, Row

Cell = tuple[str, str, str]
"""The hour as `2026-11-22 05:00:00`, the door, the outcome."""

MOST = 2000
"""The most sums in one answer. With five outcomes it holds two weeks of hours, or a year of days."""


class LoginStats:
    """The table `login_stats`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, cell: Cell, logins: int) -> None:
        """Add to the count of one cell."""
        hour, door, outcome = cell
        self._database.write("login_stats.add", hour=hour, door=door, outcome=outcome, logins=logins)

    def by_hour(self, since: str, door: str = "", limit: int = MOST) -> list[tuple[str, str, int]]:
        """The logins of this door, or of all, from the hour `since` on: hour (`2026-11-22 05:00:00`), outcome, number.

        In order of hour. Hours without logins are missing. If there are more than `limit` rows, the latest are missing.
        """
        return _sums(self._database.read("login_stats.by_hour", since=since, door=door, limit=limit))

    def by_day(self, since: str, door: str = "", limit: int = MOST) -> list[tuple[str, str, int]]:
        """The same by day (UTC, `2026-11-22`). The first day counts only from `since` on."""
        return _sums(self._database.read("login_stats.by_day", since=since, door=door, limit=limit))

    def by_door(self, since: str, limit: int = MOST) -> list[tuple[str, str, int]]:
        """The logins from the hour `since` on: door, outcome, number."""
        return _sums(self._database.read("login_stats.by_door", since=since, limit=limit))

    def delete_old(self, before: str, limit: int) -> int:
        """Delete at most `limit` rows of hours before `before`; the number of deleted rows."""
        return self._database.write("login_stats.delete_old", before=before, limit=limit).rows


def _sums(rows: list[Row]) -> list[tuple[str, str, int]]:
    return [(str(when), str(outcome), int(logins)) for when, outcome, logins in rows]

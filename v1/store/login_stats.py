"""Owns the rows of `login_stats`: how many logins came to what, by the hour (UTC), door and outcome."""

from v1.database import Database

Cell = tuple[str, str, str]
"""The hour as `2026-11-22 05:00:00`, the door, the outcome."""


class LoginStats:
    """The table of counts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, cell: Cell, logins: int) -> None:
        """Add to the count of one cell."""
        hour, door, outcome = cell
        self._database.write("login_stats.add", hour=hour, door=door, outcome=outcome, logins=logins)

    def delete_old(self, before: str, limit: int) -> int:
        """Delete at most `limit` rows of hours before that one; how many it were."""
        return self._database.write("login_stats.delete_old", before=before, limit=limit).rows

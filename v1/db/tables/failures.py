"""Reads from `events` where failed logins came from. Times are Unix seconds."""

from typing import Final, NamedTuple

from v1.db.pool import Database, Row
from v1.db.tables.users import Users

MOST: Final = 2000
"""How many of the latest events of one name are read."""


class Seen(NamedTuple):
    """Events that are alike: how many there were, of whom and from where. The user is 0 for a name that nobody has."""

    time: int
    user_id: int
    times: int
    is_turn: bool
    """Did the scope `everyone` make them wait for their turn?"""
    address: str
    """"" for events that were counted only."""


class Failures:
    """The logins in the table `events`, those that failed above all."""

    def __init__(self, database: Database, users: Users) -> None:
        self._database = database
        self._users = users

    def latest(self, event: str, since: int) -> list[Seen]:
        """The latest MOST events of this name after `since`, the last one first."""
        return _seen(self._database.read("failures.latest", event=event, since=since, limit=MOST))

    def logins(self, addresses: list[str], since: int) -> list[Seen]:
        """The logins from these addresses after `since`, the last one first, among MOST events of theirs."""
        if not addresses:
            return []
        values = {"addresses": addresses, "since": since, "most": MOST, "limit": MOST}
        return _seen(self._database.read("failures.logins", **values))

    def usernames(self, ids: set[int]) -> dict[int, str]:
        """The names of these users."""
        rows = self._database.read("failures.usernames", ids=sorted(ids), limit=len(ids)) if ids else []
        return {int(user_id): self._users.name(name) for user_id, name in rows}


def _seen(rows: list[Row]) -> list[Seen]:
    found = []
    for (text,) in rows:
        time, user_id, times, is_turn, address = text.split(" ")
        found.append(Seen(int(time), int(user_id), int(times), is_turn == "1", address))
    return found

"""Reads and writes `events`: the activity log, in which each row is something that happened to an account."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from v1.db.pool import Database, Row


@dataclass(frozen=True)
class Event:
    """What happened. `time` is in Unix seconds. `user_id` is 0 for a login with a name that is nobody's."""

    time: int
    event: str
    user_id: int = 0
    door: str = ""
    token_id: int = 0
    """The token that was issued or revoked; 0: none, or several."""

    address: str = ""
    device: str = ""
    """The name of the device, or of an API token."""

    app: str = ""
    """The first product of the User-Agent: the app and its version."""

    reason: str = ""
    """Why a login was refused, the scope that made it wait, or the kind of token."""

    actor: str = ""
    """Who did it, if it was not the user: `user 3`, `token 7`, or an account of the machine."""


@dataclass(frozen=True)
class Listed:
    """A row of `events`: an event, and how many like it the row stands for."""

    id: int
    event: Event
    times: int


class Events:
    """The table `events`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, events: Mapping[Event, int]) -> None:
        """Add a row for each of these events, with the number of times that it happened."""
        rows = [{**asdict(event), "times": times} for event, times in events.items()]
        self._database.write("events.add", rows=json.dumps(rows))

    def page_of_user(self, user_id: int, offset: int, limit: int) -> list[Listed]:
        """One page of what happened to this user, the latest first."""
        return _listed(self._database.read("events.page_of_user", user_id=user_id, offset=offset, limit=limit))

    def count_of_user(self, user_id: int, limit: int) -> int:
        """The number of rows that `page_of_user` can show, counted up to `limit`."""
        return int(self._database.read("events.count_of_user", user_id=user_id, limit=limit)[0][0])

    def apps(self, newest: int, limit: int) -> list[Row]:
        """The apps of the `newest` logins: app, logins, users, time of the last; and of all apps together the
        logins and the time of the first."""
        return self._database.read("events.apps", newest=newest, limit=limit)

    def delete_old(self, events: tuple[str, ...], before: int, limit: int) -> int:
        """Delete at most `limit` events of these names from before that time; the number of deleted rows."""
        return self._database.write("events.delete_old", events=events, before=before, limit=limit).rows


def _listed(rows: list[Row]) -> list[Listed]:
    return [Listed(number, Event(*columns), times) for number, *columns, times in rows]

"""Owns the lists and counts of tokens that people look at. All times are Unix seconds."""

from v1.db.pool import Database, Row
from v1.kinds import SESSIONS
from v1.records import Token

KINDS = 20
"""So many kinds are counted at the most: more than there are."""


class TokenLists:
    """The part of the table of tokens that only reads many of them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list_live(self, user_id: int, now: int, limit: int) -> list[Token]:
        """The user's unexpired tokens, the one used last first."""
        return _tokens(self._database.read("auth_tokens.list_live_of_user", user_id=user_id, now=now, limit=limit))

    def page_live(self, user_id: int, kinds: tuple[str, ...], now: int, offset: int, limit: int) -> list[Token]:
        """The user's unexpired tokens of these kinds, the one used last first, from the one of that number on."""
        values = {"user_id": user_id, "kinds": kinds, "now": now, "offset": offset, "limit": limit}
        return _tokens(self._database.read("auth_tokens.page_live_of_user", **values))

    def count_live_kinds(self, user_id: int, kinds: tuple[str, ...], now: int, limit: int) -> int:
        """How many `page_live` can show, counted up to `limit`."""
        values = {"user_id": user_id, "kinds": kinds, "now": now, "limit": limit}
        return int(self._database.read("auth_tokens.count_live_kinds_of_user", **values)[0][0])

    def list_kind(self, user_id: int, kind: str, now: int, limit: int, offset: int = 0) -> list[Token]:
        """The user's tokens of that kind, the live ones and then the expired ones, the newest of each first."""
        values = {"user_id": user_id, "kind": kind, "now": now, "offset": offset, "limit": limit}
        return _tokens(self._database.read("auth_tokens.list_kind_of_user", **values))

    def count_kind(self, user_id: int, kind: str, limit: int) -> int:
        """How many `list_kind` can show, counted up to `limit`."""
        values = {"user_id": user_id, "kind": kind, "limit": limit}
        return int(self._database.read("auth_tokens.count_kind_of_user", **values)[0][0])

    def last_login(self, user_id: int, kinds: tuple[str, ...]) -> int | None:
        """When the newest of the user's tokens of these kinds was made; None if there is none."""
        found = self._database.read("auth_tokens.last_login_of_user", user_id=user_id, kinds=kinds)[0][0]
        return None if found is None else int(found)

    def list_api(self, after: int, now: int, limit: int) -> list[Token]:
        """Unexpired API tokens of ids above `after`, in order of id."""
        return _tokens(self._database.read("auth_tokens.list_live_api", after=after, now=now, limit=limit))

    def count_live(self, user_id: int, now: int) -> int:
        """How many unexpired tokens the user has."""
        return int(self._database.read("auth_tokens.count_live_of_user", user_id=user_id, now=now)[0][0])

    def live_by_kind(self, now: int, most: int) -> list[tuple[str, int]]:
        """How many unexpired tokens there are of each kind, most first: of the `most` that end last."""
        rows = self._database.read("auth_tokens.live_by_kind", now=now, most=most, limit=KINDS)
        return [(str(kind), int(tokens)) for kind, tokens in rows]

    def top_devices(self, now: int, most: int, limit: int) -> list[tuple[str, int, int]]:
        """The devices with the most live sessions, their sessions and users: of the `most` tokens that end last."""
        rows = self._database.read("auth_tokens.top_devices", now=now, most=most, kinds=SESSIONS, limit=limit)
        return [(str(device), int(sessions), int(users)) for device, sessions, users in rows]


def _tokens(rows: list[Row]) -> list[Token]:
    return [Token(*row) for row in rows]

"""Lists and counts tokens for people to look at. All times are Unix seconds."""

from v1.db.pool import Database, Row
from v1.kinds import API_TOKENS, SESSIONS
from v1.records import Device, Token

MOST = 10_000
"""The most tokens of one user that are grouped by device."""


class TokenLists:
    """The methods of the table `auth_tokens` that list and count."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list_live(self, user_id: int, now: int, limit: int) -> list[Token]:
        """The user's unexpired tokens, the last used first."""
        return _tokens(self._database.read("auth_tokens.list_live_of_user", user_id=user_id, now=now, limit=limit))

    def page_devices(
        self, user_id: int, kinds: tuple[str, ...], own: int, now: int, offset: int, limit: int
    ) -> list[Device]:
        """One page of the user's unexpired tokens of these kinds, by device, the last used first. The token `own` is a
        row by itself. Of more than MOST tokens only so many are looked at."""
        rows = self._database.read(
            "auth_tokens.page_devices_of_user", offset=offset, limit=limit, **_grouped(user_id, kinds, own, now)
        )
        return [Device(Token(*columns), int(tokens), str(user_agent)) for *columns, tokens, user_agent in rows]

    def count_devices(self, user_id: int, kinds: tuple[str, ...], own: int, now: int) -> int:
        """The number of rows that `page_devices` can show."""
        values = _grouped(user_id, kinds, own, now)
        return int(self._database.read("auth_tokens.count_devices_of_user", **values)[0][0])

    def list_alike(self, token: Token, own: int, now: int, limit: int) -> list[Token]:
        """The unexpired tokens of that one's user, kind, device and address; itself too, and `own` left out."""
        values = {"user_id": token.user_id, "kind": token.kind, "device": token.device_info, "address": token.remote_ip}
        bounds = {"own": own, "now": now, "limit": limit, "most": MOST}
        return _tokens(self._database.read("auth_tokens.list_alike_of_user", **values, **bounds))

    def count_live_kinds(self, user_id: int, kinds: tuple[str, ...], now: int, limit: int) -> int:
        """The number of the user's unexpired tokens of these kinds, counted up to `limit`."""
        values = {"user_id": user_id, "kinds": kinds, "now": now, "limit": limit}
        return int(self._database.read("auth_tokens.count_live_kinds_of_user", **values)[0][0])

    def list_kind(self, user_id: int, kind: str, now: int, limit: int, offset: int = 0) -> list[Token]:
        """One page of the user's tokens of that kind: first the unexpired ones, then the others, the newest first."""
        values = {"user_id": user_id, "kind": kind, "now": now, "offset": offset, "limit": limit}
        return _tokens(self._database.read("auth_tokens.list_kind_of_user", **values))

    def count_kind(self, user_id: int, kind: str, limit: int) -> int:
        """The number of tokens that `list_kind` can show, counted up to `limit`."""
        values = {"user_id": user_id, "kind": kind, "limit": limit}
        return int(self._database.read("auth_tokens.count_kind_of_user", **values)[0][0])

    def live_among(self, user_id: int, token_ids: list[int], now: int) -> set[int]:
        """Those of these ids that are live tokens of the user."""
        if not token_ids:
            return set()
        values = {"ids": token_ids, "user_id": user_id, "now": now, "limit": len(token_ids)}
        return {row[0] for row in self._database.read("auth_tokens.live_among", **values)}

    def last_login(self, user_id: int, kinds: tuple[str, ...]) -> int | None:
        """The time of the user's last login with tokens of these kinds; None without one."""
        found = self._database.read("auth_tokens.last_login_of_user", user_id=user_id, kinds=kinds)[0][0]
        return None if found is None else int(found)

    def list_api(self, after: int, now: int, limit: int) -> list[Token]:
        """Unexpired API tokens of ids above `after`, in order of id."""
        return _tokens(self._database.read("auth_tokens.list_live_api", after=after, now=now, limit=limit))

    def count_live(self, user_id: int, now: int) -> int:
        """The number of the user's unexpired tokens."""
        return int(self._database.read("auth_tokens.count_live_of_user", user_id=user_id, now=now)[0][0])

    def sessions(self, user_id: int, now: int, limit: int) -> tuple[int, int, bool]:
        """The number of the user's live sessions, when one was last used (0: none), and whether there may be more: no
        more than `limit` tokens are read."""
        values = {"user_id": user_id, "now": now, "kinds": SESSIONS, "limit": limit}
        live, last_used, read = map(int, self._database.read("auth_tokens.sessions_of_user", **values)[0])
        return live, last_used, read >= limit


def _tokens(rows: list[Row]) -> list[Token]:
    return [Token(*row) for row in rows]


def _grouped(user_id: int, kinds: tuple[str, ...], own: int, now: int) -> dict[str, object]:
    values = {"user_id": user_id, "kinds": kinds, "own": own, "now": now}
    return values | {"api_kinds": API_TOKENS, "most": MOST}

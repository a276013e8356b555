"""Lists and counts tokens for people to look at. Times are Unix seconds; a count ends at its limit."""

from v1.kinds import LOGINS
from v1.records import Device, Token
from v1.tokens.store import TokenStore


def live(store: TokenStore, user_id: int, now: int, limit: int) -> list[Token]:
    """The user's unexpired tokens of every kind, the last used first."""
    return store.tables.tokens.list_live(user_id, now, limit)


def devices(
    store: TokenStore, user_id: int, kinds: tuple[str, ...], own: int, now: int, offset: int, limit: int
) -> list[Device]:
    """One page of the user's unexpired tokens by device, the last used first. The token `own` is a row by itself."""
    return store.tables.tokens.page_devices(user_id, kinds, own, now, offset, limit)


def count_devices(store: TokenStore, user_id: int, kinds: tuple[str, ...], own: int, now: int) -> int:
    """The number of rows that `devices` can show."""
    return store.tables.tokens.count_devices(user_id, kinds, own, now)


def count_live(store: TokenStore, user_id: int, kinds: tuple[str, ...], now: int, limit: int) -> int:
    """The number of the user's unexpired tokens of these kinds."""
    return store.tables.tokens.count_live_kinds(user_id, kinds, now, limit)


def personal(store: TokenStore, user_id: int, now: int, limit: int, offset: int = 0) -> list[Token]:
    """One page of the user's personal tokens: first the unexpired ones, then the others, the newest first."""
    return store.tables.tokens.list_kind(user_id, "personal", now, limit, offset)


def count_personal(store: TokenStore, user_id: int, limit: int) -> int:
    """The number of tokens that `personal` can show."""
    return store.tables.tokens.count_kind(user_id, "personal", limit)


def live_among(store: TokenStore, user_id: int, token_ids: list[int], now: int) -> set[int]:
    """Those of these ids that are live tokens of the user."""
    return store.tables.tokens.live_among(user_id, token_ids, now)


def last_login(store: TokenStore, user_id: int) -> int | None:
    """The time of the user's last login; None without one."""
    return store.tables.tokens.last_login(user_id, LOGINS)

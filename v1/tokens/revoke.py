"""Owns the revoking of tokens: to revoke is to delete the row, and what hangs on it."""

from v1.db.tables import Tables
from v1.errors import DatabaseDown, NotFound
from v1.kinds import DEVICES, FAMILY, SESSIONS
from v1.observe import metrics
from v1.observe.logs import event
from v1.records import Token
from v1.tokens.text import digest


def presented(tables: Tables, secret: str, address: str) -> None:
    """Delete the token of this text, if there is one (RFC 7009: an unknown token is no error).

    `address` is the caller's, for the log, here and in the functions below.
    """
    auth_key = digest(secret)
    token = tables.tokens.find(auth_key) if auth_key else None
    if token:
        _revoke(tables, token, address)


def one(tables: Tables, user_id: int, token_id: int, address: str, kind: str = "", **by: str) -> int:
    """Delete one of the user's own tokens (of that kind). Raises NotFound, for another user's too. `by`: as in
    `all_of_user`."""
    token = tables.tokens.find_by_id(token_id)
    if token is None or token.user_id != user_id or token.kind != (kind or token.kind):
        raise NotFound
    if not _revoke(tables, token, address, **by):
        raise NotFound
    return 1  # what hung on it is no other session


def devices(tables: Tables, user_id: int, address: str, but: int = 0, kinds: tuple[str, ...] = DEVICES) -> int:
    """Sign the user's devices out, but for the token of that id; how many."""
    return _revoked(user_id, tables.tokens.delete_devices(user_id, kinds, but), address)


def all_of_user(tables: Tables, user_id: int, address: str, **by: str) -> int:
    """Delete every token of the user, of every kind; how many. `by` is who did it, if not the user: for the log."""
    return _revoked(user_id, tables.tokens.delete_of_user(user_id), address, **by)


def streams(tables: Tables, api_id: int) -> int:
    """Delete the API token of this id, if it is still there, and the stream tokens that it has minted; how many."""
    return tables.tokens.delete(api_id) + tables.tokens.delete_made(api_id, ("stream",))


def enforce_session_limit(tables: Tables, newest: Token, most: int, now: int) -> None:
    """With `most` over 0, keep so many sessions of the user. The new one is issued already, and does not fail here."""
    dropped = 0
    try:
        for token in tables.tokens.list_unused(newest.user_id, SESSIONS, most, newest.id, now) if most else ():
            dropped += delete(tables, token)
    except DatabaseDown:  # which was logged
        pass
    _revoked(newest.user_id, dropped, newest.remote_ip, reason="limit")


def delete(tables: Tables, token: Token) -> int:
    """Delete one token, and with a refresh token what hangs on it (RFC 7009 2.1); how many. 0 if it was gone."""
    return family(tables, token.id) if token.kind == "jwt_refresh" else tables.tokens.delete(token.id)


def family(tables: Tables, token_id: int) -> int:
    """Delete the token of this id with all that hangs on it, or go on with it where somebody was cut off; how many."""
    return tables.tokens.delete_family(token_id, FAMILY)


def _revoke(tables: Tables, token: Token, address: str, **by: str) -> int:
    return _revoked(token.user_id, delete(tables, token), address, token_id=token.id, device=token.device_info, **by)


def _revoked(user_id: int, revoked: int, address: str, **more: object) -> int:
    if revoked:
        metrics.tokens_revoked.inc(revoked)
        event("token.revoked", user_id=user_id, revoked=revoked, address=address, **more)
    return revoked

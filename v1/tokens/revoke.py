"""Revokes tokens: deletes the row of a token, and the rows of its family.

`address` is the caller's, for the log. Each function returns the number of deleted rows, unless it says otherwise.
"""

from typing import Final

from v1.errors import DatabaseDown, NotFound
from v1.kinds import DEVICES, FAMILY, SESSIONS
from v1.observe import metrics
from v1.records import Token
from v1.tokens import find
from v1.tokens.store import TokenStore
from v1.tokens.text import digest

ALIKE: Final = 1000
"""The most tokens of one device that are revoked at once."""


def presented(store: TokenStore, secret: str, address: str) -> None:
    """Revoke the token of this text, if there is one. An unknown token is no error (RFC 7009 2.2)."""
    auth_key = digest(secret)
    token = store.tables.tokens.find(auth_key) if auth_key else None
    if token:
        _revoke(store, token, address)


def one(store: TokenStore, user_id: int, token_id: int, address: str, kind: str = "", **by: str) -> int:
    """Revoke one of the user's own tokens; with a kind, only a token of that kind. Returns 1.

    Raises NotFound, for another user's token too. For the log, `by` names who did it if it was not the user.
    """
    token = find.of_user(store, user_id, token_id, kind)
    if token is None or not _revoke(store, token, address, **by):
        raise NotFound
    return 1  # deleted children are not counted: they are no sessions of their own


def alike(store: TokenStore, user_id: int, token_id: int, own: int, now: int, address: str, **by: str) -> int:
    """Revoke a token of the user, and those of the same kind, device and address, except `own`; at most ALIKE.

    Raises NotFound as `one` does. Returns the number of tokens.
    """
    token = find.of_user(store, user_id, token_id)
    found = store.tables.tokens.list_alike(token, own, now, ALIKE) if token else []
    revoked = sum(min(1, _revoke(store, each, address, **by)) for each in found)
    if not revoked:
        raise NotFound
    return revoked


def devices(
    store: TokenStore,
    user_id: int,
    address: str,
    except_id: int = 0,
    kinds: tuple[str, ...] = DEVICES,
    **by: str,
) -> int:
    """Sign out the user's devices: revoke all tokens of these kinds except the one of id `except_id`.

    `by` as in `one`.
    """
    return _log(store, user_id, store.tables.tokens.delete_devices(user_id, kinds, except_id), address, **by)


def all_of_user(store: TokenStore, user_id: int, address: str, **by: str) -> int:
    """Revoke every token of the user, of every kind. `by` as in `one`."""
    return _log(store, user_id, store.tables.tokens.delete_of_user(user_id), address, **by)


def api_token_with_streams(store: TokenStore, api_id: int) -> int:
    """Revoke the API token of this id, if it still exists, and all stream tokens that were made with it."""
    return store.tables.tokens.delete(api_id) + store.tables.tokens.delete_children(api_id, ("stream",))


def api_token(store: TokenStore, token: Token, address: str, with_streams: bool, by: str) -> int:
    """Revoke an API token of anybody's, and with `with_streams` the stream tokens that it made. 0 if it was gone.

    Without its API token no stream token is added: so they are deleted after it.
    """
    streams = ("stream",) if with_streams and token.kind == "api" else ()
    revoked = store.tables.tokens.delete(token.id)
    if revoked and streams:
        revoked += store.tables.tokens.delete_children(token.id, streams)
    return _log(store, token.user_id, revoked, address, **_about(token), by=by)


def enforce_session_limit(store: TokenStore, newest: Token, max_sessions: int, now: int) -> None:
    """Revoke the user's longest-unused sessions until `max_sessions` are left, `newest` included; 0 is no limit.

    `newest` is issued already: a database that fails here does not fail the login.
    """
    dropped = 0
    try:
        if max_sessions:
            for token in store.tables.tokens.list_over_limit(newest.user_id, SESSIONS, max_sessions, newest.id, now):
                dropped += delete(store, token)
    except DatabaseDown:  # it was logged
        pass
    _log(store, newest.user_id, dropped, newest.remote_ip, reason="limit")


def delete(store: TokenStore, token: Token) -> int:
    """Delete a token without a log line; a refresh token with its family below it (RFC 7009 2.1)."""
    return family(store, token.id) if token.kind == "jwt_refresh" else store.tables.tokens.delete(token.id)


def family(store: TokenStore, token_id: int) -> int:
    """Delete the refresh token of this id and all tokens below it. Resumes a revocation that was cut off."""
    return store.tables.tokens.delete_family(token_id, FAMILY)


def _revoke(store: TokenStore, token: Token, address: str, **by: str) -> int:
    return _log(store, token.user_id, delete(store, token), address, **_about(token), **by)


def _about(token: Token) -> dict[str, object]:
    return {"token_id": token.id, "kind": token.kind, "device": token.device_info, "called": token.name}


def _log(store: TokenStore, user_id: int, revoked: int, address: str, **more: object) -> int:
    """Log and count revoked tokens, if there are any. Returns their number."""
    if revoked:
        metrics.tokens_revoked.inc(revoked)
        store.event("token.revoked", user_id=user_id, revoked=revoked, address=address, **more)
    return revoked

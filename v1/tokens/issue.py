"""Owns the issuing and finding of tokens. No row, no token: a good signature alone opens nothing."""

import json
from dataclasses import replace
from typing import Final

from v1.db.tables import Tables
from v1.db.tables.tokens import MOST_NAMED
from v1.errors import AccessDenied, AlreadyExists, InvalidToken, WrongCredentials
from v1.observe import metrics
from v1.observe.logs import event
from v1.records import ACCESS_SECONDS, Client, Issued, PresentedToken, Principal, Token
from v1.tokens import jwt, revoke
from v1.tokens.jwt import Keys
from v1.tokens.stream_grants import Grant
from v1.tokens.text import digest, mint, mint_jti, mint_mobile
from v1.wire.single_line import is_single_line

MOBILE_SECONDS: Final = 2_592_000
"""30 days: what installed apps were promised."""

NEVER: Final = 253_402_300_799
"""9999-12-31T23:59:59Z: a token that does not expire. `expiry > now` stays the one test."""

SCOPES: Final = ("introspect", "revoke", "stream")
"""What an API token may be made for."""

NAME_CHARACTERS: Final = 100
"""What a token may be called at the most."""

NOBODY: Final = Client("", "", "")


def mobile(tables: Tables, principal: Principal, client: Client, now: int, most: int = 0) -> Issued:
    """A new mobile token; its row is committed before this returns. `now` in Unix seconds.

    With `most` over 0 the user's longest-unused sessions are dropped, so that so many are left with this one. Raises
    WrongCredentials if the user was disabled since the password was checked.
    """
    token = Token(0, principal.user_id, "mobile", None, client.device_info, "", now, now, now + MOBILE_SECONDS)
    issued = add(tables, mint_mobile(), token, client)
    revoke.enforce_session_limit(tables, issued.token, most, now)
    return issued


def api(
    tables: Tables, user_id: int, name: str, scopes: tuple[str, ...], now: int, expiry: int, client: Client = NOBODY
) -> Issued:
    """A new API token of these scopes; of a user, or with `user_id` 0 of a server of its own.

    Raises WrongCredentials if the user is disabled or gone, ValueError for an unknown scope.
    """
    if not scopes or set(scopes) - set(SCOPES):
        raise ValueError(f"a scope must be one of {', '.join(SCOPES)}")
    claims = json.dumps({"scope": " ".join(sorted(set(scopes)))})
    token = Token(0, user_id, "api", name, client.device_info, "", now, now, expiry, claims)
    return add(tables, mint("api"), token, client)


def stream(
    tables: Tables,
    keys: Keys,
    owner: Principal,
    api: PresentedToken,
    grant: Grant,
    now: int,
    expiry: int,
    client: Client,
) -> Issued:
    """A new stream token, of whom the API token that asks for it is; the row remembers which one that was.

    Raises InvalidToken if that one was revoked meanwhile.
    """
    secret = jwt.sign(keys.stream, {"jti": mint_jti(), **grant.claims(), "exp": expiry})
    claims = json.dumps(grant.claims(), separators=(",", ":"))
    token = Token(0, owner.user_id, "stream", grant.stream, client.device_info, "", now, now, expiry, claims)
    try:
        return add(tables, secret, token, client, api.id, api.id)
    except WrongCredentials:
        raise InvalidToken from None


def management(tables: Tables, owner: Principal, client: Client, now: int, seconds: int) -> Issued:
    """A new management token, for a caller who proved a password. Raises WrongCredentials as `mobile` does."""
    token = Token(0, owner.user_id, "management", None, client.device_info, "", now, now, now + seconds)
    return add(tables, mint("management"), token, client)


def console(
    tables: Tables, owner: Principal, client: Client, now: int, seconds: int, most: int = 0, by: int = 0
) -> Issued:
    """A new session of the console, for a caller who proved a password; good for so many seconds, and longer with each
    use (v1/auth/write_behind.py). `by` is the id of the session that it replaces, if it does. `most`, and what is
    raised, are as in `mobile`; a replaced session that is gone raises too."""
    token = Token(0, owner.user_id, "console", None, client.device_info, "", now, now, now + seconds)
    issued = add(tables, mint("console"), token, client, by, by)
    revoke.enforce_session_limit(tables, issued.token, most, now)
    return issued


def personal(
    tables: Tables, owner: Principal, by: PresentedToken, name: str, client: Client, now: int, expiry: int
) -> Issued:
    """A new personal token, made by that token of its owner.

    Raises AlreadyExists if a live one of the owner has that name, as the column compares names; AccessDenied if there
    are MOST_NAMED already; InvalidToken if `by` was revoked meanwhile.
    """
    # Not used yet, and so that the first use is noted, however soon it comes.
    unused = now - ACCESS_SECONDS
    token = Token(0, owner.user_id, "personal", name, client.device_info, "", now, unused, expiry)
    try:
        return add(tables, mint("personal"), token, client, by.id, by.id)
    except WrongCredentials:
        if tables.tokens.has_named(token, now):
            raise AlreadyExists from None
        found = tables.tokens.list_kind(owner.user_id, "personal", now, MOST_NAMED)
        if sum(each.expiry > now for each in found) >= MOST_NAMED:
            raise AccessDenied(f"There are {MOST_NAMED} tokens already. Revoke one.") from None
        raise InvalidToken from None


def add(
    tables: Tables, secret: str, token: Token, client: Client, parent: int = 0, by: int = 0, most: int = 0
) -> Issued:
    """The token's row, and its text for the door. `parent` is the id of the token that makes it or that it hangs on;
    `by` that of the one that asked for it, for the log. `most` over 0 bounds the live ones of its kind.

    Raises WrongCredentials if the user is disabled or gone meanwhile, or the parent, or if there are `most` already.
    """
    auth_key = digest(secret)
    token_id = tables.tokens.add(auth_key, token, client, parent, most) if auth_key else None
    if token_id is None:
        raise WrongCredentials("disabled", user_id=token.user_id)
    metrics.tokens_issued.labels(token.kind).inc()
    where = {"address": client.remote_ip, "device": token.device_info} | ({"by": f"token {by}"} if by else {})
    event("token.issued", user_id=token.user_id, kind=token.kind, token_id=token_id, **where)
    return Issued(secret, replace(token, id=token_id, remote_ip=client.remote_ip))


def is_name(text: str) -> bool:
    """May a token be called so?"""
    return text.strip() != "" and is_single_line(text, NAME_CHARACTERS)

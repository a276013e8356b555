"""Issues tokens of every kind but DeviceHive's (v1/tokens/pairs.py). Each function returns the token with its text."""

import json
from dataclasses import replace
from typing import Final

from v1.db.tables.token_inserts import MOST_PERSONAL
from v1.kinds import BY_NAME
from v1.records import LAST_ACCESS_SECONDS, Client, Issued, NewToken, PresentedToken, Principal
from v1.tokens import jwt, revoke
from v1.tokens.add import add, invalid_token_if_not_issued, wrong_credentials_if_not_issued
from v1.tokens.store import TokenStore
from v1.tokens.stream_grants import Grant
from v1.tokens.text import mint, mint_jti, mint_mobile
from v1.wire.single_line import is_single_line

NEVER: Final = 253_402_300_799
"""9999-12-31T23:59:59Z: the expiry of a token that does not expire. `expiry > now` stays the one test."""

SCOPES: Final = BY_NAME["api"].scopes

NAME_CHARACTERS: Final = 100
"""The longest name of a token."""

NO_CLIENT: Final = Client("", "", "")
"""For tokens that a command makes."""


def mobile(store: TokenStore, owner: Principal, client: Client, now: int, max_sessions: int = 0) -> Issued:
    """A mobile token, for a caller who proved a password. `now` in Unix seconds.

    With `max_sessions` over 0, the user's longest-unused sessions are revoked until so many are left, this one
    included. Raises WrongCredentials if the user was disabled since the password was checked.
    """
    expiry = now + BY_NAME["mobile"].seconds
    new = NewToken(kind="mobile", owner=owner.user_id, client=client, now=now, expiry=expiry)
    with wrong_credentials_if_not_issued(owner.user_id):
        issued = add(store, mint_mobile(), new)
    revoke.enforce_session_limit(store, issued.token, max_sessions, now)
    return issued


def api(
    store: TokenStore,
    user_id: int,
    name: str,
    scopes: tuple[str, ...],
    now: int,
    expiry: int,
    client: Client = NO_CLIENT,
) -> Issued:
    """An API token of these scopes, of a user or with `user_id` 0 of a server.

    Raises WrongCredentials if the user is disabled or gone, ValueError for an unknown scope.
    """
    if not scopes or set(scopes) - set(SCOPES):
        raise ValueError(f"a scope must be one of {', '.join(SCOPES)}")
    claims = json.dumps({"scope": " ".join(sorted(set(scopes)))})
    new = NewToken(kind="api", owner=user_id, client=client, now=now, expiry=expiry, name=name, claims=claims)
    new = replace(new, last_access=now - LAST_ACCESS_SECONDS)  # see `personal`
    with wrong_credentials_if_not_issued(user_id):
        return add(store, mint("api"), new)


def stream(
    store: TokenStore,
    owner: Principal,
    api: PresentedToken,
    grant: Grant,
    now: int,
    expiry: int,
    client: Client,
) -> Issued:
    """A stream token, made with an API token of the same owner. Raises InvalidToken if the API token was revoked."""
    secret = jwt.sign(store.keys.stream, {"jti": mint_jti(), **grant.claims(), "exp": expiry})
    new = NewToken(
        kind="stream",
        owner=owner.user_id,
        client=client,
        now=now,
        expiry=expiry,
        name=grant.stream,
        claims=json.dumps(grant.claims(), separators=(",", ":")),
        parent=api.id,
        requested_by=api.id,
    )
    with invalid_token_if_not_issued():
        return add(store, secret, new)


def management(store: TokenStore, owner: Principal, client: Client, now: int, seconds: int) -> Issued:
    """A management token, for a caller who proved a password. Raises WrongCredentials as `mobile` does."""
    new = NewToken(kind="management", owner=owner.user_id, client=client, now=now, expiry=now + seconds)
    with wrong_credentials_if_not_issued(owner.user_id):
        return add(store, mint("management"), new)


def console(
    store: TokenStore,
    owner: Principal,
    client: Client,
    now: int,
    seconds: int,
    max_sessions: int = 0,
    replaced: int = 0,
) -> Issued:
    """A console session, for a caller who proved a password. Each use extends it (auth_tokens.touch).

    `replaced` is the id of the session that it replaces, 0 for none. That one becomes its parent, so that nothing is
    issued if it was revoked meanwhile. `max_sessions` and errors: as in `mobile`.
    """
    new = NewToken(
        kind="console",
        owner=owner.user_id,
        client=client,
        now=now,
        expiry=now + seconds,
        parent=replaced,
        requested_by=replaced,
    )
    with wrong_credentials_if_not_issued(owner.user_id):
        issued = add(store, mint("console"), new)
    revoke.enforce_session_limit(store, issued.token, max_sessions, now)
    return issued


def personal(
    store: TokenStore, owner: Principal, by: PresentedToken, name: str, client: Client, now: int, expiry: int
) -> Issued:
    """A personal token, made with the token `by` of its owner.

    Raises AlreadyExists if the owner has a live one of that name (the column's collation compares names), AccessDenied
    if there are MOST_PERSONAL already, InvalidToken if `by` was revoked.
    """
    new = NewToken(
        kind="personal",
        owner=owner.user_id,
        client=client,
        now=now,
        expiry=expiry,
        name=name,
        parent=by.id,
        requested_by=by.id,
        last_access=now - LAST_ACCESS_SECONDS,  # else write-behind would not note a use in the first minute
    )
    with invalid_token_if_not_issued(limit_message=f"There are {MOST_PERSONAL} tokens already. Revoke one."):
        return add(store, mint("personal"), new)


def is_valid_name(text: str) -> bool:
    """Can this be the name of a token?"""
    return text.strip() != "" and is_single_line(text, NAME_CHARACTERS)

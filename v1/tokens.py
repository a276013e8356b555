"""Owns the life of a token: its text, its digest, issuing and verifying. The only module that mints and digests."""

import hashlib
import secrets
from dataclasses import replace

from v1.errors import InvalidToken, WrongCredentials
from v1.records import Client, Issued, Principal, Token
from v1.store import Store

MOBILE_SECONDS = 2_592_000
"""30 days: what installed apps were promised."""


def issue(store: Store, principal: Principal, client: Client, now: int) -> Issued:
    """A new mobile token; its row is committed before this returns. `now` in Unix seconds.

    Raises WrongCredentials if the user was disabled since the password was checked.
    """
    secret = secrets.token_hex(20)
    token = Token(0, principal.user_id, "mobile", client.device_info, now, now, now + MOBILE_SECONDS)
    token_id = store.add_token(digest(secret, token.kind), token, client.remote_ip, client.user_agent)
    if token_id is None:
        raise WrongCredentials("disabled")
    return Issued(secret, replace(token, id=token_id))


def digest(secret: str, kind: str) -> str:
    """What `auth_key` holds: SHA-1 hex for mobile tokens, as PHP looks them up; SHA-256 hex for every other kind."""
    raw = secret.encode()
    return hashlib.sha1(raw).hexdigest() if kind == "mobile" else hashlib.sha256(raw).hexdigest()


def verify(store: Store, secret: str, now: int) -> Token:
    """The live mobile token of this text: one SELECT and no write. Raises InvalidToken, whatever the reason."""
    token = store.find_live_token(digest(secret, "mobile"), now)
    if token is None:
        raise InvalidToken
    return token

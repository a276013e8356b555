"""Owns the life of a token: its text and digest, issuing, finding, revoking. The only module that mints and digests."""

import hashlib
import json
import re
import secrets
import string
import zlib
from dataclasses import replace
from typing import Final

from v1 import metrics
from v1.errors import DatabaseDown, NotFound, WrongCredentials
from v1.logs import event
from v1.records import Client, Issued, Principal, Proof, Token
from v1.store import Store

MOBILE_SECONDS: Final = 2_592_000
"""30 days: what installed apps were promised."""

NEVER: Final = 253_402_300_799
"""9999-12-31T23:59:59Z: a token that does not expire. `expiry > now` stays the one test."""

DEVICES: Final = ("mobile", "console", "jwt_access", "jwt_refresh")
"""The kinds that "sign out all others" means; `api`, `management` and `personal` tokens are spared unless asked."""

SCOPES: Final = ("introspect", "revoke", "stream")
"""What an API token may be made for."""

PREFIXES: Final = {"api": "gpa_", "management": "gpm_", "personal": "gpp_"}
_ALPHABET: Final = string.digits + string.ascii_uppercase + string.ascii_lowercase
_MOBILE: Final = re.compile(r"[0-9a-f]{40}")
_PREFIXED: Final = re.compile(r"(gp[amp]_[0-9A-Za-z]{40})([0-9A-Za-z]{6})")
_NOBODY: Final = Client("", "", "")


def issue(store: Store, principal: Principal, client: Client, now: int, most: int = 0) -> Issued:
    """A new mobile token; its row is committed before this returns. `now` in Unix seconds.

    With `most` over 0 the user's longest-unused sessions are dropped, so that so many are left with this one. Raises
    WrongCredentials if the user was disabled since the password was checked.
    """
    token = Token(0, principal.user_id, "mobile", None, client.device_info, "", now, now, now + MOBILE_SECONDS)
    issued = _add(store, secrets.token_hex(20), token, client)
    if most:
        _drop_unused(store, issued.token, most, now)
    return issued


def issue_api(store: Store, user_id: int, name: str, scopes: tuple[str, ...], now: int, expiry: int) -> Issued:
    """A new API token of these scopes; of a user, or with `user_id` 0 of a server of its own.

    Raises WrongCredentials if the user is disabled or gone, ValueError for a scope that there is not.
    """
    if not scopes or set(scopes) - set(SCOPES):
        raise ValueError(f"a scope must be one of {', '.join(SCOPES)}")
    claims = json.dumps({"scope": " ".join(sorted(set(scopes)))})
    token = Token(0, user_id, "api", name, "", "", now, now, expiry, claims)
    return _add(store, mint("api"), token, _NOBODY)


def mint(kind: str) -> str:
    """A text like `gpa_..`: 40 random letters and digits and a checksum, so that secret scanners know it and a mistyped
    one costs no query."""
    text = PREFIXES[kind] + "".join(secrets.choice(_ALPHABET) for _ in range(40))
    return text + _checksum(text)


def digest(secret: str) -> str | None:
    """What `auth_key` holds, or None for a text that can be no token.

    SHA-1 hex for mobile tokens, as PHP looks them up; SHA-256 hex for every other kind, which PHP thus never accepts.
    """
    if _MOBILE.fullmatch(secret):
        return hashlib.sha1(secret.encode()).hexdigest()
    found = _PREFIXED.fullmatch(secret)
    if found and _checksum(found[1]) == found[2]:
        return hashlib.sha256(secret.encode()).hexdigest()
    return None


def check(store: Store, secret: str, now: int) -> tuple[Principal, Proof] | None:
    """Whose live token this text is: one SELECT and no write, and not even that for a text that can be no token."""
    auth_key = digest(secret)
    return store.tokens.check(auth_key, now) if auth_key else None


def find(store: Store, secret: str, now: int) -> tuple[Principal, Token] | None:
    """The same with all that is stored of the token."""
    auth_key = digest(secret)
    return store.tokens.find_live(auth_key, now) if auth_key else None


def revoke_presented(store: Store, secret: str, address: str) -> None:
    """Delete the token of this text, if there is one (RFC 7009: an unknown token is no error).

    `address` is the caller's, for the log; so it is in the functions below.
    """
    auth_key = digest(secret)
    token = store.tokens.find(auth_key) if auth_key else None
    if token:
        _revoked(token.user_id, store.tokens.delete(token.id), address, token_id=token.id, device=token.device_info)


def revoke(store: Store, user_id: int, token_id: int, address: str) -> int:
    """Delete one of the user's own tokens. Raises NotFound, for another user's too."""
    token = store.tokens.find_by_id(token_id)
    if token is None or token.user_id != user_id or not store.tokens.delete(token_id):
        raise NotFound
    return _revoked(user_id, 1, address, token_id=token_id, device=token.device_info)


def revoke_devices(store: Store, user_id: int, address: str, but: int = 0) -> int:
    """Sign the user's devices out, but for the token of that id; how many."""
    return _revoked(user_id, store.tokens.delete_devices(user_id, DEVICES, but), address)


def revoke_all(store: Store, user_id: int, address: str, **by: str) -> int:
    """Delete every token of the user, of every kind; how many. `by` is who did it, if not the user: for the log."""
    return _revoked(user_id, store.tokens.delete_of_user(user_id), address, **by)


def _drop_unused(store: Store, newest: Token, most: int, now: int) -> None:
    """Keep so many sessions of the user. The new one is issued already: it does not hang on this."""
    try:
        dropped = store.tokens.drop_unused(newest.user_id, DEVICES, most, newest.id, now)
    except DatabaseDown:  # which was logged
        return
    _revoked(newest.user_id, dropped, newest.remote_ip, reason="limit")


def _revoked(user_id: int, revoked: int, address: str, **more: object) -> int:
    if revoked:
        metrics.tokens_revoked.inc(revoked)
        event("token.revoked", user_id=user_id, revoked=revoked, address=address, **more)
    return revoked


def _add(store: Store, secret: str, token: Token, client: Client) -> Issued:
    auth_key = digest(secret)
    token_id = store.tokens.add(auth_key, token, client) if auth_key else None
    if token_id is None:
        raise WrongCredentials("disabled", user_id=token.user_id)
    metrics.tokens_issued.labels(token.kind).inc()
    where = {"address": client.remote_ip, "device": token.device_info}
    event("token.issued", user_id=token.user_id, kind=token.kind, token_id=token_id, **where)
    return Issued(secret, replace(token, id=token_id, remote_ip=client.remote_ip))


def _checksum(text: str) -> str:
    """CRC32 in base 62, six digits."""
    number, digits = zlib.crc32(text.encode()), ""
    for _ in range(6):
        number, digit = divmod(number, 62)
        digits = _ALPHABET[digit] + digits
    return digits

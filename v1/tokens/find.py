"""Finds the token of a text. A token without a row is not a token, however good its signature is."""

from collections.abc import Collection
from typing import Literal

from v1.db.prepared_check import PreparedCheck
from v1.records import PresentedToken, Principal, Token
from v1.tokens import jwt
from v1.tokens.jwt import Keys
from v1.tokens.store import TokenStore
from v1.tokens.text import digest, is_signed

Found = tuple[Principal, PresentedToken]


def auth_key_of(keys: Keys, secret: str) -> str | None:
    """The digest of a text that may be a token; None for any other. A signed text must have a good signature."""
    auth_key = digest(secret)
    if auth_key and is_signed(secret) and not jwt.is_good(keys, secret, auth_key):
        return None
    return auth_key


def check(store: TokenStore, secret: str, now: int) -> Found | None:
    """The live token of this text and its owner: one SELECT, no write. A text that can be no token costs no query."""
    auth_key = auth_key_of(store.keys, secret)
    return look_up(store, auth_key, now) if auth_key else None


def look_up(store: TokenStore, auth_key: str, now: int) -> Found | None:
    """The live token of this digest and its owner: one SELECT, no write."""
    return store.tables.tokens.check(auth_key, now)


def prepared_check(store: TokenStore, causal: bool) -> PreparedCheck:
    """A connection that looks many digests up at once, without waiting for them. Connecting waits.

    `causal`: on a cluster, each look-up finds what other nodes had committed before it.
    """
    return store.tables.tokens.prepared_check(causal)


def live(store: TokenStore, row: str, now: int) -> Found | None:
    """What `look_up` returns, of a row that such a connection received."""
    return store.tables.tokens.live(row, now)


def find(store: TokenStore, secret: str, now: int) -> tuple[Principal, Token] | None:
    """As `check`, but with every column of the token."""
    auth_key = auth_key_of(store.keys, secret)
    return store.tables.tokens.find_live(auth_key, now) if auth_key else None


def of_user(store: TokenStore, user_id: int, token_id: int, kind: str = "") -> Token | None:
    """The token of this id if the user owns it, expired ones too; with a kind, only a token of that kind."""
    token = store.tables.tokens.find_by_id(token_id)
    return token if token and token.user_id == user_id and kind in ("", token.kind) else None


def has_personal(store: TokenStore, user_id: int, name: str, now: int) -> bool:
    """Does the user have a live personal token of this name? Another may be made at any moment."""
    return store.tables.tokens.has_named(user_id, "personal", name, now)


def rejection_reason(keys: Keys, secret: str, kinds: Collection[str], now: int) -> Literal["", "kind", "expired"]:
    """Why a JWT was refused, as its claims tell: "kind" (it is of another kind), "expired", or "" if they do not.

    The claims decide and not the row, because the row of an expired token may be purged.
    """
    signed = jwt.read(keys, secret)
    if signed is None:
        return ""
    if signed.kind not in kinds:
        return "kind"
    return "expired" if signed.expiry <= now else ""

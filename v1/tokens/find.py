"""Finds the token of a text. A token without a row is not a token, however good its signature is."""

from collections.abc import Collection
from typing import Literal

from v1.db.tables import Tables
from v1.records import PresentedToken, Principal, Token
from v1.tokens import jwt
from v1.tokens.jwt import Keys
from v1.tokens.text import digest, is_signed


def check(tables: Tables, keys: Keys, secret: str, now: int) -> tuple[Principal, PresentedToken] | None:
    """The live token of this text and its owner: one SELECT, no write. A text that can be no token costs no query."""
    auth_key = _auth_key(keys, secret)
    return tables.tokens.check(auth_key, now) if auth_key else None


def find(tables: Tables, keys: Keys, secret: str, now: int) -> tuple[Principal, Token] | None:
    """The same with every column of the token."""
    auth_key = _auth_key(keys, secret)
    return tables.tokens.find_live(auth_key, now) if auth_key else None


def rejection_reason(keys: Keys, secret: str, kinds: Collection[str], now: int) -> Literal["", "kind", "expired"]:
    """Why a signed text is no live token of these kinds: "kind" or "expired", as its own claims say; else "".

    The claims are asked, not the row: that of an expired token may be purged.
    """
    said = jwt.read(keys, secret)
    if said is None:
        return ""
    if said.kind not in kinds:
        return "kind"
    return "expired" if said.expiry <= now else ""


def _auth_key(keys: Keys, secret: str) -> str | None:
    """The digest of a text that may be a token. A signed text must have a good signature."""
    auth_key = digest(secret)
    if auth_key and is_signed(secret) and not jwt.is_good(keys, secret, auth_key):
        return None
    return auth_key

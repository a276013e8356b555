"""Signed tokens that are made by hand: with any header, any claims and any key."""

import base64
import hashlib
import hmac
import json
from typing import Any


def encoded(value: Any) -> str:
    """A part of a token: bytes and texts as they are, anything else as JSON."""
    text = value if isinstance(value, str | bytes) else json.dumps(value, separators=(",", ":"))
    raw = text.encode() if isinstance(text, str) else text
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def decoded(token: str, part: int = 1) -> Any:
    """What is in a part of a token, the claims unless said otherwise."""
    return json.loads(base64.urlsafe_b64decode(token.split(".")[part] + "=="))


def forge(claims: Any, key: bytes, header: Any = None, digest: str = "sha256") -> str:
    """A token with a good signature of this key."""
    text = f"{encoded({'alg': 'HS256'} if header is None else header)}.{encoded(claims)}"
    return f"{text}.{encoded(hmac.new(key, text.encode(), getattr(hashlib, digest)).digest())}"

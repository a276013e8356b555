"""Sets the console's cookies, and signs values that a browser keeps for a short time."""

import hashlib
from typing import Any, Final

from flask import Response, g
from itsdangerous import BadData, URLSafeSerializer

from v1.auth.core import Core

_SIGNER: Final = {"key_derivation": "hmac", "digest_method": hashlib.sha256}


def name(development: bool, short: str) -> str:
    """The cookie's name in this environment.

    Another host of the domain cannot set a cookie of a name with `__Host-` (RFC 6265bis 4.1.3.2), which needs TLS.
    """
    return short if development else f"__Host-{short}"


def put(core: Core, response: Response, name: str, value: str, max_age: int | None = None) -> None:
    """Set a cookie that no script reads and no other site sends. A `max_age` of 0 deletes it."""
    secure = not core.settings.development
    until = None if max_age is None else core.clock() + max_age
    response.set_cookie(name, value, max_age, until, path="/", secure=secure, httponly=True, samesite="Lax")


def drop_later(name: str) -> None:
    """Let the page that answers this request delete the cookie (`drop`)."""
    g.setdefault("dropped_cookies", set()).add(name)


def drop(core: Core, response: Response) -> None:
    """Delete the cookies of `drop_later`."""
    for name in sorted(g.pop("dropped_cookies", ())):
        put(core, response, name, "", 0)


def sign(core: Core, purpose: str, value: Any, seconds: int) -> str:
    """The value (of JSON) as signed text, which `read` accepts for so many seconds. It can be read by anybody."""
    return str(_serializer(core, purpose).dumps([int(core.clock()) + seconds, value]))


def read(core: Core, purpose: str, text: str) -> Any:
    """The value that was signed for this purpose; None if the text is forged, changed or too old."""
    try:
        until, value = _serializer(core, purpose).loads(text) if text else (0, None)
    except BadData:
        return None
    return value if core.clock() < until else None


def _serializer(core: Core, purpose: str) -> URLSafeSerializer:
    """The first of TOKEN_KEYS signs, all verify. The key of each purpose is HMAC-SHA256(key, purpose)."""
    keys = list(reversed(core.settings.token_keys))  # itsdangerous signs with the last
    return URLSafeSerializer(keys, f"gatepass console: {purpose}", signer_kwargs=_SIGNER)

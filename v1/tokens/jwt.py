"""Signed tokens: JWTs (RFC 7519) in the compact form of RFC 7515, with HS256 and no other algorithm.

The first key signs, all keys verify. To rotate keys, put a new one in front. Removing a key ends the tokens it signed.
A good signature is not enough: the token's row must exist too (v1/tokens/find.py).
"""

import json
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from joserfc import jws
from joserfc.errors import JoseError, SecurityWarning
from joserfc.jwk import OctKey
from joserfc.jws import JWSRegistry

from v1.tokens.text import is_signed

STREAM: Final = ("stream",)
DEVICEHIVE: Final = ("jwt_refresh", "jwt_access")
"""The kinds of DeviceHive's pair; the claim `t` is the index of the kind."""

REMEMBERED: Final = 10_000
"""The most digests that `Keys.good` holds."""

_HEADER: Final = {"alg": "HS256"}
_HS256: Final = JWSRegistry(algorithms=["HS256"])


@dataclass(frozen=True)
class Keys:
    """The keys of stream tokens and of DeviceHive's pairs. Each key verifies tokens of its own kinds only."""

    stream: tuple[OctKey, ...] = field(repr=False)
    devicehive: tuple[OctKey, ...] = field(repr=False)
    good: set[str] = field(default_factory=set, repr=False, compare=False)
    """Digests of texts whose signature was verified with these keys."""

    @property
    def shared(self) -> bool:
        """Is the key of the pairs shared with a DeviceHive server? That accepts every token with a good signature."""
        return self.devicehive is not self.stream  # `keys` below uses one tuple for both unless there is a shared key

    def signing(self) -> tuple[tuple[OctKey, tuple[str, ...]], ...]:
        """Each key with the kinds that it may sign."""
        if not self.shared:
            return tuple((key, STREAM + DEVICEHIVE) for key in self.stream)
        return (*((key, STREAM) for key in self.stream), *((key, DEVICEHIVE) for key in self.devicehive))


@dataclass(frozen=True)
class Signed:
    """The claims of a text with a good signature. `expiry` in Unix seconds, rounded down."""

    kind: str
    expiry: int
    claims: Mapping[str, Any] = field(repr=False)


def keys(token_keys: tuple[bytes, ...], devicehive_key: bytes | None) -> Keys:
    """TOKEN_KEYS sign stream tokens and pairs. A key that is shared with a DeviceHive server alone signs pairs."""
    with warnings.catch_warnings(action="ignore", category=SecurityWarning):  # v1/settings checks the length of keys
        own = tuple(OctKey.import_key(key) for key in token_keys)
        return Keys(own, (OctKey.import_key(devicehive_key),) if devicehive_key else own)


def sign(signing_keys: tuple[OctKey, ...], claims: Mapping[str, Any]) -> str:
    """These claims as a JWT, signed with the first of the keys."""
    payload = json.dumps(claims, separators=(",", ":"))
    return jws.serialize_compact(_HEADER, payload, signing_keys[0], registry=_HS256)


def is_good(keys: Keys, secret: str, digest: str) -> bool:
    """Is the signature of this text good? `digest` is the digest of the text."""
    if digest not in keys.good:
        if read(keys, secret) is None:
            return False
        if len(keys.good) >= REMEMBERED:
            keys.good.clear()
        keys.good.add(digest)
    return True


def read(keys: Keys, secret: str) -> Signed | None:
    """The claims of a JWT that was signed with a key for its kind. None for any other text."""
    if not is_signed(secret):
        return None
    try:
        found = jws.extract_compact(secret.encode(), registry=_HS256)
        for key, kinds in keys.signing():
            if jws.validate_compact(found, key, registry=_HS256):
                signed = _signed(json.loads(found.payload))
                if signed.kind in kinds:
                    return signed
    except (JoseError, ValueError, TypeError, KeyError, RecursionError):
        pass  # an unknown algorithm, broken base64, no JSON, or claims of DeviceHive's own under the shared key
    return None


def _signed(claims: Any) -> Signed:
    """DeviceHive's claims are below `payload`, with the expiry in milliseconds. Raises TypeError, KeyError."""
    if "payload" in claims:
        payload = claims["payload"]
        kind = dict(enumerate(DEVICEHIVE))[_whole(payload["t"])]  # a dict, because a tuple would take -1
        return Signed(kind, _whole(payload["e"]) // 1000, payload)
    return Signed("stream", _whole(claims["exp"]), claims)


def _whole(value: Any) -> int:
    if type(value) is not int:  # isinstance would accept a boolean
        raise TypeError("not a whole number")
    return value

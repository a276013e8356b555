"""Signed tokens: JWTs (RFC 7519) in the compact form of RFC 7515, with HS256 and no other algorithm.

The first key signs, all keys verify. To rotate keys, put a new one in front; to take a key away kills what it signed.
A good signature alone is no token: the row must exist too (v1/tokens/find.py).
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
"""How many digests of well-signed texts are remembered at most."""

_HEADER: Final = {"alg": "HS256"}
_HS256: Final = JWSRegistry(algorithms=["HS256"])


@dataclass(frozen=True)
class Keys:
    """The keys of stream tokens and of DeviceHive's pairs. A text signed with the other's key is no token."""

    stream: tuple[OctKey, ...] = field(repr=False)
    devicehive: tuple[OctKey, ...] = field(repr=False)
    good: set[str] = field(default_factory=set, repr=False, compare=False)
    """Digests of texts whose signature was verified with these keys."""

    @property
    def shared(self) -> bool:
        """Is the key of the pairs shared with a DeviceHive, which accepts them by their signature?"""
        return self.devicehive is not self.stream

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
    """TOKEN_KEYS sign both families. Where a key is shared with a DeviceHive, it alone signs the pairs."""
    with warnings.catch_warnings(action="ignore", category=SecurityWarning):  # v1/settings says what is too short
        own = tuple(OctKey.import_key(key) for key in token_keys)
        return Keys(own, (OctKey.import_key(devicehive_key),) if devicehive_key else own)


def sign(family: tuple[OctKey, ...], claims: Mapping[str, Any]) -> str:
    """These claims as a JWT, signed with the first of the keys."""
    payload = json.dumps(claims, separators=(",", ":"))
    return jws.serialize_compact(_HEADER, payload, family[0], registry=_HS256)


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
    """The claims of the text, if a key signed it that may sign this kind. None for any other text."""
    if not is_signed(secret):
        return None
    try:
        found = jws.extract_compact(secret.encode(), registry=_HS256)
        for key, kinds in keys.signing():
            if jws.validate_compact(found, key, registry=_HS256):
                said = _said(json.loads(found.payload))
                if said.kind in kinds:
                    return said
    except (JoseError, ValueError, TypeError, KeyError, RecursionError):
        pass  # an unknown algorithm, broken base64, no JSON, or claims of DeviceHive's own under the shared key
    return None


def _said(claims: Any) -> Signed:
    """DeviceHive's claims are below `payload`, with the expiry in milliseconds. Raises TypeError, KeyError."""
    if "payload" in claims:
        payload = claims["payload"]
        return Signed(dict(enumerate(DEVICEHIVE))[_whole(payload["t"])], _whole(payload["e"]) // 1000, payload)
    return Signed("stream", _whole(claims["exp"]), claims)


def _whole(value: Any) -> int:
    if type(value) is not int:  # isinstance would accept a boolean
        raise TypeError("no whole number")
    return value

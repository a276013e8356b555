"""Owns tokens that are signed: JWTs (RFC 7519) in the compact form of RFC 7515, HS256 and nothing else.

The first key signs, all verify: a new key is put in front, and one that is taken away kills what it signed. A good
signature alone is no token: its row must be there too (v1/tokens/issue.py).
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
"""The kinds of DeviceHive's pair, at the number that `t` has for each."""

REMEMBERED: Final = 10_000
"""Digests that are kept at the most, of a few bytes each."""

_HEADER: Final = {"alg": "HS256"}
_HS256: Final = JWSRegistry(algorithms=["HS256"])


@dataclass(frozen=True)
class Keys:
    """The signing keys of each family of tokens; what one family's key signed is no token of the other."""

    stream: tuple[OctKey, ...] = field(repr=False)
    devicehive: tuple[OctKey, ...] = field(repr=False)
    good: set[str] = field(default_factory=set, repr=False, compare=False)
    """Digests of texts that were found well signed: as long as the keys are the same they stay so."""

    @property
    def shared(self) -> bool:
        """Does a DeviceHive take the pairs too, and believe what they say?"""
        return self.devicehive is not self.stream

    def signing(self) -> tuple[tuple[OctKey, tuple[str, ...]], ...]:
        """Every key once, and the kinds that it may sign."""
        if not self.shared:
            return tuple((key, STREAM + DEVICEHIVE) for key in self.stream)
        return (*((key, STREAM) for key in self.stream), *((key, DEVICEHIVE) for key in self.devicehive))


@dataclass(frozen=True)
class Signed:
    """What a text with a good signature says of itself. `expiry` in Unix seconds, rounded down."""

    kind: str
    expiry: int
    claims: Mapping[str, Any] = field(repr=False)


def keys(token_keys: tuple[bytes, ...], devicehive_key: bytes | None) -> Keys:
    """TOKEN_KEYS sign everything; with a key shared with a DeviceHive it alone signs that door's tokens."""
    with warnings.catch_warnings(action="ignore", category=SecurityWarning):  # v1/settings says what is too short
        own = tuple(OctKey.import_key(key) for key in token_keys)
        return Keys(own, (OctKey.import_key(devicehive_key),) if devicehive_key else own)


def sign(family: tuple[OctKey, ...], claims: Mapping[str, Any]) -> str:
    """These claims as a token, signed with the family's first key."""
    payload = json.dumps(claims, separators=(",", ":"))
    return jws.serialize_compact(_HEADER, payload, family[0], registry=_HS256)


def is_good(keys: Keys, secret: str, digest: str) -> bool:
    """Has the text, which has this digest, a good signature? (Whether it is a live token is told by its row alone.)"""
    if digest not in keys.good:
        if read(keys, secret) is None:
            return False
        if len(keys.good) >= REMEMBERED:
            keys.good.clear()
        keys.good.add(digest)
    return True


def read(keys: Keys, secret: str) -> Signed | None:
    """What the text says, if one of our keys signed it and may sign such; None for any other text, whatever it is."""
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
        pass  # an unknown algorithm, broken base64, no JSON; or others' claims under the shared key
    return None


def _said(claims: Any) -> Signed:
    """DeviceHive's claims are below `payload`, with the expiry in milliseconds. Raises TypeError, KeyError."""
    if "payload" in claims:
        payload = claims["payload"]
        return Signed(dict(enumerate(DEVICEHIVE))[_whole(payload["t"])], _whole(payload["e"]) // 1000, payload)
    return Signed("stream", _whole(claims["exp"]), claims)


def _whole(value: Any) -> int:
    if type(value) is not int:  # a boolean is one too, by Python's lights
        raise TypeError("no whole number")
    return value

"""Signed tokens: JWTs (RFC 7519) in the compact form of RFC 7515, with HS256 and no other algorithm.

The first key signs, all keys verify. To rotate keys, put a new one in front. Removing a key ends the tokens it signed.
A good signature is not enough: the token's row must exist too (v1/tokens/find.py).
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from jwt.algorithms import HMACAlgorithm
from jwt.api_jws import PyJWS
from jwt.exceptions import PyJWTError

from v1.tokens.text import is_signed

STREAM: Final = ("stream",)
DEVICEHIVE: Final = ("jwt_refresh", "jwt_access")
"""The kinds of DeviceHive's pair; the claim `t` is the index of the kind."""

REMEMBERED: Final = 10_000
"""How many digests `Keys.good` has places for."""

_DIGEST_BYTES: Final = 32

_HS256: Final = "HS256"
_HEADER_NAMES: Final = {"alg", "typ", "cty", "kid"}
"""The header parameters that are accepted. Only `alg` is used: no text chooses the key that verifies it."""

_LONGEST_HEADER: Final = 512
"""The longest header, in characters of base64."""


class _AnyKey(HMACAlgorithm):
    """HS256 with any bytes as its key: v1/settings has checked them. PyJWT would check them again for each text."""

    def prepare_key(self, key: str | bytes) -> bytes:
        return key.encode() if isinstance(key, str) else key

    def check_key_length(self, key: bytes) -> None:
        return None


_ALGORITHM: Final = _AnyKey(HMACAlgorithm.SHA256)
_JWS: Final = PyJWS(algorithms=[])
_JWS.register_algorithm(_HS256, _ALGORITHM)


@dataclass(frozen=True)
class Keys:
    """The keys of stream tokens and of DeviceHive's pairs. Each key verifies tokens of its own kinds only."""

    stream: tuple[bytes, ...] = field(repr=False)
    devicehive: tuple[bytes, ...] = field(repr=False)
    good: bytearray = field(default_factory=lambda: bytearray(REMEMBERED * _DIGEST_BYTES), repr=False, compare=False)
    """Digests of texts whose signature was verified with these keys. Each has its place, where a later one replaces it.

    (A set grew by 1.7 MB for a quarter of an hour, and forgot all of them at once.)
    """

    @property
    def shared(self) -> bool:
        """Is the key of the pairs shared with a DeviceHive server? That accepts every token with a good signature."""
        return self.devicehive is not self.stream  # `keys` below uses one tuple for both unless there is a shared key

    def signing(self) -> tuple[tuple[bytes, tuple[str, ...]], ...]:
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
    return Keys(token_keys, (devicehive_key,) if devicehive_key else token_keys)


def sign(signing_keys: tuple[bytes, ...], claims: Mapping[str, Any]) -> str:
    """These claims as a JWT, signed with the first of the keys."""
    payload = json.dumps(claims, separators=(",", ":"))
    return _JWS.encode(payload.encode(), signing_keys[0], _HS256, headers={"typ": None})


def is_good(keys: Keys, secret: str, digest: str) -> bool:
    """Is the signature of this text good? `digest` is the digest of the text."""
    found = bytes.fromhex(digest)
    begin = int.from_bytes(found[:4]) % REMEMBERED * _DIGEST_BYTES
    place = slice(begin, begin + _DIGEST_BYTES)
    if keys.good[place] != found:
        if read(keys, secret) is None:
            return False
        keys.good[place] = found
    return True


def read(keys: Keys, secret: str) -> Signed | None:
    """The claims of a JWT that was signed with a key for its kind. None for any other text."""
    if not is_signed(secret):
        return None
    content, _, signature = secret.encode().rpartition(b".")
    mac = base64.urlsafe_b64decode(signature + b"=")
    try:
        for key, kinds in keys.signing():
            if _ALGORITHM.verify(content, key, mac):  # before parsing, which is slow for long texts
                signed = _signed(_claims(secret, key))
                if signed.kind in kinds:
                    return signed
    except (PyJWTError, ValueError, TypeError, KeyError, RecursionError):
        pass  # an unknown algorithm, broken base64, no JSON, or claims of DeviceHive's own under the shared key
    return None


def _claims(secret: str, key: bytes) -> Any:
    """The claims of a text that this key signed. Raises PyJWTError, ValueError, RecursionError."""
    found = _JWS.decode_complete(secret, key, algorithms=[_HS256])
    header = found["header"]
    plain = header.keys() <= _HEADER_NAMES and all(isinstance(value, str) for value in header.values())
    if not plain or secret.index(".") > _LONGEST_HEADER:
        raise ValueError("not a header of ours")
    return json.loads(found["payload"])


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

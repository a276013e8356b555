"""Owns the texts of tokens: the only module that mints and digests. v1/tokens/jwt.py writes the signed ones."""

import hashlib
import re
import secrets
import string
import zlib
from typing import Final

from v1 import kinds

LONGEST: Final = 16 * 1024
"""Characters that a signed token has at most."""

_ALPHABET: Final = string.digits + string.ascii_uppercase + string.ascii_lowercase
_MOBILE: Final = re.compile(r"[0-9a-f]{40}")
_PREFIXES: Final = "|".join(kind.prefix for kind in kinds.KINDS if kind.prefix)
_PREFIXED: Final = re.compile(rf"((?:{_PREFIXES})[0-9A-Za-z]{{40}})([0-9A-Za-z]{{6}})")
_SIGNED: Final = re.compile(r"eyJ[\w-]+\.[\w-]+\.[\w-]{43}", re.ASCII)


def mint_mobile() -> str:
    """40 hex digits, as the PHP page's tokens: 160 random bits."""
    return secrets.token_hex(20)


def mint(kind: str) -> str:
    """A text like `gpa_..`: 40 random letters and digits and a checksum, so that secret scanners know it and a mistyped
    one costs no query."""
    text = kinds.BY_NAME[kind].prefix + "".join(secrets.choice(_ALPHABET) for _ in range(40))
    return text + _checksum(text)


def mint_jti() -> str:
    """What tells a signed token from any other (RFC 7519 4.1.7): 32 hex digits, never twice the same."""
    return secrets.token_hex(16)


def is_signed(secret: str) -> bool:
    """Has it the form of a signed token (RFC 7515 7.1): three parts, the third as long as SHA-256's."""
    return len(secret) <= LONGEST and _SIGNED.fullmatch(secret) is not None


def digest(secret: str) -> str | None:
    """What `auth_key` holds, or None for a text that can be no token.

    SHA-1 hex for mobile tokens, as PHP looks them up; SHA-256 hex for every other kind, which PHP thus never accepts.
    """
    if _MOBILE.fullmatch(secret):
        return hashlib.sha1(secret.encode()).hexdigest()
    found = _PREFIXED.fullmatch(secret)
    if (found and _checksum(found[1]) == found[2]) or is_signed(secret):
        return hashlib.sha256(secret.encode()).hexdigest()
    return None


def _checksum(text: str) -> str:
    """CRC32 in base 62, six digits."""
    number, digits = zlib.crc32(text.encode()), ""
    for _ in range(6):
        number, digit = divmod(number, 62)
        digits = _ALPHABET[digit] + digits
    return digits

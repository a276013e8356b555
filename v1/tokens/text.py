"""The texts of tokens. No other module mints or digests them; v1/tokens/jwt.py writes the signed ones."""

import hashlib
import re
import secrets
import string
import zlib
from typing import Final

from v1 import kinds

LONGEST: Final = 16 * 1024
"""The longest signed token, in characters."""

_ALPHABET: Final = string.digits + string.ascii_uppercase + string.ascii_lowercase
_MOBILE: Final = re.compile(r"[0-9a-f]{40}")
_PREFIXES: Final = "|".join(kind.prefix for kind in kinds.KINDS if kind.prefix)
_PREFIXED: Final = re.compile(rf"((?:{_PREFIXES})[0-9A-Za-z]{{40}})([0-9A-Za-z]{{6}})")
_SIGNED: Final = re.compile(r"eyJ[\w-]+\.[\w-]+\.[\w-]{43}", re.ASCII)


def mint_mobile() -> str:
    """40 hex digits, as the PHP page issues: 160 random bits."""
    return secrets.token_hex(20)


def mint(kind: str) -> str:
    """The kind's prefix, 40 random letters and digits, and a checksum.

    Secret scanners recognise it, and a mistyped one costs no query.
    """
    text = kinds.BY_NAME[kind].prefix + "".join(secrets.choice(_ALPHABET) for _ in range(40))
    return text + _checksum(text)


def mint_jti() -> str:
    """A unique id for a signed token (RFC 7519 4.1.7): 32 hex digits."""
    return secrets.token_hex(16)


def is_signed(secret: str) -> bool:
    """Has the text the form of a JWT: three parts, the third as long as an HMAC-SHA-256 (RFC 7515 7.1)?"""
    return len(secret) <= LONGEST and _SIGNED.fullmatch(secret) is not None


def digest(secret: str) -> str | None:
    """The digest of a token's text, as `auth_key` holds it. None for a text that can be no token.

    SHA-1 in hex for mobile tokens, because PHP looks them up so. SHA-256 in hex for every other kind, which PHP can
    therefore never accept.
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

"""Owns how the text of a setting becomes its value. Each reader raises ValueError, which says what the text must be."""

import base64
import ipaddress
import re
from collections.abc import Callable
from typing import Final

from v1.wire.addresses import Network

KEY_BYTES: Final = 32
"""The least length of a key that signs (RFC 7518 3.2)."""


def one_of(*choices: str) -> Callable[[str], str]:
    """One of these words."""

    def read(text: str) -> str:
        if text not in choices:
            raise ValueError(f"must be one of {', '.join(choices)}")
        return text

    return read


def some_of(*choices: str) -> Callable[[str], tuple[str, ...]]:
    """Some of these words, with commas between."""

    def read(text: str) -> tuple[str, ...]:
        found = tuple(part.strip() for part in text.split(",") if part.strip())
        if not found or set(found) - set(choices):
            raise ValueError(f"must be some of {', '.join(choices)}, with commas between")
        return found

    return read


def between(low: int, high: int) -> Callable[[str], int]:
    """A whole number within these."""

    def read(text: str) -> int:
        if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
            raise ValueError(f"must be a whole number from {low} to {high}")
        return int(text)

    return read


def switch(text: str) -> bool:
    """0 or 1."""
    return one_of("0", "1")(text) == "1"


def keys(text: str) -> tuple[bytes, ...]:
    """Signing keys, with commas between. No error quotes one."""
    found = tuple(part.strip().encode() for part in text.split(","))
    if any(key.startswith((b"-----BEGIN", b"ssh-", b"ecdsa-")) for key in found):
        raise ValueError("must be secret texts, and no keys of a pair")
    if any(len(key) < KEY_BYTES for key in found) or len(set(found)) < len(found):
        raise ValueError("must be different keys of at least 32 bytes each, with commas between")
    return found


def lenient_base64(text: str) -> bytes:
    """A key as DeviceHive decodes it: what is outside the alphabet is skipped, an incomplete last group dropped."""
    letters = re.sub(r"[^A-Za-z0-9+/=]", "", text)
    try:
        key = base64.b64decode(letters[: len(letters) // 4 * 4], validate=True)
    except ValueError:
        key = b""
    if not key:
        raise ValueError("must be the base64 of a key")
    return key


def networks(text: str) -> tuple[Network, ...]:
    """Networks like `10.0.0.0/8`, with commas between."""
    return tuple(ipaddress.ip_network(part.strip()) for part in text.split(",") if part.strip())


def host(text: str) -> str:
    """The address to listen on: IPv4, IPv6 with or without brackets, or localhost, which is 127.0.0.1."""
    written = re.sub(r"^\[(.*)\]$", r"\1", "127.0.0.1" if text.lower() == "localhost" else text)
    try:
        return str(ipaddress.ip_address(written))
    except ValueError:
        said = "must be an address of this machine, like 127.0.0.1, 0.0.0.0 or ::1, or localhost; the port is PORT"
        raise ValueError(f"{said}, and other names are not looked up") from None

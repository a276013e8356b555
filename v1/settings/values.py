"""Readers: how the text of a setting becomes its value."""

import base64
import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from v1.wire.addresses import Network

KEY_BYTES: Final = 32
"""The least length of a key that signs (RFC 7518 3.2)."""

KEY_OF_A_PAIR: Final = (b"-----BEGIN", b"ssh-", b"ecdsa-")
"""How the file of a public or private key, or of a certificate, begins. Public keys are no secrets."""

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
Word = TypeVar("Word", bound=str)


@dataclass(frozen=True)
class Reader(Generic[T_co]):
    """Turns the text of a setting into its value. Its ValueError says what the text must be.

    `form` says the same in the documents. It is empty if the help of the setting says it.
    """

    form: str
    parse: Callable[[str], T_co]

    def __call__(self, text: str) -> T_co:
        return self.parse(text)


def reader(form: str) -> Callable[[Callable[[str], T]], Reader[T]]:
    """Decorates a function, which becomes a Reader with this form."""
    return lambda parse: Reader(form, parse)


def one_of(*choices: Word) -> Reader[Word]:
    """Reads one of these words."""

    def read(text: str) -> Word:
        if text not in choices:
            raise ValueError(f"must be one of {', '.join(choices)}")
        return choices[choices.index(text)]

    return Reader(f"one of {_quoted(choices)}", read)


def some_of(*choices: str) -> Reader[tuple[str, ...]]:
    """Reads some of these words, with commas between."""

    def read(text: str) -> tuple[str, ...]:
        found = tuple(part.strip() for part in text.split(",") if part.strip())
        if not found or set(found) - set(choices):
            raise ValueError(f"must be some of {', '.join(choices)}, with commas between")
        return found

    return Reader(f"some of {_quoted(choices)}, with commas between", read)


def whole_number(least: int, most: int) -> Reader[int]:
    """Reads a whole number from `least` to `most`."""

    def read(text: str) -> int:
        if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
            raise ValueError(f"must be a whole number from {least} to {most}")
        return int(text)

    return Reader(f"a whole number from {least:,} to {most:,}", read)


@reader("one of `0`, `1`")
def switch(text: str) -> bool:
    """Read 0 or 1."""
    return one_of("0", "1")(text) == "1"


@reader("")
def keys(text: str) -> tuple[bytes, ...]:
    """Read signing keys, with commas between. No error quotes a key."""
    found = tuple(part.strip().encode() for part in text.split(","))
    if any(key.startswith(KEY_OF_A_PAIR) for key in found):
        raise ValueError("must be secret texts, and no keys of a pair")
    if any(len(key) < KEY_BYTES for key in found) or len(set(found)) < len(found):
        raise ValueError("must be different keys of at least 32 bytes each, with commas between")
    return found


@reader("")
def lenient_base64(text: str) -> bytes:
    """Read a key in base64 as DeviceHive does.

    Characters outside the alphabet are skipped, and an incomplete last group is dropped.
    """
    letters = re.sub(r"[^A-Za-z0-9+/=]", "", text)
    try:
        key = base64.b64decode(letters[: len(letters) // 4 * 4], validate=True)
    except ValueError:
        key = b""
    if not key:
        raise ValueError("must be the base64 of a key")
    if key.startswith(KEY_OF_A_PAIR):
        raise ValueError("must be a secret, and no key of a pair")
    return key


@reader("networks like `10.0.0.0/8`, with commas between")
def networks(text: str) -> tuple[Network, ...]:
    """Read networks, with commas between."""
    return tuple(ipaddress.ip_network(part.strip()) for part in text.split(",") if part.strip())


@reader("")
def host(text: str) -> str:
    """Read an address to listen on: IPv4, IPv6 with or without brackets, or localhost, which is 127.0.0.1."""
    written = re.sub(r"^\[(.*)\]$", r"\1", "127.0.0.1" if text.lower() == "localhost" else text)
    try:
        return str(ipaddress.ip_address(written))
    except ValueError:
        said = "must be an address of this machine, like 127.0.0.1, 0.0.0.0 or ::1, or localhost; the port is PORT"
        raise ValueError(f"{said}, and other names are not looked up") from None


@reader("a line of at most 100 characters")
def line(text: str) -> str:
    """Read a text of one line."""
    if len(text) > 100 or not text.isprintable():
        raise ValueError("must be one line of at most 100 characters")
    return text.strip()


def _quoted(choices: tuple[str, ...]) -> str:
    return ", ".join(f"`{choice}`" for choice in choices)

"""MySQL's latin1, and text that may be UTF-8 or latin1.

MySQL's latin1 is Windows-1252. The five bytes that Windows-1252 leaves undefined are the control characters of the same
number.
"""

from typing import Final

_UNDEFINED: Final = {byte: chr(byte) for byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D)}
CHARACTERS: Final = tuple(_UNDEFINED.get(byte) or bytes([byte]).decode("cp1252") for byte in range(256))
"""The character of each byte."""

_BYTES: Final = {char: byte for byte, char in enumerate(CHARACTERS)}


def decode(raw: bytes) -> str:
    """The text of these latin1 bytes."""
    return "".join(CHARACTERS[byte] for byte in raw)


def encode(text: str) -> bytes | None:
    """The latin1 bytes of the text, or None if latin1 lacks one of its characters."""
    try:
        return bytes(_BYTES[char] for char in text)
    except KeyError:
        return None


def decode_utf8_or_latin1(raw: bytes) -> str:
    """The text of UTF-8 bytes, or else of latin1 bytes. Never fails."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return decode(raw)

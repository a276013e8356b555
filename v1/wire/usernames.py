"""Owns how the bytes of a username, as an app sends them, meet the column that holds it.

An adopted database keeps its column. A PHP page on a latin1 connection wrote the bytes into a latin1 column as they
came (the `ü` of `jürgen` is `Ã¼` there); one on a utf8mb4 connection had the server convert them. In a column of any
other charset names are text: apps send UTF-8, and the server converts it (v1/db/statements.py).
"""

from dataclasses import dataclass
from typing import Final

# MySQL's latin1 is Windows-1252 with the five bytes it leaves open mapped to the control characters of their number.
_OPEN: Final = {byte: chr(byte) for byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D)}
LATIN1: Final = [_OPEN.get(byte) or bytes([byte]).decode("cp1252") for byte in range(256)]
_LATIN1_BYTE: Final = {char: byte for byte, char in enumerate(LATIN1)}

SPARE_BYTES: Final = 64
"""How much longer than its column a name may be: for spaces and characters that the column ignores."""


@dataclass(frozen=True)
class Column:
    """The column users.username: its charset and collation, the bytes that it holds at most, and PHP's charset."""

    charset: str
    collation: str
    octets: int
    php_charset: str

    def value(self, username: bytes) -> bytes | None:
        """The bytes to look for, or None for a name that no row can have.

        A NUL, and text that is not UTF-8 where text is needed, make a name that nobody has. For a character that the
        charset lacks PHP gets an "illegal mix of collations" on a utf8mb4 connection: nobody there either. A name is
        cut in its spaces at the end, and any longer one is nobody's: the server compares no name that is longer than
        its column by more than SPARE_BYTES.
        """
        most = min(self.octets, 1024) + SPARE_BYTES
        if b"\0" in username or username[most:].strip(b" "):
            return None
        username = username[:most]
        if self.charset == "binary" or (self.charset == "latin1" and self.php_charset == "latin1"):
            return username
        try:
            text = username.decode("utf-8")
            return bytes(_LATIN1_BYTE[char] for char in text) if self.charset == "latin1" else username
        except (UnicodeDecodeError, KeyError):
            return None

    def text(self, stored: bytes) -> str:
        """The name as a person reads it, of the bytes that a statement returns (NAME_BYTES).

        Bytes that are not UTF-8 where it is expected are read as latin1.
        """
        if self.charset == "latin1" and self.php_charset == "utf8mb4":
            return text_of_latin1(stored)
        return text(stored)

    def as_sent(self, stored: bytes) -> bytes:
        """The bytes that an app sends to log in under this name."""
        if self.charset == "latin1" and self.php_charset == "utf8mb4":
            return text_of_latin1(stored).encode()
        return stored


def text(raw: bytes) -> str:
    """UTF-8, or else Windows-1252 as MySQL's latin1 has it. Never fails."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return text_of_latin1(raw)


def text_of_latin1(raw: bytes) -> str:
    """The text of MySQL's latin1 bytes."""
    return "".join(LATIN1[byte] for byte in raw)

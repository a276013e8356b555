"""Owns how the bytes of a username, as an app sends them, meet the column that holds it.

An adopted database keeps its latin1 column. A PHP page on a latin1 connection wrote the bytes as they came (`jürgen`
in UTF-8 is the two latin1 characters `Ã¼`); one on a utf8mb4 connection had the server convert them.
"""

from typing import Final

# MySQL's latin1 is Windows-1252 with the five bytes it leaves open mapped to the control characters of their number.
_OPEN: Final = {byte: chr(byte) for byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D)}
LATIN1: Final = [_OPEN.get(byte) or bytes([byte]).decode("cp1252") for byte in range(256)]
UTF8MB3: Final = ("utf8", "utf8mb3")
_LATIN1_BYTE: Final = {char: byte for byte, char in enumerate(LATIN1)}


def for_column(username: bytes, column_charset: str, php_charset: str) -> bytes | None:
    """The bytes to look for in a column of that charset, or None for a name that no row can have.

    A NUL, and text that is not UTF-8 where text is needed, make a name that nobody has. For a character that the
    column's charset lacks PHP gets an "illegal mix of collations" on a utf8mb4 connection: nobody there either.
    """
    if b"\0" in username:
        return None
    if column_charset == "latin1" and php_charset == "latin1":
        return username
    try:
        text = username.decode("utf-8")
        if column_charset == "latin1":
            return bytes(_LATIN1_BYTE[char] for char in text)
        return None if column_charset in UTF8MB3 and max(text, default="") > "\uffff" else username
    except (UnicodeDecodeError, KeyError):
        return None


def from_column(stored: bytes, column_charset: str, php_charset: str) -> str:
    """The name as a person reads it. Bytes that are not UTF-8 where it is expected are read as latin1."""
    if column_charset == "latin1" and php_charset == "utf8mb4":
        return text_of_latin1(stored)
    return text(stored)


def as_sent(stored: bytes, column_charset: str, php_charset: str) -> bytes:
    """The bytes that an app sends to log in under this name: what `for_column` makes the column's bytes of."""
    if column_charset == "latin1" and php_charset == "utf8mb4":
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

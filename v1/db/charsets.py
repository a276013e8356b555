"""The charset of the column users.username: which bytes to look up for a name, and how stored bytes are read.

An adopted database, which the PHP side made, keeps its column. PHP on a latin1 connection wrote the bytes of a name
into a latin1 column as they came: the `ü` of `jürgen` is `Ã¼` there. On a utf8mb4 connection the server converted them.
In a column of any other charset names are text: apps send UTF-8, and the server converts it (v1/db/statements.py).
"""

from dataclasses import dataclass
from typing import Final

from v1.wire import latin1

SPARE_BYTES: Final = 64
"""How much longer than its column a name may be, for spaces and characters that the column ignores."""

LONGEST_COLUMN: Final = 1024
"""A longer column, such as TEXT, counts as this long: the server then never compares a long text."""


@dataclass(frozen=True)
class UsernameColumn:
    """The column users.username: its charset and collation, its size in bytes (`octets`), and the charset of PHP's
    connection."""

    charset: str
    collation: str
    octets: int
    php_charset: str

    def lookup_bytes(self, username: bytes) -> bytes | None:
        """The bytes to look up for a name as an app sends it, or None if no row can have this name.

        No row has a name with a NUL. In a column of text, no row has a name that is not UTF-8 or has a character that
        the charset lacks. (PHP gets an "illegal mix of collations" for it on a utf8mb4 connection.) Spaces at the end
        of a long name are cut. If it is still more than SPARE_BYTES longer than the column, no row has it either.
        """
        most = min(self.octets, LONGEST_COLUMN) + SPARE_BYTES
        if b"\0" in username or username[most:].strip(b" "):
            return None
        username = username[:most]
        if self.charset == "binary" or (self.charset == "latin1" and self.php_charset == "latin1"):
            return username
        try:
            text = username.decode("utf-8")
        except UnicodeDecodeError:
            return None
        return latin1.encode(text) if self.charset == "latin1" else username

    def text(self, stored: bytes) -> str:
        """The name for people to read, from the bytes that a statement returns (NAME_BYTES)."""
        return latin1.decode(stored) if self._converted else latin1.decode_utf8_or_latin1(stored)

    def as_sent(self, stored: bytes) -> bytes:
        """The bytes that an app sends to log in under this name. The inverse of `lookup_bytes`."""
        return latin1.decode(stored).encode() if self._converted else stored

    @property
    def _converted(self) -> bool:
        """Whether the server converted PHP's UTF-8 to the latin1 of this column."""
        return self.charset == "latin1" and self.php_charset == "utf8mb4"

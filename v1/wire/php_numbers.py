"""PHP 8's `$text == "1"`, which compares numbers, by the rules of Zend/zend_operators.c."""

import re
from typing import Final

_NUMERIC: Final = re.compile(
    rb"[ \t\n\r\v\f]*([+-]?(?:([0-9]+)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)[ \t\n\r\v\f]*"
)
LONGEST_INTEGER: Final = 19
"""The most digits before the point, without leading zeros. With more, PHP takes the integer for out of range."""


def equals_one(text: bytes) -> bool:
    """Is this text equal to 1 in PHP? `01`, ` 1 `, `+1`, `1.0` and `1e0` are; `0x1`, `1a` and `` are not."""
    numeric = _NUMERIC.fullmatch(text)
    if numeric is None or len((numeric[2] or b"").lstrip(b"0")) > LONGEST_INTEGER:
        return False
    return float(numeric[1]) == 1

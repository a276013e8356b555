"""Owns PHP 8's comparison of a text with the number 1: `$text == "1"`, by the rules of its Zend/zend_operators.c."""

import re
from typing import Final

_NUMERIC: Final = re.compile(
    rb"[ \t\n\r\v\f]*([+-]?(?:([0-9]+)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)[ \t\n\r\v\f]*"
)
LONGEST_INTEGER: Final = 19
"""Digits before the point. PHP takes a text with more for an integer beyond its own, whatever its exponent is."""


def equals_one(text: bytes) -> bool:
    """Does PHP take this text for the number 1? `01`, ` 1 `, `+1`, `1.0` and `1e0` are; `0x1`, `1a` and `` are not."""
    numeric = _NUMERIC.fullmatch(text)
    if numeric is None or len((numeric[2] or b"").lstrip(b"0")) > LONGEST_INTEGER:
        return False
    return float(numeric[1]) == 1

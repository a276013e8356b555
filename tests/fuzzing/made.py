"""Makes JSON values of any bytes, so that a fuzzer's inputs need not be JSON: each byte says what comes next."""

from typing import Any, Final

CHARACTERS: Final = (
    *('"', "\\", "/", "\x7f", "\0", "\x1f", "\n", "u007f", "\\u007f", "é", "\u2028", "📱", "<", "a", "&", "'", ""),
    *("{", "}", "[", "]", ":", ",", " "),
)
NUMBERS: Final = (0, 1, -1, 2**31, 2**53 + 1, 2**63 - 1, -(2**63) + 1, 10**17)
CONSTANTS: Final = (None, True, False, [], {}, "")
MOST: Final = 60
"""Levels."""


def value(data: bytes) -> Any:
    """The value of these bytes."""
    return _value(list(reversed(data)), 0)


def _value(left: list[int], level: int) -> Any:
    kind = left.pop() if left else 0
    number = kind >> 3
    if kind % 8 == 0:
        return CONSTANTS[number % len(CONSTANTS)]
    if kind % 8 == 1:
        return NUMBERS[number % len(NUMBERS)]
    if kind % 8 == 2 and level < MOST:
        return [_value(left, level + 1) for _ in range(number % 8)]
    if kind % 8 == 3 and level < MOST:
        return {_text(left, 1 + number // 8): _value(left, level + 1) for _ in range(number % 8)}
    return _text(left, number)


def _text(left: list[int], length: int) -> str:
    """So many pieces of text."""
    return "".join(CHARACTERS[left.pop() % len(CHARACTERS)] for _ in range(min(length, len(left))))

"""Owns what one line of text may hold that a person types: a name, an address."""

from typing import Final

TAGS: Final = "".join(map(chr, range(0xE0020, 0xE0080)))
"""The letters in the flags of England and of others."""

JOINING: Final = "\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}\N{NO-BREAK SPACE}" + TAGS
"""Unprintable by Python's lights, and in names as phones type them."""


def is_single_line(text: str, characters: int) -> bool:
    """Is this at most so many characters in one line, without control characters?"""
    return len(text) <= characters and all(char.isprintable() or char in JOINING for char in text)

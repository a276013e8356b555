"""Single-line text that a person types: a name, an e-mail address."""

from typing import Final

TAGS: Final = "".join(map(chr, range(0xE0020, 0xE0080)))
"""The tag characters in the flag emoji of England, Scotland and Wales."""

JOINING: Final = "\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}\N{NO-BREAK SPACE}" + TAGS
"""Characters that Python calls unprintable and that phones put into names."""


def is_single_line(text: str, characters: int) -> bool:
    """Is the text at most this long, on one line and without control characters?"""
    return len(text) <= characters and all(char.isprintable() or char in JOINING for char in text)

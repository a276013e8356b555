"""Text and times as a terminal shows them."""

import time

from v1.tokens.issue import NEVER


def printable(text: str) -> str:
    """The text with escapes in place of control characters, which a name may hold."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def utc_time(seconds: int) -> str:
    """Unix seconds as a date and time in UTC; `never` for a token that does not expire.

    A DBA may have written a time after the year 9999, which has no such form: the last second of that year is shown.
    """
    return "never" if seconds == NEVER else time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(min(seconds, NEVER)))

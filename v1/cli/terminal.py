"""Text and times as a terminal shows them."""

import time

from v1.tokens.issue import NEVER


def shown(text: str) -> str:
    """The text with its control characters, which a name may hold, as escapes."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def moment(seconds: int) -> str:
    """Unix seconds as a person reads them, in UTC; `never` for a token that does not expire."""
    return "never" if seconds == NEVER else time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(min(seconds, NEVER)))

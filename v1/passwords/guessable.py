"""Finds new passwords that are guessed first: the most common ones, and those made of a name.

NIST SP 800-63B asks for it (5.1.1.2, in revision 4 3.1.1.2). Only new passwords are looked at: a login takes any.
"""

from functools import cache
from pathlib import Path
from typing import Final, Literal

SERVICE: Final = "gatepass"

BESIDE: Final = 8
"""The most characters beside a name that leave it guessable: a date."""

_LIST: Final = Path(__file__).resolve().parent / "common_passwords.txt"

Reason = Literal["common", "username", "service"]


def reason(password: str, username: str) -> Reason | None:
    """Why the password is easily guessed; None if it is not. Capital letters make no difference."""
    folded = password.casefold()
    if _is_made_of(folded, username.casefold()):
        return "username"
    if _is_made_of(folded, SERVICE):
        return "service"
    return "common" if f"\n{folded}\n".encode(errors="replace") in _common() else None


def _is_made_of(password: str, name: str) -> bool:
    """Is it the name, once or more, with nothing beside it but a few digits and signs?"""
    rest = password.replace(name, "") if name else password
    return rest != password and len(rest) <= BESIDE and not any(map(str.isalpha, rest))


@cache
def _common() -> bytes:
    """The list as it is in its file, which takes less memory than a set and is searched in microseconds."""
    return _LIST.read_bytes()

"""Owns the Unicode forms of a password: one keyboard types `é` as one character, another as two (UAX 15)."""

import unicodedata
from typing import Final, Literal

MOST_BYTES: Final = 1024
"""Longer passwords stay as they are: the time to sort combining marks grows with their square."""


def composed(password: bytes) -> bytes:
    """The password in form NFC, in which new ones are stored; bytes that are no UTF-8 text as they are."""
    return _in_form("NFC", password)


def other(password: bytes) -> bytes | None:
    """The form to try where this one is wrong: NFC, or NFD for what is NFC already. None where there is no other."""
    found = composed(password)
    if found == password:
        found = _in_form("NFD", password)
    return found if found != password else None


def _in_form(form: Literal["NFC", "NFD"], password: bytes) -> bytes:
    try:
        return unicodedata.normalize(form, password.decode()).encode() if len(password) <= MOST_BYTES else password
    except UnicodeDecodeError:
        return password

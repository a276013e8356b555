"""The Unicode forms of a password: some keyboards type `é` as one character, others as two (UAX 15)."""

import unicodedata
from typing import Final, Literal

MOST_BYTES: Final = 1024
"""Longer passwords are not normalized: the time to sort combining marks grows with the square of their number."""


def composed(password: bytes) -> bytes:
    """The password in form NFC, in which new passwords are hashed. Bytes that are not UTF-8 stay as they are."""
    return _in_form("NFC", password)


def other(password: bytes) -> bytes | None:
    """The form to try when the password itself is wrong: NFC, or NFD if it is NFC already. None if both are equal."""
    found = composed(password)
    if found == password:
        found = _in_form("NFD", password)
    return found if found != password else None


def _in_form(form: Literal["NFC", "NFD"], password: bytes) -> bytes:
    try:
        return unicodedata.normalize(form, password.decode()).encode() if len(password) <= MOST_BYTES else password
    except UnicodeDecodeError:
        return password

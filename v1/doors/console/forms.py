"""Owns what comes in from a form of the console: its fields, and what one line of text may hold."""

from flask import Request

from v1.doors import rfc
from v1.errors import MalformedRequest
from v1.tokens import JOINING


def read(request: Request) -> dict[str, str]:
    """The fields of the form, as text. Raises MalformedRequest, BodyTooLarge."""
    try:
        return {name: value.decode() for name, value in rfc.read_form(request).items()}
    except UnicodeDecodeError:
        raise MalformedRequest("The form is not UTF-8.") from None


def is_line(text: str, characters: int) -> bool:
    """Is this at most so many characters in one line, without control characters?"""
    return len(text) <= characters and all(char.isprintable() or char in JOINING for char in text)

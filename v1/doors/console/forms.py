"""Owns what comes in from a form of the console."""

from flask import Request

from v1.doors import rfc
from v1.errors import MalformedRequest


def read(request: Request) -> dict[str, str]:
    """The fields of the form, as text. Raises MalformedRequest, BodyTooLarge."""
    try:
        return {name: value.decode() for name, value in rfc.read_form(request).items()}
    except UnicodeDecodeError:
        raise MalformedRequest("The form is not UTF-8.") from None

"""Reads the forms of the console."""

from flask import Request

from v1.doors.rfc import rfc6749
from v1.errors import MalformedRequest


def read(request: Request) -> dict[str, str]:
    """The fields of the posted form, as text. Raises MalformedRequest, BodyTooLarge."""
    try:
        return {name: value.decode() for name, value in rfc6749.read_form(request).items()}
    except UnicodeDecodeError:
        raise MalformedRequest("The form is not UTF-8.") from None

"""Reads a body that is a JSON object or a form, as mobile apps and scripts send either."""

from collections.abc import Collection
from typing import Any, Final
from urllib.parse import parse_qsl

from flask import Request

from v1.doors import body
from v1.errors import MalformedRequest, UnsupportedMediaType
from v1.wire import strict_json

FORM: Final = "application/x-www-form-urlencoded"


def read(request: Request, names: Collection[str], limit: int = body.LARGEST) -> dict[str, str]:
    """The fields of these names; others are ignored. The Content-Type tells JSON from a form; none means a form.

    A null member counts as absent. Raises BodyTooLarge; UnsupportedMediaType for any other type of body;
    MalformedRequest for a field that is not a string or is repeated, and for a body that is not UTF-8.
    """
    raw = body.read(request, limit)
    if request.mimetype == "application/json" or request.mimetype.endswith("+json"):
        return _members(strict_json.loads(raw), names)
    if request.mimetype in (FORM, ""):
        return _form(raw, names)
    raise UnsupportedMediaType


def _members(found: Any, names: Collection[str]) -> dict[str, str]:
    """The members of a JSON object."""
    if not isinstance(found, dict):
        raise MalformedRequest("The body is not a JSON object.")
    fields = {name: value for name, value in found.items() if name in names and value is not None}
    if wrong := tuple(name for name, value in fields.items() if not _is_text(value)):
        raise MalformedRequest("A field is not a string.", wrong)
    return fields


def _form(raw: bytes, names: Collection[str]) -> dict[str, str]:
    """The fields of an urlencoded form."""
    try:
        pairs = parse_qsl(raw.decode(), keep_blank_values=True, errors="strict")
    except UnicodeDecodeError:
        raise MalformedRequest("The form is not UTF-8.") from None
    pairs = [(name, value) for name, value in pairs if name in names]
    if twice := body.repeated(pairs):
        raise MalformedRequest("A field is there more than once.", twice)
    return dict(pairs)


def _is_text(value: Any) -> bool:
    """Whether this is a string that UTF-8 can hold: JSON may carry half of a surrogate pair."""
    return isinstance(value, str) and not any("\ud800" <= each <= "\udfff" for each in value)

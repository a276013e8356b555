"""Strict JSON (RFC 8259). Python would also read NaN, infinity, and objects that have a name twice."""

import json
from math import isinf
from typing import Any

from v1.errors import MalformedRequest


def loads(raw: bytes) -> Any:
    """The value in these bytes.

    Raises MalformedRequest for bytes that are not JSON in UTF-8, for a number beyond a float or of over 4,300 digits,
    and for nesting that is too deep.
    """
    try:
        text = raw.decode("utf-8")
        return json.loads(text, object_pairs_hook=_object, parse_constant=_no_constant, parse_float=_float)
    except (ValueError, RecursionError):
        raise MalformedRequest("The body is not JSON.") from None


def dumps(value: Any) -> str:
    """The value as JSON in ASCII. Members keep their order."""
    return json.dumps(value)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name is there twice")
    return found


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _float(digits: str) -> float:
    found = float(digits)
    if isinf(found):
        raise ValueError("a number is too large")
    return found

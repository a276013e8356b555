"""Owns JSON on the wire, as RFC 8259 has it: nothing is read that Python reads beside (NaN, a name there twice), and
members are written in the order that the contracts print them."""

import json
from math import isinf
from typing import Any

from v1.errors import MalformedRequest


def loads(raw: bytes) -> Any:
    """The value in these bytes. Raises MalformedRequest for anything that is no JSON in UTF-8, a number beyond what a
    float or 4,300 digits hold, and nesting that is too deep to read."""
    try:
        text = raw.decode("utf-8")
        return json.loads(text, object_pairs_hook=_object, parse_constant=_no_constant, parse_float=_float)
    except (ValueError, RecursionError):
        raise MalformedRequest("The body is not JSON.") from None


def dumps(value: Any) -> str:
    """The value as JSON in ASCII."""
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

"""Finds how a door answers an error: the status, the code, the message and the headers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

from v1.errors import BodyTooLarge, GatepassError, InvalidToken, WrongMethod

Row = TypeVar("Row")

BASIC_CHALLENGE: Final = 'Basic realm="Gatepass"'


@dataclass(frozen=True)
class ErrorEntry:
    """How a door answers an error. In a door's ERRORS, a value that is left out is the error's own."""

    status: int = 0
    code: str = ""
    message: str = ""


Overrides = Mapping[type[GatepassError], ErrorEntry]


def entry(error: GatepassError, overrides: Overrides) -> ErrorEntry:
    """The status, code and message of this error at a door with these overrides."""
    own = nearest(error, overrides, ErrorEntry())
    message = own.message or error.message or str(error)
    return ErrorEntry(own.status or error.status, own.code or error.code, message)


def nearest(error: GatepassError, rows: Mapping[type[GatepassError], Row], default: Row) -> Row:
    """The row of the error's class, else of the nearest class that it derives from, else the default."""
    return next((rows[each] for each in type(error).__mro__ if each in rows), default)


def headers(error: GatepassError, status: int, challenge: str = "Bearer") -> dict[str, str]:
    """The headers that an answer to this error needs. `challenge` is the WWW-Authenticate of a 401; "" for none."""
    found = {}
    if status == 401 and challenge:
        found["WWW-Authenticate"] = challenge  # RFC 9110 11.6.1; old Android fails on a 401 without one
    if status == 405 and isinstance(error, WrongMethod):
        found["Allow"] = ", ".join(error.allowed)
    if error.retry_after:
        found["Retry-After"] = str(error.retry_after)
    if isinstance(error, BodyTooLarge):
        found["Connection"] = "close"  # the rest of the body is not read
    return found


def bearer_challenge(error: GatepassError) -> str:
    """The challenge of RFC 6750 3.1, which names an error only if the request has a token."""
    return 'Bearer error="invalid_token"' if isinstance(error, InvalidToken) else "Bearer"

"""Dates on the wire, as people and DeviceHive write them."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any, Final

LATEST_MS: Final = 253_402_300_799_999
"""9999-12-31T23:59:59.999Z in Unix milliseconds."""

_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_TIME: Final = re.compile(r"T(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?[0-5]\d)?", re.ASCII)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def unix_ms(value: Any) -> int | None:
    """The Unix milliseconds of a date as DeviceHive writes it; None for null and "".

    A date is `yyyy-MM-dd`, or `yyyy-MM-ddTHH:mm[:ss[.fff]]` with Z, an offset or neither (UTC), or a number of
    milliseconds (also as digits in a string). Raises ValueError for anything else, and for a date that does not exist.
    """
    if value is None or value == "":
        return None
    if isinstance(value, str) and not (value.isascii() and value.isdigit()):
        found = _milliseconds(value)
    elif isinstance(value, str | int) and not isinstance(value, bool):
        found = int(value)
    else:
        raise ValueError("no date")
    if abs(found) > LATEST_MS:
        raise ValueError("a date beyond the year 9999")
    return found


def seconds(text: Any) -> int:
    """The Unix seconds of a date that a person wrote. A day without a time means its last second, in UTC.

    Raises ValueError for anything else, and beyond the year 9999.
    """
    if not isinstance(text, str):
        raise ValueError("no date")
    found = _milliseconds(text) // 1000 + (86_399 if _DATE.fullmatch(text) else 0)
    if found > LATEST_MS // 1000:
        raise ValueError("a date beyond the year 9999")
    return found


def iso(seconds: int) -> str:
    """Unix seconds as `yyyy-MM-ddTHH:mm:ssZ`."""
    return _written(1000 * seconds)[:19] + "Z"


def iso_ms(milliseconds: int) -> str:
    """Unix milliseconds as `yyyy-MM-ddTHH:mm:ss.SSS`, in UTC and without Z, as DeviceHive writes them."""
    return _written(milliseconds)


def _written(milliseconds: int) -> str:
    # strftime would write a year before 1000 with fewer than four digits.
    return (_EPOCH + timedelta(milliseconds=milliseconds)).isoformat(timespec="milliseconds")[:23]


def _milliseconds(text: str) -> int:
    if not (_DATE.match(text) and (len(text) == 10 or _TIME.fullmatch(text, 10))):
        raise ValueError("no date")
    moment = datetime.fromisoformat(text)
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return (aware - _EPOCH) // timedelta(milliseconds=1)

"""Owns how a date is written on the wire where a person or DeviceHive writes one."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any, Final

LATEST_MS: Final = 253_402_300_799_999
"""9999-12-31T23:59:59.999Z in Unix milliseconds."""

_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_TIME: Final = re.compile(r"T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?", re.ASCII)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def unix_ms(value: Any) -> int | None:
    """Unix milliseconds of a date: `yyyy-MM-dd`, `yyyy-MM-ddTHH:mm[:ss[.fff]]` with Z, an offset or nothing (UTC), or
    milliseconds as a number or digits. None for null and "". Raises ValueError, for a date that does not exist too."""
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


def end_of_day(text: str) -> int:
    """Unix seconds of the last second of a day `yyyy-MM-dd` in UTC. Raises ValueError."""
    if not _DATE.fullmatch(text):
        raise ValueError("a day is yyyy-MM-dd")
    return (_milliseconds(text) // 1000) + 86_399


def iso(seconds: int) -> str:
    """`yyyy-MM-ddTHH:mm:ssZ` of Unix seconds."""
    return f"{_EPOCH + timedelta(seconds=seconds):%Y-%m-%dT%H:%M:%SZ}"


def iso_ms(milliseconds: int) -> str:
    """`yyyy-MM-ddTHH:mm:ss.SSS` of Unix milliseconds, in UTC and with no Z, as DeviceHive writes it."""
    moment = _EPOCH + timedelta(milliseconds=milliseconds)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{milliseconds % 1000:03d}"


def _milliseconds(text: str) -> int:
    if not (_DATE.match(text) and (len(text) == 10 or _TIME.fullmatch(text, 10))):
        raise ValueError("no date")
    moment = datetime.fromisoformat(text)
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return (aware - _EPOCH) // timedelta(milliseconds=1)

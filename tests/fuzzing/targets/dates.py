"""Dates: read as a second reader reads them, and what is written comes back."""

import re
from calendar import timegm
from time import strptime

from v1.wire import dates

SEEDS = (
    *(b"2030-01-31", b"2030-01-31T23:59", b"2030-01-31T23:59:58.123Z", b"1969-12-31T00:00:00+05:30", b"0001-01-01"),
    *(b"9999-12-31T23:59:59.999Z", b"2030-02-30", b"1700000000000", b"-1", b"", b"2024-02-29T00:00:00-0930"),
)
WORDS = (b"T", b"Z", b"+00:00", b"-2359", b".000000001", b"9999-12-31", b"0001-01-01", b"253402300799999", b"W01")
LONGEST = 64
PARTS = re.compile(r"(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d)(?::(\d\d)(\.\d{1,9})?)?(?:Z|([+-])(\d\d):?(\d\d))?)?", re.ASCII)


def check(data: bytes) -> None:
    text = data.decode("latin1")
    found, expected = value_of(dates.unix_ms, text), second_reading(text)
    if text and not (text.isascii() and text.isdigit()):
        assert found == expected
    if found is None:
        return
    assert abs(found) <= dates.LATEST_MS
    if found >= -62_135_596_800_000:  # the year 1
        assert dates.unix_ms(dates.iso_ms(found)) == found
        assert dates.seconds(dates.iso(found // 1000)) == found // 1000
    if not text.isdigit():
        day = 86_399 if len(text) == 10 else 0
        assert value_of(dates.seconds, text) == found // 1000 + day


def value_of(read: object, text: str) -> int | None:
    try:
        return read(text)  # type: ignore[operator]
    except ValueError:
        return None


def second_reading(text: str) -> int | None:
    """Unix milliseconds, by time.strptime and arithmetic."""
    parts = PARTS.fullmatch(text)
    if parts is None:
        return None
    day, clock, seconds, fraction, sign, hours, minutes = parts.groups("")
    try:
        moment = timegm(strptime(f"{day} {clock or '00:00'}:{'00' if not seconds else seconds}", "%Y-%m-%d %H:%M:%S"))
    except ValueError:
        return None
    if seconds > "59" or minutes > "59" or hours > "23":
        return None
    offset = (int(hours or 0) * 60 + int(minutes or 0)) * (-60 if sign == "-" else 60)
    found = (moment - offset) * 1000 + int((fraction[1:] + "000")[:3])
    return found if abs(found) <= dates.LATEST_MS else None

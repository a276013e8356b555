"""Time zones: the one in which a page shows times, and the end of a day there."""

from datetime import UTC, date, datetime, time, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from flask import g

from v1.tokens.issue import NEVER


def is_known(name: str) -> bool:
    """Is this a zone of the IANA database, such as `Europe/Istanbul`?"""
    return name in _names()


def zone(name: str) -> tzinfo:
    """The zone of that name; UTC for an empty name, and for one that this machine does not know (any more)."""
    return ZoneInfo(name) if is_known(name) else UTC


def of_page() -> tzinfo:
    """The zone in which this page shows times: the profile's, else UTC."""
    found: tzinfo = g.get("zone", UTC)
    return found


def end_of_day(day: date, where: tzinfo) -> int:
    """The last second of that day in that zone, in Unix seconds. Raises ValueError beyond the year 9999."""
    # fold=1: the later of two, where the clocks go back at midnight.
    end = datetime.combine(day, time(23, 59, 59, fold=1), where)
    seconds = int((end - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds())
    if seconds > NEVER:
        raise ValueError("a day beyond the year 9999")
    return seconds


@cache
def _names() -> frozenset[str]:
    """The names of all zones. (ZoneInfo also takes `right/..`, whose clocks count leap seconds.)"""
    return frozenset(available_timezones() - {"localtime"})

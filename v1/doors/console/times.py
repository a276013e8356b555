"""Times on a page, in the zone of the page: exact, by the day or the hour, and how long ago. All take Unix seconds."""

from datetime import UTC, datetime, timedelta
from typing import Final

from babel.dates import format_datetime
from flask import g
from flask_babel import get_locale, gettext
from markupsafe import Markup

from v1.doors.console import relative, zones
from v1.records import LAST_ACCESS_SECONDS
from v1.tokens.issue import NEVER

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_EXACT: Final = "d MMMM y, HH:mm:ss "
_DAY: Final = "d MMM y"


def exact(seconds: int) -> str:
    """The exact time in the zone of the page, to the second, and the zone."""
    moment = _moment(seconds)
    return format_datetime(moment, _EXACT + ("'UTC'" if moment.tzinfo is UTC else "OOOO"), locale=get_locale())


def ago(seconds: int) -> Markup:
    """How long ago, or how far ahead; with the exact time on hover. Uses of a token are stored up to a minute late."""
    if 0 <= g.now - seconds < LAST_ACCESS_SECONDS:
        return _time(seconds, gettext("just now"))
    return _time(seconds, relative.from_now(_possible(seconds) - g.now))


def day(seconds: int) -> Markup:
    """The day in the zone of the page, with the exact time on hover."""
    return _time(seconds, long_day(seconds))


def long_day(seconds: int) -> str:
    """The day in the zone of the page, without more."""
    return format_datetime(_moment(seconds), _DAY, locale=get_locale())


def clock(seconds: int) -> str:
    """The time of day, in the zone of the page."""
    return format_datetime(_moment(seconds), "HH:mm", locale=get_locale())


def short_day(seconds: int) -> str:
    """The day without its year, in UTC."""
    return format_datetime(_moment(seconds).astimezone(UTC), "d MMM", locale=get_locale())


def hour(seconds: int) -> str:
    """The day and its hour, in the zone of the page."""
    return format_datetime(_moment(seconds), "d MMM, HH:mm", locale=get_locale())


def since(text: str) -> Markup:
    """The day of a DATETIME column, in the local time of the program that wrote it."""
    try:
        said = format_datetime(datetime.fromisoformat(text), _DAY, locale=get_locale())
    except ValueError:  # 0000-00-00 or empty
        said = "–"
    return Markup('<span title="{}">{}</span>').format(text, said)


def _time(seconds: int, said: str) -> Markup:
    """The time, and its exact one for screen readers and on hover (style.css)."""
    utc, full = f"{_EPOCH + timedelta(seconds=_possible(seconds)):%Y-%m-%dT%H:%M:%SZ}", exact(seconds)
    return Markup('<time datetime="{}">{}<span> ({})</span></time>').format(utc, said, full)


def _moment(seconds: int) -> datetime:
    """The time in the zone of the page."""
    moment = _EPOCH + timedelta(seconds=_possible(seconds))
    try:
        return moment.astimezone(zones.of_page())
    except OverflowError:  # at the end of the year 9999, east of Greenwich
        return moment


def _possible(seconds: int) -> int:
    """The nearest time that can be shown: a row may hold any number."""
    return max(0, min(seconds, NEVER))


FILTERS: Final = {
    **{"ago": ago, "day": day, "exact": exact, "clock": clock, "short_day": short_day, "hour": hour, "since": since},
    **{"duration": relative.duration, "at_least": relative.at_least},
}

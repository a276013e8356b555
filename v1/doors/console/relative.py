"""Lengths of time in words, and how long ago or ahead a time is: "6 days ago", "in 23 hours", "for 14 minutes"."""

import math
from datetime import timedelta
from typing import Final, Literal

from babel.dates import format_timedelta
from flask_babel import get_locale

from v1.kinds import DAY

MINUTE, HOUR, MONTH, YEAR = 60, 3600, 2_629_746, 31_556_952
"""In seconds. A month and a year are as long as those of the Gregorian calendar on average."""

Unit = Literal["second", "minute", "hour", "day", "month", "year"]

UNITS: Final[tuple[tuple[Unit, int, float], ...]] = (
    ("second", 1, MINUTE),
    ("minute", MINUTE, HOUR),
    ("hour", HOUR, DAY),
    ("day", DAY, 2 * MONTH),
    ("month", MONTH, 2 * YEAR),
    ("year", YEAR, math.inf),
)
"""A unit, its length, and up to which length of time it is used. There are no weeks: 13 days say more than 2 weeks."""

_ONLY: Final = math.inf
"""A threshold that keeps Babel from any larger unit."""


def from_now(seconds: float) -> str:
    """How far ahead a time is, or how long ago if negative. Only full units count: 47 hours are "1 day"."""
    unit, length, _ = next(each for each in UNITS if abs(seconds) < each[2])
    whole = math.floor(abs(seconds) / length) * length
    return _said(math.copysign(whole, seconds), unit, add_direction=True)


def wait(seconds: float) -> str:
    """When a wait ends, never too early: "in 2 minutes"."""
    return _rounded_up(seconds, add_direction=True)


def duration(seconds: float) -> str:
    """A length of time, never too short: "14 minutes"."""
    return _rounded_up(seconds)


def at_least(seconds: float) -> str:
    """A length of time, never too long: "5 months"."""
    unit, length, _ = next(each for each in UNITS if seconds < each[2])
    return _said(math.floor(seconds / length) * length, unit)


def _rounded_up(seconds: float, add_direction: bool = False) -> str:
    """Each unit is used for twice as long, as rounding up one hour and a minute would say 2 hours."""
    unit, length, _ = next(each for each in UNITS if seconds <= 2 * each[2])
    return _said(math.ceil(seconds / length) * length, unit, add_direction)


def _said(seconds: float, unit: Unit, add_direction: bool = False) -> str:
    delta, locale = timedelta(seconds=seconds), get_locale()
    return format_timedelta(delta, unit, threshold=_ONLY, add_direction=add_direction, locale=locale)

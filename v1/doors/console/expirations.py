"""When a new personal token expires: the choices of the dialog, and what was chosen."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Final

from v1.doors.console import times, zones
from v1.doors.console.wording import N_
from v1.kinds import DAY
from v1.tokens import issue

DAYS: Final = {"30d": 30, "90d": 90, "1y": 365}
"""The choices besides `custom` and `never`, in days."""

_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def shown(now: int) -> dict[str, str]:
    """The day on which a token of each choice ends, in words."""
    return {name: times.long_day(now + days * DAY) for name, days in DAYS.items()}


def today(now: int) -> str:
    """The first day that may be chosen: today in the zone of the page, as `2026-11-28`."""
    return datetime.fromtimestamp(now, UTC).astimezone(zones.of_page()).date().isoformat()


def read(form: Mapping[str, str], now: int, errors: dict[str, str]) -> int:
    """The chosen expiration in Unix seconds; 0 if it is wrong, with a text in `errors` by the name of the field."""
    chosen, day = form.get("expiration", ""), form.get("date", "").strip()
    if chosen == "custom":
        return _end_of(day, now, errors)
    if day:
        errors["date"] = N_("A date is for Custom only: choose it, or leave the date empty.")
    elif chosen == "never":
        return issue.NEVER
    elif chosen in DAYS:
        return now + DAYS[chosen] * DAY
    else:
        errors["expiration"] = N_("Choose one of the list.")
    return 0


def _end_of(day: str, now: int, errors: dict[str, str]) -> int:
    """The last second of that day in the zone of the page. If it is wrong, `errors` has a text."""
    try:
        found = zones.end_of_day(date.fromisoformat(day), zones.of_page()) if _DATE.fullmatch(day) else 0
    except ValueError:
        found = 0
    if not found:
        errors["date"] = N_("Choose a date.")
    elif found <= now:
        errors["date"] = N_("The date must lie ahead.")
    return found

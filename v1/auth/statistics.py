"""Numbers for administrators: logins by hour and by day, live sessions, and who must wait before the next try."""

import calendar
import time
from collections.abc import Iterable

from v1.auth.core import Core
from v1.db.tables.throttle_rows import Waiting

Logins = list[tuple[int, str, int]]
"""The start of the hour or day in Unix seconds, the outcome, the number of logins."""


def logins_by_hour(core: Core, since: int) -> Logins:
    """The logins of all doors from the hour `since` (Unix seconds) on. Hours without logins are missing."""
    return _with_seconds(core.tables.login_stats.by_hour(_hour(since)))


def logins_by_day(core: Core, since: int) -> Logins:
    """The same by day (UTC)."""
    return _with_seconds(core.tables.login_stats.by_day(_hour(since)))


def live_by_kind(core: Core, now: int, most: int) -> list[tuple[str, int]]:
    """The number of unexpired tokens of each kind, the largest first. Only the `most` that expire last count."""
    return core.tables.tokens.live_by_kind(now, most)


def top_devices(core: Core, now: int, most: int, limit: int) -> list[tuple[str, int, int]]:
    """The devices with the most sessions: name, sessions, users. Only the `most` tokens that expire last count."""
    return core.tables.tokens.top_devices(now, most, limit)


def waiting(core: Core, limit: int) -> list[Waiting]:
    """Who must wait before the next try, the longest wait first."""
    return core.tables.login_throttle.waiting(core.clock(), limit)


def _hour(seconds: int) -> str:
    """Unix seconds as an hour in `login_stats`."""
    return time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(seconds))


def _with_seconds(rows: Iterable[tuple[str, str, int]]) -> Logins:
    return [(_seconds(when), outcome, logins) for when, outcome, logins in rows]


def _seconds(when: str) -> int:
    """Unix seconds of an hour, `2026-11-22 05:00:00`, or of the start of a day, `2026-11-22`."""
    return calendar.timegm(time.strptime(f"{when} 00:00:00"[:19], "%Y-%m-%d %H:%M:%S"))

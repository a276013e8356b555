"""Numbers for administrators: logins by hour, day and door, and who must wait before the next try."""

import calendar
import time
from collections.abc import Iterable
from dataclasses import dataclass

from v1.auth.core import Core
from v1.db.tables.throttle_rows import Waiting

Logins = list[tuple[int, str, int]]
"""The start of the hour or day in Unix seconds, the outcome, the number of logins."""


@dataclass(frozen=True)
class Blocked:
    """How many accounts and addresses must wait now. They may be more if `bounded`."""

    accounts: int
    addresses: int
    bounded: bool
    attack_end: float
    """When the last attack of all addresses together ends or ended, in Unix seconds; 0 if there was none."""


def logins_by_hour(core: Core, since: int, door: str = "") -> Logins:
    """The logins of a door, or of all, from the hour `since` (Unix seconds) on. Hours without logins are missing."""
    return _with_seconds(core.tables.login_stats.by_hour(_hour(since), door))


def logins_by_day(core: Core, since: int, door: str = "") -> Logins:
    """The same by day (UTC)."""
    return _with_seconds(core.tables.login_stats.by_day(_hour(since), door))


def logins_by_door(core: Core, since: int) -> list[tuple[str, str, int]]:
    """The logins from that hour on by door: door, outcome, number of logins."""
    return core.tables.login_stats.by_door(_hour(since))


def waiting(core: Core, limit: int) -> list[Waiting]:
    """Who must wait before the next try, the longest wait first."""
    return core.tables.login_throttle.waiting(core.clock(), limit)


def blocked(core: Core) -> Blocked:
    """How many must wait before the next try."""
    throttle = core.tables.login_throttle
    return Blocked(*throttle.count_waiting(core.clock()), throttle.attack_end())


def _hour(seconds: int) -> str:
    """Unix seconds as an hour in `login_stats`."""
    return time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(seconds))


def _with_seconds(rows: Iterable[tuple[str, str, int]]) -> Logins:
    return [(_seconds(when), outcome, logins) for when, outcome, logins in rows]


def _seconds(when: str) -> int:
    """Unix seconds of an hour, `2026-11-22 05:00:00`, or of the start of a day, `2026-11-22`."""
    return calendar.timegm(time.strptime(f"{when} 00:00:00"[:19], "%Y-%m-%d %H:%M:%S"))

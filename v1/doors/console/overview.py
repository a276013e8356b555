"""Overview, for administrators: recent logins, live sessions, and who must wait before the next try."""

from typing import Final

from flask import Response

from v1.auth import statistics
from v1.auth.statistics import Logins
from v1.doors.console import pages, plots
from v1.doors.console.plots import Count
from v1.doors.console.visits import Visit

HOURS, DAYS = 24, 30
"""How many hours and days the plots show."""

HOUR: Final = 3600
DAY: Final = 86_400

COUNTED: Final = 100_000
"""The most live tokens that are counted, which bounds the cost of the page. Those that expire last are counted."""

TOP_DEVICES: Final = 10
WAITING: Final = 15
"""The most rows in each of these tables."""


def show(visit: Visit) -> Response:
    """The page of the overview."""
    core, now = visit.core, visit.now
    hour, day = now // HOUR * HOUR, now // DAY * DAY
    first_hour, first_day = hour - (HOURS - 1) * HOUR, day - (DAYS - 1) * DAY
    by_hour = statistics.logins_by_hour(core, first_hour)
    by_day = statistics.logins_by_day(core, first_day)
    kinds = statistics.live_by_kind(core, now, COUNTED)
    return pages.answer(
        "overview.html",
        visit=visit,
        place="overview",
        hours=plots.plot(counts(by_hour, first_hour, HOUR, HOURS), every=3),
        days=plots.plot(counts(by_day, first_day, DAY, DAYS), every=5),
        kinds=kinds,
        live=sum(number for _, number in kinds),
        counted=COUNTED,
        devices=statistics.top_devices(core, now, COUNTED, TOP_DEVICES),
        waiting=statistics.waiting(core, WAITING),
        most_waiting=WAITING,
    )


def counts(rows: Logins, first: int, step: int, number: int) -> list[Count]:
    """One Count for each of `number` hours or days from `first` on, those without logins too. `step` is in seconds."""
    found: dict[int, dict[str, int]] = {first + step * each: {} for each in range(number)}
    for start, outcome, logins in rows:
        if start in found:
            place = outcome if outcome in ("ok", "failed", "throttled") else "other"
            found[start][place] = found[start].get(place, 0) + logins
    return [Count(start, **each) for start, each in found.items()]

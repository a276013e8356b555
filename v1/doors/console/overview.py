"""Overview, for administrators: logins and failures, who is blocked, who attacks, and live sessions."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from flask import Response, g, request

from v1.auth import attack, pardon, statistics
from v1.auth.core import Core
from v1.doors.console import pages, plots, wording
from v1.doors.console.plots import Count
from v1.doors.console.visits import Visit
from v1.doors.console.wording import N_
from v1.errors import NotFound
from v1.kinds import DAY

HOUR: Final = 3600

WAITING: Final = 15
"""The most rows of those who wait."""

OUTCOMES: Final = {
    "ok": N_("Logins"),
    "failed": N_("Wrong"),
    "throttled": N_("Throttled"),
    "errors": N_("Errors"),
}
"""The words for the numbers of a Count."""

HOST_STATES: Final = {
    "well": N_("Working"),
    "donor": N_("Gives its rows to another node"),
    "read-only": N_("Read-only"),
    "down": N_("Down"),
}


@dataclass(frozen=True)
class Range:
    """The time that the plots show: so many bars of `step` seconds. The time is written below every so many of them."""

    title: Any
    step: int
    bars: int
    every: int

    def first(self, now: int) -> int:
        """The beginning of the first bar; the last one has begun and not ended."""
        return now // self.step * self.step - (self.bars - 1) * self.step


RANGES: Final = {
    "24h": Range(N_("24 hours"), HOUR, 24, 3),
    "7d": Range(N_("7 days"), 6 * HOUR, 28, 4),
    "30d": Range(N_("30 days"), DAY, 30, 5),
}


def show(visit: Visit) -> Response:
    """The page of the overview."""
    core, now = visit.core, visit.now
    chosen, door = request.args.get("range", "24h"), request.args.get("door", "")
    if chosen not in RANGES or door not in ("", *wording.DOORS):
        raise NotFound
    g.refreshes = True  # its script may ask for the page again
    hour = counts(statistics.logins_by_hour(core, now // HOUR * HOUR), now // HOUR * HOUR, HOUR, 1)[0]
    return pages.answer(
        "overview.html",
        visit=visit,
        place="overview",
        hour=hour,
        hosts=core.hosts(),
        blocked=(blocked := statistics.blocked(core)),
        attack_is_on=blocked.attack_end > core.clock(),
        waiting=statistics.waiting(core, WAITING),
        most_waiting=WAITING,
        attack=attack.of_last_hour(core, now),
        chosen=chosen,
        door=door,
        words={"outcomes": OUTCOMES, "hosts": HOST_STATES, "ranges": RANGES},
        **drawn(core, RANGES[chosen], door, now),
        sessions=core.counting.latest(),
    )


def drawn(core: Core, shown: Range, door: str, now: int) -> dict[str, Any]:
    """What the plots of this range show, and its numbers by door."""
    first = shown.first(now)
    read = statistics.logins_by_day if shown.step == DAY else statistics.logins_by_hour
    found = counts(read(core, first, door), first, shown.step, shown.bars)
    panels = (
        plots.panel("ok", found, ("ok",), shown.every),
        plots.panel("refused", found, plots.FAILURES, shown.every),
    )
    return {"shown": shown, "panels": panels, "doors": by_door(statistics.logins_by_door(core, first))}


def counts(rows: statistics.Logins, first: int, step: int, number: int) -> list[Count]:
    """One Count for each of `number` times from `first` on, those without logins too. `step` is in seconds."""
    found = [Count(first + step * each) for each in range(number)]
    for start, outcome, logins in rows:
        place = (start - first) // step
        if 0 <= place < number:
            found[place].add(outcome, logins)
    return found


def by_door(rows: Iterable[tuple[str, str, int]]) -> list[tuple[str, Count]]:
    """The logins of each door, the door with the most first."""
    found: dict[str, Count] = {}
    for door, outcome, logins in rows:
        found.setdefault(door, Count(0)).add(outcome, logins)
    return sorted(found.items(), key=lambda each: (-each[1].all, each[0]))


def ask_pardon(visit: Visit) -> Response:
    """The page that asks to confirm pardoning an address."""
    address = _address(request.args.get("address", ""))
    return pages.answer("confirm_pardon.html", visit=visit, place="overview", address=address)


def pardon_address(visit: Visit) -> Response:
    """Forget the failures of an address, and go back to the overview."""
    pardon.address(visit.core, _address(visit.form.get("address", "")), by=visit.actor)
    return pages.redirect("/console/overview/", done="pardoned")


def _address(text: str) -> str:
    """The address in a field, as the throttle counts it. Raises NotFound if it is none."""
    found = pardon.address_in(text)
    if found is None:
        raise NotFound
    return found

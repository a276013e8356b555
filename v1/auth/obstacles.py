"""Why can this user not sign in? Everything that stands in the way, for administrators."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from v1.auth import throttle
from v1.auth.activity import FAILURES
from v1.auth.core import Core
from v1.db.tables.throttle_rows import Counter
from v1.passwords import hashes
from v1.records import User

COUNTERS: Final = 20
"""The most counters of one user that are shown."""

LATEST: Final = 20
"""The addresses of so many of the user's latest events are looked at."""


@dataclass(frozen=True)
class Obstacle:
    """Something in the way: `disabled`, `unreadable` (the stored password), or the scope of a counter that blocks.

    `seconds` is how long it still blocks, and `failures` what the counter counts; both 0 for the first two.
    """

    reason: str
    address: str = ""
    seconds: float = 0
    failures: int = 0


@dataclass(frozen=True)
class Try:
    """A login that was tried: its event in the activity log, the time in Unix seconds, and the client's address."""

    event: str
    time: int
    address: str


@dataclass(frozen=True)
class SignIn:
    """What is known of a user's sign-ins: the obstacles, the counters of failures, and the last try of a login."""

    obstacles: tuple[Obstacle, ...]
    counters: tuple[tuple[Counter, float], ...]
    """Each with the seconds for which it still blocks; 0 if it does not."""

    last: Try | None


def find(core: Core, user: User) -> SignIn:
    """What stands in the user's way now, the most lasting first."""
    now = core.clock()
    latest = core.tables.events.page_of_user(user.id, 0, LATEST)
    addresses = {_network(each.event.address) for each in latest if each.event.event in FAILURES}
    of_user = core.tables.login_throttle.of_user(user.id, now, COUNTERS)
    of_addresses = core.tables.login_throttle.of_addresses(addresses - {""}, now)
    counters = [(each, _seconds(core, each, now)) for each in (*of_user, *of_addresses)]
    tries = (each.event for each in latest if each.event.event in ("login.ok", *FAILURES))
    last = next((Try(each.event, each.time, each.address) for each in tries), None)
    shown = tuple((each, seconds) for each, seconds in counters if each.scope != "everyone")
    return SignIn((*_of_account(user), *_of_counters(counters)), shown, last)


def _network(address: str) -> str:
    """The address that failures are counted under; "" for a text that is none, which somebody wrote by hand."""
    try:
        return throttle.network(address)
    except ValueError:
        return ""


def _of_account(user: User) -> Iterable[Obstacle]:
    if user.disabled:
        yield Obstacle("disabled")
    elif not hashes.readable(user.password):
        yield Obstacle("unreadable")


def _of_counters(counters: Iterable[tuple[Counter, float]]) -> Iterable[Obstacle]:
    """The counters that block, those that concern every address first."""
    blocking = [(each, seconds) for each, seconds in counters if seconds]
    for each, seconds in sorted(blocking, key=lambda found: (found[0].address != "", -found[1])):
        yield Obstacle(each.scope, each.address, seconds, each.failures)


def _seconds(core: Core, counter: Counter, now: float) -> float:
    if counter.scope == "everyone":
        return throttle.ATTACK_SECONDS * throttle.is_attack_at(core.settings, counter.blocked_until, now)
    return throttle.seconds_left(core.settings, counter.scope, counter.blocked_until, now)

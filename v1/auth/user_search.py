"""Finds users for administrators: by what was typed into one field, by a filter, by the device or the app they use."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from v1.auth.core import Core
from v1.db.tables.user_search import MOST, NEWEST, Hits
from v1.records import Profile, User
from v1.wire import addresses

LONGEST: Final = 254
"""Nothing that is searched is longer: an email address."""

LARGEST_ID: Final = 2_147_483_647

BROWSERS: Final = "-"
"""In the place of an app: browsers, and what else does not say which app it is."""

FILTERS: Final = ("disabled", "administrators", "blocked")

SEEN: Final = 1000
"""The most live sessions of a user that are counted."""

READ: Final = 2000
"""The most tokens that are read of one user, and counters of failed logins of the users in a list."""


@dataclass(frozen=True)
class Wanted:
    """Which users to find. An empty field asks for nothing."""

    search: str = ""
    filter: str = ""
    device: str = ""
    app: str = ""


@dataclass(frozen=True)
class Found:
    """The ids that were found. `why` says what of a user was found, its kind and its text, unless it is the username.

    `disabled` and `administrators` leave out all other users. `more`: a bound was met, so there may be more users.
    """

    ids: set[int]
    more: bool
    why: dict[int, tuple[str, str]] = field(default_factory=dict)
    disabled: bool = False
    administrators: bool = False


@dataclass(frozen=True)
class Seen:
    """A user's live sessions, counted up to SEEN; with `more` there may be more. `last` is 0 without one."""

    sessions: int
    last: int
    more: bool


def find(core: Core, wanted: Wanted, now: int) -> Found | None:
    """The users for whom all of this holds; None for everyone."""
    ways, search = list(_ways(core, wanted, now)), core.tables.user_search
    if not ways and wanted.filter == "disabled":
        ways.append(({}, search.disabled()))
    if not ways and wanted.filter == "administrators":
        ways.append(({}, search.administrators()))
    if not ways:
        return None
    ids = set.intersection(*(set(hits.users) for _, hits in ways))
    why = {user_id: reason for reasons, _ in ways for user_id, reason in reasons.items()}
    more = any(hits.more for _, hits in ways)
    return Found(ids, more, why, wanted.filter == "disabled", wanted.filter == "administrators")


Reasons = dict[int, tuple[str, str]]


def _ways(core: Core, wanted: Wanted, now: int) -> Iterator[tuple[Reasons, Hits]]:
    """Whom each part of what is wanted finds, and the reasons to show."""
    search = core.tables.user_search
    if wanted.search:
        yield _typed(core, wanted.search, now)
    if wanted.device:
        yield {}, search.on_device(wanted.device, now)
    if wanted.app:
        yield {}, search.with_app("" if wanted.app == BROWSERS else wanted.app)
    if wanted.filter == "blocked":
        yield {}, search.blocked(core.clock())


def _typed(core: Core, text: str, now: int) -> tuple[Reasons, Hits]:
    """Whom a text finds in any way."""
    if len(text) > LONGEST or "\0" in text:
        return {}, Hits()
    search, words, address = core.tables.user_search, text.split(), addresses.read_forwarded(text)
    found = {
        "name": search.named(text),
        "number": Hits({int(text): ""} if text.isascii() and text.isdecimal() and int(text) <= LARGEST_ID else {}),
        "profile": search.with_words(words[0], words[-1]),
        "address": search.at_address(str(address), now) if address else Hits(),
        "device": search.on_devices(text, now),
    }
    why: Reasons = {}
    for kind, hits in found.items():
        why = {user_id: (kind, said or str(address)) for user_id, said in hits.users.items()} | why
    return why, _any_of(found.values())


def _any_of(found: Iterable[Hits]) -> Hits:
    found = list(found)
    return Hits({user_id: "" for hits in found for user_id in hits.users}, any(hits.more for hits in found))


def page(core: Core, found: Found | None, newest: bool, offset: int, limit: int) -> list[User]:
    """One page of them: by name, or the newest first."""
    if found is None:
        return core.tables.users.listed(newest, offset, limit)
    return core.tables.users.of_ids(found.ids, newest, found.disabled, found.administrators, offset, limit)


def count(core: Core, found: Found | None, limit: int) -> int:
    """Their number; that of everyone is counted up to `limit`."""
    if found is None:
        return core.tables.users.count(limit)
    return core.tables.users.count_of_ids(found.ids, found.disabled, found.administrators)


def seen(core: Core, user_id: int, now: int) -> Seen:
    """The user's live sessions."""
    live, last, more = core.tables.tokens.sessions(user_id, now, READ)
    return Seen(min(live, SEEN), last, more or live > SEEN)


def blocked_among(core: Core, ids: list[int]) -> set[int]:
    """Those of these users whom the throttle blocks now, as accounts or from some address."""
    return core.tables.login_throttle.blocked_among(ids, core.clock(), READ)


def profiles(core: Core, ids: list[int]) -> dict[int, Profile]:
    """The profiles of these users. Users without one are left out."""
    return core.tables.profiles.of_ids(ids)


def apps(core: Core, limit: int) -> list[tuple[str, int, int, int, int, int]]:
    """The apps of the newest logins: see `v1.db.tables.events.Events.apps`."""
    return [tuple(row) for row in core.tables.events.apps(NEWEST, limit)]


__all__ = ["BROWSERS", "FILTERS", "MOST", "NEWEST", "Found", "Seen", "Wanted"]

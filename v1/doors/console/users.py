"""Users, for administrators: the list of all, or of those whom a search and a filter find."""

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from flask import Response, request

from v1.auth import user_search
from v1.auth.user_search import MOST, NEWEST, Found, Seen, Wanted
from v1.doors.console import pages
from v1.doors.console.paging import requested_page
from v1.doors.console.visits import Visit
from v1.doors.console.wording import N_
from v1.errors import NotFound
from v1.records import Profile, User

FILTERS: Final = {
    "": N_("Everyone"),
    "disabled": N_("Disabled"),
    "administrators": N_("Administrators"),
    "blocked": N_("Blocked now"),
}
SORTS: Final = {"": N_("By name"), "newest": N_("Newest first")}


@dataclass(frozen=True)
class Row:
    """A user in the list. `reason` says what of theirs was found, its kind and its text; the kind is empty if it need
    not be said."""

    user: User
    seen: Seen
    blocked: bool
    reason: tuple[str, str]


def search(visit: Visit) -> Response:
    """The page of the users whom the search and the filter find; of all users if both are empty."""
    query = {name: request.args.get(name, "").strip() for name in ("search", "filter", "sort", "device", "app")}
    if query["filter"] not in FILTERS or query["sort"] not in SORTS:
        raise NotFound
    newest = query["sort"] == "newest"
    wanted = Wanted(query["search"], query["filter"], query["device"], query["app"])
    found = user_search.find(visit.core, wanted, visit.now)
    listing = requested_page(
        lambda limit: user_search.count(visit.core, found, limit),
        lambda offset, limit: _rows(visit, found, user_search.page(visit.core, found, newest, offset, limit)),
    )
    return pages.answer(
        "users.html",
        visit=visit,
        place="users",
        wanted=wanted,
        query=urlencode({name: text for name, text in query.items() if text}),
        sort=query["sort"],
        listing=listing,
        more=found is not None and found.more,
        **CONSTANTS,
    )


CONSTANTS: Final[dict[str, Any]] = {
    **{"FILTERS": FILTERS, "SORTS": SORTS, "AT_MOST": MOST, "NEWEST": NEWEST, "BROWSERS": user_search.BROWSERS},
}


def _rows(visit: Visit, found: Found | None, users: list[User]) -> list[Row]:
    """What the list says of these users."""
    ids = [user.id for user in users]
    blocked, profiles = user_search.blocked_among(visit.core, ids), user_search.profiles(visit.core, ids)
    return [
        Row(
            user,
            user_search.seen(visit.core, user.id, visit.now),
            user.id in blocked,
            _reason(found.why.get(user.id, ("", "")) if found else ("", ""), profiles.get(user.id, Profile())),
        )
        for user in users
    ]


def _reason(why: tuple[str, str], profile: Profile) -> tuple[str, str]:
    kind, text = why
    if kind == "profile":
        return kind, ", ".join(filter(None, (profile.full_name, profile.email)))
    return (kind, text) if kind in ("address", "device") else ("", "")

"""Activity: what happened to an account, for its user ("was that me?") and for administrators."""

from typing import Any

from flask import Response

from v1.auth import accounts, activity_log
from v1.auth.activity_log import Listed
from v1.doors.console import activity_words, pages
from v1.doors.console.paging import Listing, requested_page
from v1.doors.console.visits import Visit
from v1.doors.routes import number
from v1.errors import NotFound
from v1.tokens import listing

LATEST = 10
"""How many rows the page of a user shows."""


def show(visit: Visit) -> Response:
    """The page of what happened to the user's own account. Sign-ins that are still live can be signed out."""
    found = _page(visit, visit.principal.user_id)
    ids = [row.event.token_id for row in found.rows if row.event.event == "login.ok"]
    live = listing.live_among(visit.core, visit.principal.user_id, ids, visit.now)
    return pages.answer("activity.html", visit=visit, place="activity", listing=found, live=live, **shown(visit))


def of_user(visit: Visit, user_id: str) -> Response:
    """The page of what happened to somebody's account, for administrators."""
    user = accounts.find_by_id(visit.core, number(user_id))
    if user is None:
        raise NotFound
    found = _page(visit, user.id)
    return pages.answer("activity.html", visit=visit, place="users", user=user, listing=found, live=(), **shown(visit))


def latest(visit: Visit, user_id: int) -> list[Listed]:
    """The last rows, for the page of a user."""
    return activity_log.page(visit.core, user_id, 0, LATEST)


def shown(visit: Visit) -> dict[str, Any]:
    """What the templates need besides the rows."""
    return {"words": activity_words, "days": visit.core.settings.events_days}


def _page(visit: Visit, user_id: int) -> Listing:
    return requested_page(
        lambda limit: activity_log.count(visit.core, user_id, limit),
        lambda offset, limit: activity_log.page(visit.core, user_id, offset, limit),
    )

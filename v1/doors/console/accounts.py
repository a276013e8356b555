"""A user, for administrators: see their tokens, disable and enable them, revoke tokens. All is logged."""

from collections.abc import Callable
from typing import Final

from flask import Response
from flask_babel import gettext

from v1 import kinds
from v1.auth import accounts, obstacles
from v1.doors.console import activity, devices, pages
from v1.doors.console.paging import MOST
from v1.doors.console.visits import Visit
from v1.doors.routes import number
from v1.errors import AccessDenied, NotFound
from v1.records import User
from v1.tokens import find, listing, revoke


def show(visit: Visit, user_id: str) -> Response:
    """The page of a user, with their live tokens."""
    user = _user(visit, user_id)
    profile, found = accounts.find_profile(visit.core, user.id), devices.live(visit, user.id, kinds.NAMES)
    sign_in = obstacles.find(visit.core, user)
    shown = {**activity.shown(visit), "events": activity.latest(visit, user.id), "sign_in": sign_in}
    return pages.answer("user.html", visit=visit, place="users", user=user, profile=profile, listing=found, **shown)


def ask(visit: Visit, user_id: str, act: str) -> Response:
    """The page that asks to confirm an action."""
    if act not in ACTS:
        raise NotFound
    user = _user(visit, user_id)
    sessions = listing.count_live(visit.core, user.id, kinds.LOGINS, visit.now, MOST)
    api_tokens = listing.count_live(visit.core, user.id, kinds.API_TOKENS, visit.now, MOST)
    counted = {"sessions": sessions, "api_tokens": api_tokens}
    return pages.answer("confirm_act.html", visit=visit, place="users", user=user, act=act, **counted)


def act(visit: Visit, user_id: str, act: str) -> Response:
    """Run an action on a user, and go back to the user's page."""
    if act not in ACTS:
        raise NotFound
    user = _user(visit, user_id)
    return pages.redirect(f"/console/users/{user.id}/", done=ACTS[act](visit, user))


def revoke_session(visit: Visit, user_id: str, token_id: str) -> Response:
    """Revoke one token of a user, and go back to the user's page. For an API token: to the page that asks first."""
    user, token, done = _user(visit, user_id), number(token_id), "revoked"
    found = find.of_user(visit.core, user.id, token)
    if found and found.kind in kinds.API_TOKENS:
        return pages.redirect("/console/tokens/revoke/", token=token, owner=user.id, page=visit.place[0])
    try:
        devices.revoke_row(visit, user.id, token, by=visit.actor)
    except NotFound:
        done = "gone"
    return devices.back(visit, f"/console/users/{user.id}/", done, user.id, kinds.NAMES)


def _disable(visit: Visit, user: User) -> str:
    if user.id == visit.principal.user_id:
        raise AccessDenied(gettext("You cannot disable your own account. Another administrator can."))
    accounts.disable_password(visit.core, user)
    visit.core.event("user.disabled", user_id=user.id, by=visit.actor, address=visit.address)
    revoke.all_of_user(visit.core, user.id, visit.address, by=visit.actor)
    return "disabled"


def _enable(visit: Visit, user: User) -> str:
    accounts.enable_user(visit.core, user)
    visit.core.event("user.enabled", user_id=user.id, by=visit.actor, address=visit.address)
    return "enabled"


def _revoke_all(visit: Visit, user: User) -> str:
    revoke.all_of_user(visit.core, user.id, visit.address, by=visit.actor)
    return "revoked-all"


def _revoke_sessions(visit: Visit, user: User) -> str:
    ended = kinds.REVOKED_WITH_PASSWORD
    revoke.devices(visit.core, user.id, visit.address, kinds=ended, by=visit.actor)
    return "revoked-sessions"


def _clear_failures(visit: Visit, user: User) -> str:
    accounts.clear_failures(visit.core, user.id)
    visit.core.event("throttle.cleared", user_id=user.id, by=visit.actor, address=visit.address)
    return "failures-cleared"


ACTS: Final[dict[str, Callable[[Visit, User], str]]] = {
    "disable": _disable,
    "enable": _enable,
    "revoke-all": _revoke_all,
    "revoke-sessions": _revoke_sessions,
    "clear-failures": _clear_failures,
}
"""The actions by their name in the path. Each returns the notice to show: a key of `wording.NOTICES`."""


def _user(visit: Visit, user_id: str) -> User:
    """The user of the id in the path. Raises NotFound."""
    user = accounts.find_by_id(visit.core, number(user_id))
    if user is None:
        raise NotFound
    return user

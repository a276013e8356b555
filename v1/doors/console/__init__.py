"""`/console/`: pages where users manage their tokens and devices, and administrators those of all users."""

from functools import partial
from typing import Final

from flask import Blueprint, Response, g, request

from v1 import errors
from v1.auth.core import Core
from v1.doors import routes
from v1.doors.console import (
    accounts,
    activity,
    api_tokens,
    apps,
    devices,
    error_pages,
    forms,
    overview,
    pages,
    personal_tokens,
    profile,
    rename_token,
    sign_in,
    users,
    visits,
)
from v1.doors.error_answers import headers
from v1.errors import GatepassError, InvalidToken, MissingToken
from v1.kinds import kinds_that_open

PREFIXES = ("/console",)
read = forms.read
answer = pages.answer

USER: Final = (
    ("/console", "start", "GET", sign_in.start),
    ("/console/sign-out", "sign_out", "POST", sign_in.sign_out),
    ("/console/profile", "profile", "GET", profile.show),
    ("/console/profile", "save_profile", "POST", profile.save),
    ("/console/password", "password", "GET", profile.show),
    ("/console/password", "change_password", "POST", profile.change_password),
    ("/console/tokens/new", "new_token", "GET", personal_tokens.new),
    ("/console/tokens/new", "create_token", "POST", personal_tokens.create),
    ("/console/tokens/<token_id>/revoke", "ask_revoke_token", "GET", personal_tokens.ask_revoke),
    ("/console/tokens/<token_id>/revoke", "revoke_token", "POST", personal_tokens.revoke_token),
    ("/console/tokens/<token_id>/rename", "ask_rename_token", "GET", rename_token.ask),
    ("/console/tokens/<token_id>/rename", "rename_token", "POST", rename_token.save),
    ("/console/activity", "activity", "GET", activity.show),
    ("/console/devices", "devices", "GET", devices.show),
    ("/console/devices/<token_id>/sign-out", "sign_device_out", "POST", devices.sign_out),
    ("/console/devices/sign-out-others", "ask_sign_others_out", "GET", devices.ask_sign_others_out),
    ("/console/devices/sign-out-others", "sign_others_out", "POST", devices.sign_others_out),
)
"""The pages and actions of every signed-in user: path, name, method, view."""

ADMINISTRATOR: Final = (
    ("/console/overview", "overview", "GET", overview.show),
    ("/console/tokens", "tokens", "GET", api_tokens.show),
    ("/console/tokens/revoke", "ask_revoke_tokens", "GET", api_tokens.ask_revoke),
    ("/console/tokens/revoke", "revoke_tokens", "POST", api_tokens.revoke_tokens),
    ("/console/users", "users", "GET", users.search),
    ("/console/apps", "apps", "GET", apps.show),
    ("/console/overview/pardon", "ask_pardon", "GET", overview.ask_pardon),
    ("/console/overview/pardon", "pardon", "POST", overview.pardon_address),
    ("/console/users/<user_id>", "user", "GET", accounts.show),
    ("/console/users/<user_id>/activity", "user_activity", "GET", activity.of_user),
    ("/console/users/<user_id>/<act>", "ask_act", "GET", accounts.ask),
    ("/console/users/<user_id>/<act>", "act", "POST", accounts.act),
    ("/console/users/<user_id>/sessions/<token_id>/revoke", "revoke_session", "POST", accounts.revoke_session),
)
"""The pages and actions of administrators. For other users these paths are 404."""

HIDDEN: Final = ("/console/overview", "/console/users", "/console/apps")
"""The beginnings of paths in ADMINISTRATOR."""

HIDDEN_ALONE: Final = ("/console/tokens", "/console/tokens/revoke")
"""Paths in ADMINISTRATOR that are the beginnings of others' paths. A slash may follow."""

ACCEPTS: Final = {name: kinds_that_open("console.pages") for _, name, _, _ in (*USER, *ADMINISTRATOR)}


def blueprint(core: Core) -> Blueprint:
    """The door's paths, with and without a slash at the end."""
    door = Blueprint("console", __name__, template_folder="templates")
    door.record_once(lambda state: pages.configure(state.app))
    door.before_request(partial(_hide_options, core))
    door.after_request(pages.secured)
    open_to_all = (
        ("/console/sign-in", "sign_in_page", "GET", partial(sign_in.show, core)),
        ("/console/sign-in", "sign_in", "POST", partial(sign_in.sign_in, core)),
        ("/console/static/<version>/<name>", "static", "GET", pages.static),
    )
    routes.serve(door, open_to_all)
    for operations, administrator in ((USER, False), (ADMINISTRATOR, True)):
        for path, name, method, view in operations:
            guarded = visits.require_session(core, ACCEPTS[name], view, administrator, any_page=(name == "sign_out"))
            routes.serve(door, [(path, name, method, guarded)])
    return door


def refuse(core: Core, error: GatepassError) -> Response:
    """The error as a page in the user's language. Without a live session: a redirect to the sign-in page."""
    if isinstance(error, MissingToken | InvalidToken):
        return sign_in.send_to(core, request, known=isinstance(error, InvalidToken))
    if isinstance(error, errors.UnknownPath):
        error = _hide_method(core, error)
    page = error_pages.of(error)
    can_repeat = isinstance(error, errors.DatabaseDown) and request.method == "GET"
    again = request.full_path.rstrip("?") if can_repeat else ""
    shown = {"title": page.title, "text": page.text, "again": again}
    response = pages.answer("error.html", page.status, visit=g.get("visit"), **shown)
    response.headers.update(headers(error, page.status))
    return response


def _hide_options(core: Core) -> None:
    """Answer OPTIONS at a hidden path with 404, unless an administrator asks. (Flask itself would answer it.)"""
    if request.method == "OPTIONS" and _is_hidden(request.path) and not _is_admin(core):
        raise errors.UnknownPath(request.path)


def _hide_method(core: Core, error: errors.UnknownPath) -> errors.UnknownPath:
    """The error, but for a hidden path 404 in place of 405, unless an administrator asks.

    It also finds the user's session, so that the error page has the bar at its top.
    """
    is_admin = _is_admin(core)
    return error if is_admin or not _is_hidden(request.path) else errors.UnknownPath(error.path)


def _is_hidden(path: str) -> bool:
    """Is this a path of administrators?"""
    return path.startswith(HIDDEN) or path.removesuffix("/") in HIDDEN_ALONE


def _is_admin(core: Core) -> bool:
    """Whether the user is signed in as an administrator, as far as the database can be asked."""
    visits.find_visit(core)
    return "visit" in g and bool(g.visit.principal.is_admin)

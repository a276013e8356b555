"""Owns `/console/`: pages on which people see and manage their tokens and devices, and administrators everybody's."""

from functools import partial
from typing import Final

from flask import Blueprint, Response, g, request

from v1 import errors
from v1.auth.core import Core
from v1.doors import routes
from v1.doors.console import (
    accounts,
    devices,
    error_pages,
    forms,
    overview,
    pages,
    personal_tokens,
    profile,
    sign_in,
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
    ("/console/devices", "devices", "GET", devices.show),
    ("/console/devices/<token_id>/sign-out", "sign_device_out", "POST", devices.sign_out),
    ("/console/devices/sign-out-others", "ask_sign_others_out", "GET", devices.ask_sign_others_out),
    ("/console/devices/sign-out-others", "sign_others_out", "POST", devices.sign_others_out),
)
"""What a session of the console opens."""

ADMINISTRATOR: Final = (
    ("/console/overview", "overview", "GET", overview.show),
    ("/console/users", "users", "GET", accounts.search),
    ("/console/users/<user_id>", "user", "GET", accounts.show),
    ("/console/users/<user_id>/<act>", "ask_act", "GET", accounts.ask),
    ("/console/users/<user_id>/<act>", "act", "POST", accounts.act),
    ("/console/users/<user_id>/sessions/<token_id>/revoke", "revoke_session", "POST", accounts.revoke_session),
)
"""What an administrator's opens; to everybody else there is nothing at these paths."""

HIDDEN: Final = ("/console/overview", "/console/users")

ACCEPTS: Final = {name: kinds_that_open("console.pages") for _, name, _, _ in (*USER, *ADMINISTRATOR)}


def blueprint(core: Core) -> Blueprint:
    """The door's paths, in both slash forms."""
    door = Blueprint("console", __name__, template_folder="templates")
    door.record_once(lambda state: pages.configure(state.app))
    door.before_request(partial(_hide, core))
    door.after_request(pages.secured)
    open_to_all = (
        ("/console/sign-in", "sign_in_page", "GET", partial(sign_in.show, core)),
        ("/console/sign-in", "sign_in", "POST", partial(sign_in.sign_in, core)),
        ("/console/static/<version>/<name>", "static", "GET", pages.static),
    )
    routes.serve(door, open_to_all)
    for operations, administrator in ((USER, False), (ADMINISTRATOR, True)):
        for path, name, method, view in operations:
            visited = visits.of(core, ACCEPTS[name], view, administrator, any_page=name == "sign_out")
            routes.serve(door, [(path, name, method, visited)])
    return door


def refuse(core: Core, error: GatepassError) -> Response:
    """The error as a page in the reader's language; without a live session the way to the sign-in page."""
    if isinstance(error, MissingToken | InvalidToken):
        return sign_in.send_to(request, known=isinstance(error, InvalidToken))
    if isinstance(error, errors.UnknownPath):
        error = _as_seen(core, error)
    page = error_pages.of(error)
    can_repeat = isinstance(error, errors.DatabaseDown) and request.method == "GET"
    again = request.full_path.rstrip("?") if can_repeat else ""
    shown = {"title": page.title, "text": page.text, "again": again}
    response = pages.answer("error.html", page.status, visit=g.get("visit"), **shown)
    response.headers.update(headers(error, page.status))
    return response


def _hide(core: Core) -> None:
    """Non-administrators get 404 for OPTIONS of an administrator's page, which Flask itself would answer."""
    if request.method == "OPTIONS" and request.path.startswith(HIDDEN):
        visits.look(core)
        if not ("visit" in g and g.visit.principal.is_admin):
            raise errors.UnknownPath(request.path)


def _as_seen(core: Core, error: errors.UnknownPath) -> errors.UnknownPath:
    """The error that this visitor may see: of an administrator's page others see the 404 of an unknown path only.

    A visitor who is signed in keeps the bar at the top of the page.
    """
    visits.look(core)
    seen = "visit" in g and g.visit.principal.is_admin
    return error if seen or not request.path.startswith(HIDDEN) else errors.UnknownPath(error.path)

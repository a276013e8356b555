"""Owns `/console/`: pages on which people see and manage their tokens and devices, and administrators everybody's."""

from functools import partial
from typing import Final

from flask import Blueprint, Response, g, request

from v1 import errors
from v1.auth.core import Core
from v1.doors import routes
from v1.doors.console import accounts, devices, forms, overview, pages, personal_tokens, profile, sign_in, visits
from v1.doors.console.wording import N_
from v1.doors.rfc import rfc6749
from v1.errors import GatepassError, InvalidToken, MissingToken
from v1.kinds import opening

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

ACCEPTS: Final = {name: opening("console.pages") for _, name, _, _ in (*USER, *ADMINISTRATOR)}

ERRORS: Final[dict[type[GatepassError], tuple[int, str, str]]] = {
    errors.WrongCredentials: (403, N_("Sign-in failed"), sign_in.WRONG),
    errors.MissingCredentials: (400, N_("Sign-in failed"), N_("Enter your username and your password.")),
    errors.MissingToken: (303, N_("Sign in"), N_("Sign in first.")),
    errors.InvalidToken: (303, N_("Sign in"), N_("Your session has ended. Please sign in again.")),
    errors.AccessDenied: (403, N_("Not allowed"), ""),
    errors.MalformedRequest: (400, N_("That did not work"), N_("The request is malformed. Go back and try again.")),
    errors.UnsupportedMediaType: (415, N_("That did not work"), N_("The request is malformed. Go back and try again.")),
    errors.BodyTooLarge: (413, N_("That did not work"), N_("That is too much text. Go back and shorten it.")),
    errors.UnknownPath: (404, N_("Page not found"), N_("There is nothing at this address.")),
    errors.WrongMethod: (405, N_("That did not work"), N_("This page cannot be used that way.")),
    errors.MissingValue: (400, N_("That did not work"), N_("Something is missing. Go back and try again.")),
    errors.NotFound: (404, N_("Page not found"), N_("There is nothing at this address.")),
    errors.AlreadyExists: (409, N_("That did not work"), N_("There is one of that name already.")),
    errors.Unforeseen: (500, N_("Something went wrong"), N_("Something went wrong on our side. Please try again.")),
    errors.DatabaseDown: (
        503,
        N_("Please try again soon"),
        N_("The service cannot reach its database right now. Please try again in a few seconds."),
    ),
    errors.Throttled: (429, N_("Sign-in failed"), sign_in.THROTTLED),
    errors.Busy: (503, N_("Please try again soon"), sign_in.BUSY),
}
"""Status, title and text of each; an empty text is the Refusal's own."""


def blueprint(core: Core) -> Blueprint:
    """The door's paths, in both slash forms."""
    door = Blueprint("console", __name__)
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


def refuse(core: Core, refusal: GatepassError) -> Response:
    """The refusal as a page in the reader's language; without a live session the way to the sign-in page."""
    if isinstance(refusal, MissingToken | InvalidToken):
        return sign_in.send_to(request, known=isinstance(refusal, InvalidToken))
    if isinstance(refusal, errors.UnknownPath):
        refusal = _as_seen(core, refusal)
    status, title, text = ERRORS[type(refusal)]
    gets = isinstance(refusal, errors.DatabaseDown) and request.method == "GET"
    said = {"title": title, "text": text or str(refusal), "again": request.full_path.rstrip("?") if gets else ""}
    response = pages.answer("error.html", status, visit=g.get("visit"), **said)
    return rfc6749.with_headers(response, refusal)


def _hide(core: Core) -> None:
    """Non-administrators get 404 for OPTIONS of an administrator's page, which Flask itself would answer."""
    if request.method == "OPTIONS" and request.path.startswith(HIDDEN):
        visits.look(core)
        if not ("visit" in g and g.visit.principal.is_admin):
            raise errors.UnknownPath(request.path)


def _as_seen(core: Core, refusal: errors.UnknownPath) -> errors.UnknownPath:
    """What a non-administrator sees of an administrator's page: the 404 of an unknown path, for every method.

    Who is signed in keeps the bar at the top of the page.
    """
    visits.look(core)
    seen = "visit" in g and g.visit.principal.is_admin
    return refusal if seen or not request.path.startswith(HIDDEN) else errors.UnknownPath(refusal.path)

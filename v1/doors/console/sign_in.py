"""Owns signing in to the console and out of it, and where somebody goes who is not signed in."""

import re
from contextlib import suppress
from functools import partial
from typing import Any, Final

from flask import Request, Response, request
from flask_babel import gettext

from v1.auth import accounts, guard
from v1.auth.core import Core
from v1.auth.login import login
from v1.doors.console import browser, error_pages, pages, visits, wording
from v1.doors.console.visits import Visit
from v1.doors.console.wording import N_
from v1.doors.error_answers import headers
from v1.doors.rfc import rfc6749
from v1.errors import Busy, DatabaseDown, GatepassError, InvalidToken, MissingToken, Throttled, WrongCredentials
from v1.passwords import unicode_forms
from v1.records import Client, Credentials, Issued, Principal
from v1.tokens import issue, revoke

MISSING: Final = {"username": N_("Enter your username."), "password": N_("Enter your password.")}

_NEXT: Final = re.compile(r"/console/[a-z0-9/-]{0,100}")


def start(visit: Visit) -> Response:
    """`/console/`: an administrator sees what is going on, everybody else their own."""
    place = "/console/overview/" if visit.principal.is_admin else "/console/profile/"
    return pages.redirect(place, done=request.args.get("done", ""))


def show(core: Core) -> Response:
    """The form; to somebody who is signed in the console itself."""
    try:
        visits.enter(core, visits.KINDS)
    except (MissingToken, InvalidToken):
        return _page(next=request.args.get("next", ""))
    return pages.redirect("/console/")


def sign_in(core: Core) -> Response:
    """A new session and its cookie, for a username and a password; the form again if they are not right."""
    visits.refuse_cross_site(core)
    fields = rfc6749.read_form(request)
    username, password = fields.get("username", b""), fields.get("password", b"")
    again = {"username": username.decode(errors="replace"), "next": fields.get("next", b"").decode(errors="replace")}
    errors = {name: text for name, text in MISSING.items() if not fields.get(name)}
    if errors:
        return _page(400, errors=errors, **again)
    caller = browser.of(core, request)
    try:
        issue = partial(new_session, core, caller, max_sessions=core.settings.max_sessions_per_user)
        other = unicode_forms.other(password)
        otherwise = None if other is None else Credentials(username, other)
        issued = login(core, "console", Credentials(username, password), caller, issue, otherwise)
    except (WrongCredentials, Throttled, Busy) as error:
        return _refused(error, again)
    return _signed_in(core, issued, again["next"])


def sign_out(visit: Visit) -> Response:
    """The session ends; the cookies go."""
    revoke.presented(visit.core, visits.session_cookie(visit.core), visit.address)
    return signed_out(visit.core)


def signed_out(core: Core) -> Response:
    """At the sign-in page, without the cookies: only then does a browser not go back to a page that it still has."""
    response = pages.redirect("/console/sign-in/", done="signed-out")
    _set(core, response, visits.COOKIE[core.settings.development], "", max_age=0)
    _set(core, response, pages.LANGUAGE_COOKIE, "", max_age=0)
    return response


def send_to(request: Request, known: bool) -> Response:
    """To the sign-in page, and then back to the page that was asked for. `known`: a cookie came, of no live session."""
    done = "no-cookie" if request.args.get("done") == "signed-in" else "ended" if known else ""
    asked = request.path if request.method in ("GET", "HEAD") and request.path.strip("/") != "console" else ""
    return pages.redirect("/console/sign-in/", done=done, next=asked)


def keep_language(core: Core, response: Response, language: str) -> None:
    """Remember the profile's language where the database is not there to ask."""
    _set(core, response, pages.LANGUAGE_COOKIE, language, max_age=None if language else 0)


def new_session(core: Core, caller: Client, owner: Principal, max_sessions: int = 0, by: int = 0) -> Issued:
    """A session that ends when it was not used for as long as the settings say."""
    seconds = min(core.settings.console_idle_seconds, core.settings.console_seconds)
    return issue.console(core, owner, caller, int(core.clock()), seconds, max_sessions, by)


def keep_session(core: Core, response: Response, issued: Issued) -> None:
    """The browser gets the session's cookie."""
    _set(core, response, visits.COOKIE[core.settings.development], issued.secret)


def _page(status: int = 200, **values: Any) -> Response:
    return pages.answer("sign_in.html", status, **{"username": "", "next": "", "refused": ""} | values)


def _refused(error: GatepassError, again: dict[str, str]) -> Response:
    """The form once more, with what is wrong above it."""
    page = error_pages.of(error)
    text = page.text
    if isinstance(error, Throttled):
        text = gettext("Too many tries. Please try again %(when)s.", when=wording.wait(error.retry_after))
    response = _page(page.status, refused=text, **again)
    response.headers.update(headers(error, page.status))
    return response


def _signed_in(core: Core, issued: Issued, wanted: str) -> Response:
    """Always a session of its own: one that was there before, whoever's it was, ends."""
    response = pages.redirect(wanted if _NEXT.fullmatch(wanted) else "/console/", done="signed-in")
    keep_session(core, response, issued)
    with suppress(DatabaseDown):  # which was logged; the session is there, and is not to be lost
        address = guard.client_address(request.environ, core.settings.trusted_proxies)
        revoke.presented(core, visits.session_cookie(core), address)
        keep_language(core, response, accounts.find_profile(core, issued.token.user_id).language)
    return response


def _set(core: Core, response: Response, name: str, value: str, max_age: int | None = None) -> None:
    secure = not core.settings.development
    response.set_cookie(name, value, max_age=max_age, path="/", secure=secure, httponly=True, samesite="Lax")

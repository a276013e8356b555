"""Signing in to the console and out of it, and the session's cookie."""

from contextlib import suppress
from functools import partial
from typing import Any, Final

from flask import Request, Response, g, request
from flask_babel import gettext

from v1.auth import accounts, guard
from v1.auth.core import Core
from v1.auth.login import login
from v1.doors.console import browser, cookies, error_pages, kept_forms, notices, pages, relative, visits
from v1.doors.console.visits import Visit
from v1.doors.console.wording import N_
from v1.doors.error_answers import headers
from v1.doors.rfc import rfc6749
from v1.errors import Busy, DatabaseDown, GatepassError, InvalidToken, MissingToken, Throttled, WrongCredentials
from v1.passwords import unicode_forms
from v1.records import Client, Credentials, Issued, Principal
from v1.tokens import issue, revoke

MISSING: Final = {"username": N_("Enter your username."), "password": N_("Enter your password.")}
"""The error texts of empty fields."""


def start(visit: Visit) -> Response:
    """`/console/`: redirects administrators to Overview and other users to My Profile."""
    place = "/console/overview/" if visit.principal.is_admin else "/console/profile/"
    return pages.redirect(place)


def show(core: Core) -> Response:
    """The sign-in form; a redirect into the console if the user is signed in.

    A sign-in leads here, so that a browser which did not keep the session's cookie can be told so. `signed` then says
    where the user wants to go: no link can forge it.
    """
    wanted = cookies.read(core, _signed_purpose(core), request.args.get("signed", ""))
    try:
        visits.enter(core, visits.KINDS)
    except (MissingToken, InvalidToken):
        if wanted is None:
            return _shown(core)
        return _page(core, next=wanted, notice=notices.of("no-cookie"))
    form = None if wanted else kept_forms.waiting(core, g.visit.principal.user_id)
    response = pages.redirect(wanted or (form.place if form else "/console/"))
    if form is None:
        kept_forms.forget(core, response)
    return response


def _shown(core: Core) -> Response:
    """The form, in the language that was chosen on it. The choice is kept in a cookie."""
    chosen = request.args.get("language", "")
    if chosen in pages.LANGUAGES:
        g.language = chosen
    response = _page(core, next=request.args.get("next", ""))
    if chosen in pages.LANGUAGES:
        keep_language(core, response, chosen)
    return response


def sign_in(core: Core) -> Response:
    """Sign in with username and password: a new session and its cookie; or the form again, with an error."""
    visits.refuse_cross_site(core)
    fields = rfc6749.read_form(request)
    username, password = fields.get("username", b""), fields.get("password", b"")
    again = {"username": username.decode(errors="replace"), "next": fields.get("next", b"").decode(errors="replace")}
    errors = {name: text for name, text in MISSING.items() if not fields.get(name)}
    if errors:
        return _page(core, 400, errors=errors, **again)
    caller = browser.client_of(core, request)
    try:
        issue = partial(new_session, core, caller, max_sessions=core.settings.max_sessions_per_user)
        other = unicode_forms.other(password)
        fallback = None if other is None else Credentials(username, other)
        issued = login(core, "console", Credentials(username, password), caller, issue, fallback)
    except (WrongCredentials, Throttled, Busy) as error:
        return _refused(core, error, again)
    return _signed_in(core, issued, again["next"])


def sign_out(visit: Visit) -> Response:
    """Revoke the session, and delete the cookies."""
    revoke.presented(visit.core, visits.session_cookie(visit.core), visit.address)
    return signed_out(visit.core)


def signed_out(core: Core) -> Response:
    """A redirect to the sign-in page that deletes the cookies: else "back" may show a page that the browser kept."""
    response = pages.redirect(pages.SIGN_IN, done="signed-out")
    kept_forms.forget(core, response)
    cookies.put(core, response, visits.cookie_name(core.settings.development), "", max_age=0)
    cookies.put(core, response, pages.LANGUAGE_COOKIE, "", max_age=0)
    return response


def send_to(core: Core, request: Request, known: bool) -> Response:
    """A redirect to the sign-in page, which leads back here. `known`: there is a cookie, of an ended session.

    A form that was posted is kept meanwhile.
    """
    form = kept_forms.posted(kept_forms.unread())
    if form:
        response = pages.redirect(pages.SIGN_IN, done="ended-form")
        kept_forms.keep(core, response, form)
        return response
    asked = ""
    if request.method in ("GET", "HEAD") and request.path.strip("/") != "console":
        query = request.query_string.decode("latin-1")
        place = request.path + (f"?{query}" if query else "")
        asked = place if pages.INSIDE.fullmatch(place) else request.path
    return pages.redirect(pages.SIGN_IN, done="ended" if known else "", next=asked)


def keep_language(core: Core, response: Response, language: str) -> None:
    """Keep the profile's language in a cookie, for pages while the database is down."""
    cookies.put(core, response, pages.LANGUAGE_COOKIE, language, max_age=None if language else 0)


def new_session(core: Core, caller: Client, owner: Principal, max_sessions: int = 0, replaced: int = 0) -> Issued:
    """Issue a session, which ends CONSOLE_IDLE_SECONDS after its last use. `replaced` is the id of a session."""
    seconds = min(core.settings.console_idle_seconds, core.settings.console_seconds)
    return issue.console(core, owner, caller, int(core.clock()), seconds, max_sessions, replaced)


def keep_session(core: Core, response: Response, issued: Issued) -> None:
    """Set the session's cookie."""
    cookies.put(core, response, visits.cookie_name(core.settings.development), issued.secret)


def _page(core: Core, status: int = 200, **values: Any) -> Response:
    empty = {"username": "", "next": "", "refused": "", "contact": core.settings.console_contact}
    return pages.answer("sign_in.html", status, **empty | values)


def _refused(core: Core, error: GatepassError, again: dict[str, str]) -> Response:
    """The form again, with the error above it."""
    page = error_pages.of(error)
    text = page.text
    if isinstance(error, Throttled):
        text = gettext("Too many tries. Please try again %(when)s.", when=relative.wait(error.retry_after))
    response = _page(core, page.status, refused=text, **again)
    response.headers.update(headers(error, page.status))
    return response


def _signed_in(core: Core, issued: Issued, wanted: str) -> Response:
    """A redirect into the console, with the new session. The browser's previous session is revoked."""
    wanted = wanted if pages.INSIDE.fullmatch(wanted) else ""
    signed = cookies.sign(core, _signed_purpose(core), wanted, notices.SECONDS)
    response = pages.redirect(pages.SIGN_IN, signed=signed)
    keep_session(core, response, issued)
    with suppress(DatabaseDown):  # which is logged; the new session is valid and is kept
        revoke.presented(core, visits.session_cookie(core), _address(core))
        keep_language(core, response, accounts.find_profile(core, issued.token.user_id).language)
    return response


def _address(core: Core) -> str:
    return guard.client_address(request.environ, core.settings.trusted_proxies)


def _signed_purpose(core: Core) -> str:
    """What `signed` is signed for. Another address has another purpose: nobody can make one for somebody else."""
    return f"signed in from {_address(core)}"

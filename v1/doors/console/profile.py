"""My Profile: the user's name, email address, language and password. Personal tokens are on the same page."""

import re
from dataclasses import replace
from typing import Any, Final

from flask import Response, request

from v1.auth import accounts
from v1.auth.login import confirm
from v1.doors.console import browser, error_pages, expirations, pages, paging, sign_in, visits, zones
from v1.doors.console.visits import Visit
from v1.doors.console.wording import N_
from v1.doors.error_answers import headers
from v1.errors import Busy, DatabaseDown, GatepassError, Throttled, WrongCredentials
from v1.kinds import REVOKED_WITH_PASSWORD
from v1.passwords import guessable, unicode_forms
from v1.passwords.guessable import Reason
from v1.records import Issued
from v1.tokens import listing, revoke
from v1.wire.single_line import is_single_line

FULL_NAME, EMAIL = 100, 254
"""The most characters of each. For the address it is the limit of RFC 5321 4.5.3.1.3 without the angle brackets."""

LEAST_PASSWORD, MOST_PASSWORD = 8, 72
"""The fewest characters of a new password (NIST SP 800-63B), and the most bytes: bcrypt reads no more."""

GUESSABLE: Final[dict[Reason, str]] = {
    "common": N_("This is one of the most common passwords: choose another."),
    "username": N_("This is little more than your username: choose another."),
    "service": N_("This is little more than the name of this service: choose another."),
}
"""The error texts of new passwords that are guessed first."""

Errors = dict[str, str]
"""Error texts by the name of the field."""

_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)*")


def show(visit: Visit) -> Response:
    """My Profile, with what was typed there before the session ended."""
    return page(visit, profile=replace(visit.profile, **visit.form))


def page(visit: Visit, status: int = 200, **values: Any) -> Response:
    """My Profile. `values` may hold the error texts and the typed values of one of its forms."""
    core, user_id = visit.core, visit.principal.user_id
    found = paging.requested_page(
        lambda limit: listing.count_personal(core, user_id, limit),
        lambda offset, limit: listing.personal(core, user_id, visit.now, limit, offset),
    )
    given: Any = {"given": {}, "dialog": False, "profile": visit.profile, "place": "profile"}
    given |= {"until": expirations.shown(visit.now), "today": expirations.today(visit.now)}
    given["zone"] = visit.profile.time_zone or "UTC"
    return pages.answer("profile.html", status, visit=visit, listing=found, **given | values)


def save(visit: Visit) -> Response:
    """Save name, address and language."""
    typed = {name: visit.form.get(name, "").strip() for name in ("full_name", "email", "language", "time_zone")}
    profile = replace(visit.profile, **typed)
    errors: Errors = {}
    if not is_single_line(profile.full_name, FULL_NAME):
        errors["full_name"] = N_("At most 100 characters, without control characters.")
    if profile.email and not (is_single_line(profile.email, EMAIL) and _EMAIL.fullmatch(profile.email)):
        errors["email"] = N_("This is no email address: name@example.org")
    if profile.language not in ("", *pages.LANGUAGES):
        errors["language"] = N_("Choose one of the list.")
    if profile.time_zone and not zones.is_known(profile.time_zone):
        errors["time_zone"] = N_("There is no such zone. They are called after cities: Europe/Istanbul")
    if errors:
        return page(visit, 400, errors=errors, profile=profile)
    accounts.save_profile(visit.core, visit.principal.user_id, profile)
    visit.core.event("profile.saved", user_id=visit.principal.user_id, address=visit.address)
    response = pages.redirect("/console/profile/", done="profile")
    sign_in.keep_language(visit.core, response, profile.language)
    return response


def change_password(visit: Visit) -> Response:
    """Change the password of a user who knows the current one, and sign out the other devices if the user wants it.

    The new password is stored in the Unicode form NFC, whatever form it was typed in.
    """
    current, new, again = (visit.form.get(name, "").encode() for name in ("current", "new", "again"))
    new, again = unicode_forms.composed(new), unicode_forms.composed(again)
    errors = _password_errors(visit, unicode_forms.composed(current).decode(), new.decode(), again.decode())
    if errors:
        return page(visit, 400, errors=errors)
    core, user_id = visit.core, visit.principal.user_id
    try:
        caller, other = browser.client_of(core, request), unicode_forms.other(current)
        user = confirm(core, "console", user_id, (current,) if other is None else (current, other), caller)
        if not accounts.change_password(core, user, new):
            raise WrongCredentials("password", user_id=user_id)  # another request changed it meanwhile
    except (WrongCredentials, Throttled, Busy) as error:
        return _not_confirmed(visit, error)
    core.event("user.password_set", user_id=user_id, by=f"user {user_id}", address=visit.address)
    return _renew_session(visit, others=bool(visit.form.get("others")))


def _not_confirmed(visit: Visit, error: GatepassError) -> Response:
    """The page again, with an error beside the field of the current password."""
    shown = error_pages.of(error)
    text = N_("This is not your current password.") if isinstance(error, WrongCredentials) else shown.text
    response = page(visit, shown.status, errors={"current": text})
    response.headers.update(headers(error, shown.status))
    return response


def _renew_session(visit: Visit, others: bool) -> Response:
    """Replace this session by a new one: its cookie may have been copied. With `others`, end all other sessions too,
    even if this one was revoked meanwhile: that may have been somebody else who is signed in."""
    core, user_id = visit.core, visit.principal.user_id
    try:
        issued = _replacement(visit)
        if others:
            kept = issued.token.id if issued else 0
            revoke.devices(core, user_id, visit.address, kept, REVOKED_WITH_PASSWORD)
        elif issued:
            revoke.presented(core, visits.session_cookie(core), visit.address)
    except DatabaseDown:
        return pages.redirect("/console/devices/", done="password-half")
    if issued is None:
        return pages.redirect("/console/sign-in/", done="password")
    response = pages.redirect("/console/profile/", done="password-others" if others else "password")
    sign_in.keep_session(core, response, issued)
    return response


def _replacement(visit: Visit) -> Issued | None:
    """A new session in the place of this one; None if this one was revoked meanwhile."""
    try:
        caller = browser.client_of(visit.core, request)
        return sign_in.new_session(visit.core, caller, visit.principal, replaced=visit.proof.id)
    except WrongCredentials:
        return None


def _password_errors(visit: Visit, current: str, new: str, again: str) -> Errors:
    """What is wrong with the three typed passwords."""
    errors: Errors = {}
    if not current:
        errors["current"] = N_("Enter your current password.")
    if len(new) < LEAST_PASSWORD:
        errors["new"] = N_("At least 8 characters.")
    elif len(new.encode()) > MOST_PASSWORD or "\0" in new:
        errors["new"] = N_("At most 72 bytes: that is 72 letters, and fewer of other characters.")
    elif new == current:
        errors["new"] = N_("This is your current password.")
    elif reason := guessable.reason(new, visit.principal.username):
        errors["new"] = GUESSABLE[reason]
    elif new != again:
        errors["again"] = N_("The two are not the same.")
    return errors

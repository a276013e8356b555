"""Tells the events of the activity log in plain words. Names of devices and tokens are escaped."""

import re
from typing import Final

from flask_babel import gettext
from markupsafe import Markup

from v1.auth.activity_log import Event, Listed
from v1.doors.console import wording
from v1.doors.console.wording import N_
from v1.kinds import API_TOKENS

PLAIN: Final = {
    "login.throttled": N_("Refused: too many tries"),
    "user.added": N_("Account made"),
    "user.password_set": N_("Password changed"),
    "user.disabled": N_("Account disabled"),
    "user.enabled": N_("Account enabled"),
    "user.admin_made": N_("Made an administrator"),
    "user.admin_removed": N_("No longer an administrator"),
    "profile.saved": N_("Profile saved"),
    "throttle.cleared": N_("The wait after wrong passwords was ended"),
}
"""Events that need no more words."""

FAILURES: Final = {
    "password": N_("Wrong password"),
    "username": N_("Wrong password"),
    "disabled": N_("Refused: the account is disabled"),
}
"""Failed logins, by their reason."""

BAD: Final = ("login.failed", "login.throttled")

LONGEST: Final = 60
"""The most characters of a name in a sentence."""

_BY: Final = re.compile(r"(user|token) ([1-9][0-9]*)")


def said(row: Listed) -> Markup:
    """What happened, in a sentence without its subject."""
    event = row.event
    match event.event:
        case "login.ok":
            return _signed_in(event)
        case "login.failed":
            return Markup(str(FAILURES.get(event.reason) or gettext("Sign-in failed")))
        case "token.issued" | "token.created":
            return _text(gettext("API token %(name)s created"), name=event.device)
        case "token.renamed":
            return _text(gettext("API token renamed to %(name)s"), name=event.device)
        case "token.revoked":
            return _revoked(event, row.times)
        case name:
            return Markup.escape(str(PLAIN.get(name, name)))


def by(event: Event) -> tuple[str, int]:
    """Who did it, if not the user: a kind of actor (`user`, `token`, `operator`; "" for the user) and its number."""
    found = _BY.fullmatch(event.actor)
    if not event.actor or event.actor == f"user {event.user_id}":
        return "", 0
    if found is None:
        return "operator", 0
    is_own = found[1] == "token" and event.event == "token.issued"  # made with one of the user's own tokens
    return ("", 0) if is_own else (found[1], int(found[2]))


def _signed_in(event: Event) -> Markup:
    device = "" if event.device == "Unknown" else event.device
    if event.app and event.app != device:
        if device:
            return _text(gettext("Signed in with the app %(app)s on %(device)s"), app=event.app, device=device)
        return _text(gettext("Signed in with the app %(app)s"), app=event.app)
    return _text(gettext("Signed in on %(device)s"), device=device) if device else Markup(gettext("Signed in"))


def _revoked(event: Event, times: int) -> Markup:
    if event.reason == "limit":
        return _text(gettext("Signed out, as there were too many sessions: %(number)s"), number=times)
    if not event.token_id:
        return _text(gettext("Tokens revoked: %(number)s"), number=times)
    if event.reason in API_TOKENS and times > 1:
        text = gettext("API token %(name)s revoked, with stream tokens: %(number)s")
        return _text(text, name=event.device, number=times - 1)
    if event.reason in ("", *API_TOKENS):
        return _text(gettext("API token %(name)s revoked"), name=event.device)
    return _text(gettext("Signed out: %(device)s"), device=event.device or gettext("(no name)"))


def _text(text: str, **values: str | int) -> Markup:
    """The catalogue's text is trusted; names in it are escaped, and keep their direction."""
    shown = {name: _shown(value) for name, value in values.items()}
    return Markup(" ".join((text % shown).split()))


def _shown(value: str | int) -> Markup:
    if isinstance(value, int):
        return Markup(wording.number(value))
    value = wording.visible(value)
    cut = value if len(value) <= LONGEST else f"{value[:LONGEST]}…"
    return Markup('<bdi title="{}">{}</bdi>').format(value, cut)

"""Owns how the console says what is no sentence: times, numbers, kinds of token, and what was just done."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final, cast

from babel.dates import format_datetime, format_timedelta
from babel.numbers import format_decimal
from flask import g
from flask_babel import get_locale, gettext, lazy_gettext
from markupsafe import Markup

from v1 import kinds
from v1.records import ACCESS_SECONDS
from v1.tokens.issue import NEVER


def N_(text: str) -> str:
    """A text that is translated when it is shown, in the language of that page."""
    said: Any = lazy_gettext(text)
    return cast(str, said)


_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_EXACT: Final = "d MMMM y, HH:mm:ss 'UTC'"
_DAY: Final = "d MMM y"

KINDS: Final = {kind.name: N_(kind.label) for kind in kinds.KINDS}

SCOPES: Final = {
    "pair": N_("Account from one address"),
    "address": N_("Address"),
    "account": N_("Account"),
    "everyone": N_("Everyone"),
}

NOTICES: Final = {
    "profile": N_("Your profile was saved."),
    "password": N_("Your password was changed."),
    "password-others": N_("Your password was changed, and every other device was signed out."),
    "password-half": N_("Your password was changed, but the other devices may still be signed in: sign them out here."),
    "token-revoked": N_("The token was revoked. It is refused from now on."),
    "token-gone": N_("That token was revoked already."),
    "device-out": N_("The device was signed out."),
    "device-gone": N_("That device was signed out already."),
    "others-out": N_("All other devices were signed out."),
    "signed-out": N_("You are signed out."),
    "ended": N_("Your session has ended. Please sign in again."),
    "other-session": N_("You signed in again after that page was opened, so nothing was changed. Please try again."),
    "no-cookie": N_("Your browser did not keep the cookie. Allow cookies here, and open the console over HTTPS."),
    "disabled": N_("The user was disabled, and every token of theirs revoked."),
    "enabled": N_("The user may sign in again."),
    "revoked-all": N_("Every token of this user was revoked."),
    "revoked": N_("The token was revoked. It is refused from now on."),
    "gone": N_("That token was revoked already."),
}
"""What a page says at its top, by the word in its URL."""

MISHAPS: Final = ("token-gone", "device-gone", "gone", "ended", "other-session", "no-cookie")
"""Those of them that tell of nothing done."""


def exact(seconds: int) -> str:
    """Unix seconds to the second, in UTC."""
    return format_datetime(_moment(seconds), _EXACT, locale=get_locale())


def ago(seconds: int) -> Markup:
    """How long ago, or in how long; the exact time on hover. (A use is written down up to a minute late.)"""
    if 0 <= g.now - seconds < ACCESS_SECONDS:
        return _time(seconds, gettext("just now"))
    said = format_timedelta(timedelta(seconds=_possible(seconds) - g.now), add_direction=True, locale=get_locale())
    return _time(seconds, said)


def day(seconds: int) -> Markup:
    """The day, in UTC; the exact time on hover."""
    return _time(seconds, format_datetime(_moment(seconds), _DAY, locale=get_locale()))


def clock(seconds: int) -> str:
    """The time of day, in UTC."""
    return format_datetime(_moment(seconds), "HH:mm", locale=get_locale())


def short_day(seconds: int) -> str:
    """The day without its year, in UTC."""
    return format_datetime(_moment(seconds), "d MMM", locale=get_locale())


def hour(seconds: int) -> str:
    """The day and its hour, in UTC."""
    return format_datetime(_moment(seconds), "d MMM, HH:mm", locale=get_locale())


def since(text: str) -> Markup:
    """The day of a DATETIME as the database writes it, which is the local time of whoever did."""
    try:
        said = format_datetime(datetime.fromisoformat(text), _DAY, locale=get_locale())
    except ValueError:  # 0000-00-00, or none
        said = "–"
    return Markup('<span title="{}">{}</span>').format(text, said)


def wait(seconds: int) -> str:
    """In how long."""
    return format_timedelta(timedelta(seconds=seconds), add_direction=True, locale=get_locale())


def number(value: int) -> str:
    """As the language writes it: 1,234 or 1.234."""
    return format_decimal(value, locale=get_locale())


def device(text: str) -> str:
    """What the device is called; what the service itself wrote for none is a word of the page."""
    return {"": gettext("(no name)"), "Unknown": gettext("Unknown")}.get(text, text)


def kind(name: str) -> Any:
    """A kind of token, in words."""
    return KINDS.get(name, name)


def _time(seconds: int, said: str) -> Markup:
    return Markup('<time datetime="{}" title="{}">{}</time>').format(
        f"{_moment(seconds):%Y-%m-%dT%H:%M:%SZ}", exact(seconds), said
    )


def _moment(seconds: int) -> datetime:
    return _EPOCH + timedelta(seconds=_possible(seconds))


def _possible(seconds: int) -> int:
    """A time that can be shown, whatever a row holds."""
    return max(0, min(seconds, NEVER))


FILTERS: Final = {
    **{"ago": ago, "day": day, "exact": exact, "clock": clock, "short_day": short_day},
    **{"number": number, "kind": kind, "device": device, "hour": hour, "since": since},
}
GLOBALS: Final = {"NEVER": NEVER, "SCOPES": SCOPES}

"""The console's words for times, numbers, kinds of token, and what was just done."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, cast

from babel.dates import format_datetime, format_timedelta
from babel.numbers import format_decimal
from flask import g
from flask_babel import get_locale, gettext, lazy_gettext
from markupsafe import Markup

from v1 import kinds
from v1.records import LAST_ACCESS_SECONDS
from v1.tokens.issue import NEVER


def N_(text: str) -> str:
    """A text that is translated when a page shows it."""
    said: Any = lazy_gettext(text)
    return cast(str, said)


@dataclass(frozen=True)
class Plural:
    """A text with a number, in the singular and the plural. `by` names the number among the values of the notice."""

    one: str
    many: str
    by: str = "count"


def NN_(one: str, many: str, by: str = "count") -> Plural:
    """A text that is translated in singular or plural when a notice shows it."""
    return Plural(one, many, by)


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

NOTICES: Final[dict[str, str | Plural | tuple[str | Plural, ...]]] = {
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
"""The notices by the `done` of `pages.redirect`. Each is a text, a Plural, or several of them in a row.

A text may name the numbers and names that `pages.redirect(.., values={..})` gives: `%(count)s`.
"""

MISHAPS: Final = ("token-gone", "device-gone", "gone", "ended", "other-session", "no-cookie")
"""The notices that tell why nothing was done."""


def exact(seconds: int) -> str:
    """The exact time in UTC, to the second."""
    return format_datetime(_moment(seconds), _EXACT, locale=get_locale())


def ago(seconds: int) -> Markup:
    """How long ago, or how far ahead; with the exact time on hover. Uses of a token are stored up to a minute late."""
    if 0 <= g.now - seconds < LAST_ACCESS_SECONDS:
        return _time(seconds, gettext("just now"))
    said = format_timedelta(timedelta(seconds=_possible(seconds) - g.now), add_direction=True, locale=get_locale())
    return _time(seconds, said)


def day(seconds: int) -> Markup:
    """The day in UTC, with the exact time on hover."""
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
    """The day of a DATETIME column, in the local time of the program that wrote it."""
    try:
        said = format_datetime(datetime.fromisoformat(text), _DAY, locale=get_locale())
    except ValueError:  # 0000-00-00 or empty
        said = "–"
    return Markup('<span title="{}">{}</span>').format(text, said)


def wait(seconds: int) -> str:
    """The time to wait: "in 5 minutes"."""
    return format_timedelta(timedelta(seconds=seconds), add_direction=True, locale=get_locale())


def number(value: int) -> str:
    """The number as the language writes it: 1,234 or 1.234."""
    return format_decimal(value, locale=get_locale())


def device(text: str) -> str:
    """The device's name. The placeholders for a missing name are translated."""
    return {"": gettext("(no name)"), "Unknown": gettext("Unknown")}.get(text, text)


def kind(name: str) -> Any:
    """The name of a kind of token."""
    return KINDS.get(name, name)


def _time(seconds: int, said: str) -> Markup:
    return Markup('<time datetime="{}" title="{}">{}</time>').format(
        f"{_moment(seconds):%Y-%m-%dT%H:%M:%SZ}", exact(seconds), said
    )


def _moment(seconds: int) -> datetime:
    return _EPOCH + timedelta(seconds=_possible(seconds))


def _possible(seconds: int) -> int:
    """The nearest time that can be shown: a row may hold any number."""
    return max(0, min(seconds, NEVER))


FILTERS: Final = {
    **{"ago": ago, "day": day, "exact": exact, "clock": clock, "short_day": short_day},
    **{"number": number, "kind": kind, "device": device, "hour": hour, "since": since},
}
GLOBALS: Final = {"NEVER": NEVER, "SCOPES": SCOPES}

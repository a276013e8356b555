"""The console's words for numbers, devices, kinds of token, and what was just done."""

import unicodedata
from dataclasses import dataclass
from typing import Any, Final, cast

from babel.numbers import format_decimal, format_percent
from flask_babel import get_locale, gettext, lazy_gettext

from v1 import kinds
from v1.tokens.api_listing import EXPIRING_SECONDS, UNUSED_SECONDS
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


_JOINERS: Final = "\u200c\u200d"
"""Invisible characters that join others: Persian and emoji need them."""

KINDS: Final = {kind.name: N_(kind.label) for kind in kinds.KINDS}

DOORS: Final = {
    "oauth": N_("Mobile app"),
    "devicehive": "DeviceHive",
    "apiops": N_("Management API"),
    "console": N_("Web console"),
}
"""The doors that log people in, as `login_stats` and `events` call them."""

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
    "tokens-revoked": N_("The tokens were revoked. They are refused from now on."),
    "tokens-revoked-some": N_("The tokens were revoked, but for those that were gone already."),
    "none-chosen": N_("Nothing was revoked: first tick the tokens in the list."),
    "token-renamed": N_("The token was renamed."),
    "token-gone": N_("That token was revoked already."),
    "device-out": N_("The device was signed out."),
    "device-gone": N_("That device was signed out already."),
    "others-out": N_("All other devices were signed out."),
    "signed-out": N_("You are signed out."),
    "ended": N_("Your session has ended. Please sign in again."),
    "ended-form": N_("Your session has ended. Nothing was done: sign in to come back to your form."),
    "form-again": N_("You are signed in again. Nothing was done yet: look at it and send it again."),
    "other-session": N_("You signed in again after that page was opened, so nothing was changed. Please try again."),
    "no-cookie": N_("Your browser did not keep the cookie. Allow cookies here, and open the console over HTTPS."),
    "disabled": N_("The user was disabled, and every token of theirs revoked."),
    "enabled": N_("The user may sign in again."),
    "revoked-all": N_("Every token of this user was revoked."),
    "revoked-sessions": N_("Every session of this user was revoked. Their API tokens stay good."),
    "failures-cleared": N_("The failed tries of this user were forgotten."),
    "revoked": N_("The token was revoked. It is refused from now on."),
    "gone": N_("That token was revoked already."),
    "pardoned": N_("The failures of this address were forgotten. It may try again."),
}
"""The notices by the `done` of `pages.redirect`. Each is a text, a Plural, or several of them in a row.

A text may name the numbers and names that `pages.redirect(.., values={..})` gives: `%(count)s`.
"""

MISHAPS: Final = (
    *("none-chosen", "token-gone", "device-gone", "gone"),
    *("ended", "ended-form", "form-again", "other-session", "no-cookie"),
)
"""The notices that tell why nothing was done."""


def number(value: int) -> str:
    """The number as the language writes it: 1,234 or 1.234."""
    return format_decimal(value, locale=get_locale())


def percent(value: float) -> str:
    """The share as the language writes it: 12% or %12. Below half a percent it is "<1%"."""
    if 0 < value < 0.005:
        return "<" + format_percent(0.01, locale=get_locale())
    return format_percent(value, locale=get_locale())


def device(text: str) -> str:
    """The device's name. The placeholders for a missing name are translated."""
    return {"": gettext("(no name)"), "Unknown": gettext("Unknown")}.get(text) or visible(text)


def visible(text: str) -> str:
    """The text with the characters that are not seen, or that turn what follows, written as their numbers: U+202E."""
    return "".join(f"⟨U+{ord(each):04X}⟩" if _is_hidden(each) else each for each in text)


def kind(name: str) -> Any:
    """The name of a kind of token."""
    return KINDS.get(name, name)


def _is_hidden(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp") and character not in _JOINERS


FILTERS: Final = {"number": number, "kind": kind, "device": device, "visible": visible, "percent": percent}
GLOBALS: Final = {"NEVER": NEVER, "SCOPES": SCOPES, "DOORS": DOORS, "SOON": EXPIRING_SECONDS, "IDLE": UNUSED_SECONDS}

"""Notices: what the page after a redirect says was done. A signed cookie carries it, for a minute and one page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from flask import Response, current_app, request
from flask_babel import ngettext
from markupsafe import Markup

from v1.auth import guard
from v1.auth.core import Core
from v1.doors.console import cookies, wording

SECONDS: Final = 60
"""How long a notice waits for its page."""

_COOKIE: Final = "gatepass_notice"


@dataclass(frozen=True)
class Notice:
    """A notice as a page shows it. `at` is the id of the section to show it in; "" is the top of the page."""

    text: Markup
    mishap: bool
    at: str = ""


def of(done: str, values: Mapping[str, Any] | None = None, at: str = "") -> Notice:
    """The notice of a key of `wording.NOTICES`, with these numbers and names in its text."""
    said = wording.NOTICES[done]
    parts = said if isinstance(said, tuple) else (said,)
    text = Markup(" ").join(_text(part, values or {}) for part in parts)
    return Notice(text, done in wording.MISHAPS, at)


def keep(response: Response, done: str, values: Mapping[str, Any], at: str, user_id: int) -> None:
    """Set the cookie with the notice for this user's next page; 0 stands for the sign-in page."""
    of(done, values, at)  # a missing text or value fails here, and not on the next page
    core = current_app.extensions["gatepass"]
    text = cookies.sign(core, _COOKIE, [user_id, done, dict(values), at], SECONDS)
    cookies.put(core, response, _cookie(core), text, SECONDS)


def waiting(user_id: int) -> Notice | None:
    """The notice for this page, which then drops it. `user_id` is 0 on a page without a session."""
    core = current_app.extensions["gatepass"]
    text = guard.read_cookie(request.environ, _cookie(core))
    if not text:
        return None
    found = cookies.read(core, _COOKIE, text)
    if found and found[0] and not user_id:
        return None  # the database is down, perhaps: it waits for a page that knows its user
    cookies.drop_later(_cookie(core))
    if not found or found[0] != user_id or found[1] not in wording.NOTICES:
        return None
    return of(found[1], found[2], found[3])


def _cookie(core: Core) -> str:
    return cookies.name(core.settings.development, _COOKIE)


def _text(part: Any, values: Mapping[str, Any]) -> Markup:
    """One sentence of a notice. The catalogue's text is trusted; names are escaped, and keep their direction."""
    shown = {name: _shown(value) for name, value in values.items()}
    if isinstance(part, wording.Plural):
        return Markup(ngettext(part.one, part.many, values[part.by], **shown))
    return Markup(str(part) % shown if values else str(part))


def _shown(value: Any) -> Markup:
    if isinstance(value, int):
        return Markup.escape(wording.number(value))
    return Markup('<bdi class="clip">{}</bdi>').format(value)

"""Keeps a form whose session had ended, until its user has signed in again. A signed cookie holds it for ten minutes.

The user then sees it filled in, or the page that asks to confirm it, and sends it anew: nothing is done by itself.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from flask import Response, g, request

from v1.auth import guard
from v1.auth.core import Core
from v1.doors.console import cookies, forms, notices, pages, paging
from v1.errors import GatepassError

SECONDS: Final = 600
"""How long a form is kept."""

FIELDS: Final = {
    "save_profile": ("full_name", "email", "language", "time_zone"),
    "create_token": ("name", "expiration", "date"),
    "rename_token": ("name",),
}
"""The fields that are kept, by the name of the form in ACCEPTS. No password is."""

PLACES: Final = {
    "change_password": "/console/password/#your-password",
    "create_token": "/console/tokens/new/#new-token",
    "sign_device_out": "/console/devices/",
    "revoke_session": "/console/users/<user_id>/",
}
"""The page that shows the form. Any other form is shown at its own path, as is the page that asks to confirm it."""

WITH_QUERY: Final = ("revoke_tokens",)
"""The forms that are about what their URL's query says."""

ABOUT: Final = {"pardon": "address"}
"""The field of a form that says what it is about: the page that asks to confirm it has this in its URL."""

NEVER: Final = ("sign_in", "sign_out")
"""The forms that are not kept."""

_COOKIE: Final = "gatepass_form"
_MOST: Final = 2400
"""The longest value. nginx takes 4 KB of headers from a service, and all others need 1 KB."""


@dataclass(frozen=True)
class KeptForm:
    """A form as its user sent it. `place` is where it is shown: a path, perhaps with a query and a mark."""

    user_id: int
    place: str
    fields: Mapping[str, str]

    @property
    def path(self) -> str:
        """The path of the page that shows it."""
        return self.place.partition("#")[0].partition("?")[0]


def unread() -> Mapping[str, str]:
    """The posted fields of this request, whose form was not read yet; none if the form is malformed."""
    with suppress(GatepassError):
        return forms.read(request) if request.method == "POST" else {}
    return {}


def posted(fields: Mapping[str, str]) -> KeptForm | None:
    """The form that this request posted; None if it is never kept, or if it does not name the user of its page."""
    name = (request.endpoint or "").rpartition(".")[2]
    user, place = fields.get("user", ""), _place(name, fields)
    if name in NEVER or not (user.isascii() and user.isdecimal() and len(user) < 20 and pages.INSIDE.fullmatch(place)):
        return None
    return KeptForm(int(user), place, {each: fields[each] for each in FIELDS.get(name, ()) if each in fields})


def keep(core: Core, response: Response, form: KeptForm) -> None:
    """Keep the form in the browser."""
    cookies.put(core, response, _cookie(core), _fitted(core, form, dict(form.fields)), SECONDS)


def waiting(core: Core, user_id: int) -> KeptForm | None:
    """The form that this user sent. Another user's is dropped with the next page, and never shown."""
    text = guard.read_cookie(request.environ, _cookie(core))
    found = cookies.read(core, _COOKIE, text)
    if found and found[0] == user_id:
        return KeptForm(*found)
    if text:
        cookies.drop_later(_cookie(core))
    return None


def shown(core: Core, user_id: int) -> Mapping[str, str]:
    """The fields of the form that waits for this page, which then says so and drops it; none if none waits."""
    found = waiting(core, user_id)
    if found is None or found.path != request.path.rstrip("/") + "/":
        return {}
    cookies.drop_later(_cookie(core))
    g.form_notice = notices.of("form-again", at=found.place.partition("#")[2])
    return found.fields


def forget(core: Core, response: Response) -> None:
    """Drop a kept form at once."""
    if guard.read_cookie(request.environ, _cookie(core)):
        cookies.put(core, response, _cookie(core), "", 0)


def _place(name: str, fields: Mapping[str, str]) -> str:
    """Where the form is shown. The page of its list is kept; its row may be another one by then."""
    if name in WITH_QUERY:
        return request.full_path
    place, _, mark = PLACES.get(name, request.path.rstrip("/") + "/").partition("#")
    if name in ABOUT:
        return f"{place}?{urlencode({ABOUT[name]: fields.get(ABOUT[name], '')})}"
    page = paging.small_number(fields.get("page", ""))
    for given, value in (request.view_args or {}).items():
        place = place.replace(f"<{given}>", value)
    return place + (f"?page={page}" if page else "") + (f"#{mark}" if mark else "")


def _fitted(core: Core, form: KeptForm, fields: dict[str, str]) -> str:
    """The cookie's value. Fields for which it has no room are left out, the longest first."""
    text = cookies.sign(core, _COOKIE, [form.user_id, form.place, fields], SECONDS)
    if len(text) <= _MOST or not fields:
        return text
    del fields[max(fields, key=lambda name: len(fields[name]))]
    return _fitted(core, form, fields)


def _cookie(core: Core) -> str:
    return cookies.name(core.settings.development, _COOKIE)

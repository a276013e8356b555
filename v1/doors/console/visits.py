"""Finds the session of a request, and checks everything that must hold before a view runs."""

from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Final

from flask import Response, g, request
from flask_babel import gettext

from v1.auth import accounts, guard
from v1.auth.core import Core
from v1.doors.console import cookies, forms, kept_forms, pages, paging, zones
from v1.errors import AccessDenied, GatepassError, UnknownPath
from v1.kinds import kinds_that_open
from v1.records import PresentedToken, Principal, Profile

KINDS: Final = kinds_that_open("console.pages")


@dataclass(frozen=True)
class Visit:
    """A request of a signed-in user.

    `proof` is the token of the session. `now` is in Unix seconds. `form` has the posted fields, passwords included. For
    a GET it has the fields that were kept for this page (kept_forms.py).
    """

    core: Core
    principal: Principal
    proof: PresentedToken
    profile: Profile
    now: int
    form: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def address(self) -> str:
        """The client's address, for the log."""
        return guard.client_address(request.environ, self.core.settings.trusted_proxies)

    @property
    def actor(self) -> str:
        """The user who acts, for the log: `user 7`."""
        return f"user {self.principal.user_id}"

    @property
    def place(self) -> tuple[int, int]:
        """The page and the row of the list that the form was on, to go back to. 0 stands for none."""
        page, row = (paging.small_number(self.form.get(name, "")) for name in ("page", "row"))
        return page, row

    @property
    def shown_name(self) -> str:
        """The user's full name, or the username without one."""
        return self.profile.full_name or self.principal.username


View = Callable[..., Response]


def require_session(
    core: Core, kinds: Collection[str], view: View, administrator: bool = False, any_page: bool = False
) -> View:
    """Wraps a view: requires a session and passes a Visit to the view.

    With `administrator`, other users get 404. A form must have been made for the same session, unless `any_page`.
    """

    def guarded(**values: str) -> Response:
        if request.method == "POST":
            refuse_cross_site(core)
        visit = enter(core, kinds)
        if administrator and not visit.principal.is_admin:
            raise UnknownPath(request.path)
        if request.method != "POST":
            return view(replace(visit, form=kept_forms.shown(core, visit.principal.user_id)), **values)
        visit = replace(visit, form=forms.read(request))
        if not any_page and visit.form.get("session") != str(visit.proof.id):
            return _from_other_session(visit)
        return view(visit, **values)

    return guarded


def _from_other_session(visit: Visit) -> Response:
    """A redirect, to the form as it was sent if it is this user's own: it came from a tab of an earlier session."""
    form = kept_forms.posted(visit.form)
    if form is None or form.user_id != visit.principal.user_id:
        return pages.redirect("/console/", done="other-session")
    response = pages.redirect(form.place, done="other-session")
    kept_forms.keep(visit.core, response, form)
    return response


def enter(core: Core, kinds: Collection[str]) -> Visit:
    """The visit of the signed-in user, kept in `g.visit`. Raises MissingToken, InvalidToken, DatabaseDown."""
    is_use = not guard.is_refresh(request.environ)
    principal, proof = guard.check_token(core, request.environ, lambda: session_cookie(core), kinds, is_use=is_use)
    profile = accounts.find_profile(core, principal.user_id)
    now = int(core.clock())
    g.language, g.zone, g.now = profile.language, zones.zone(profile.time_zone), now
    g.visit = visit = Visit(core, principal, proof, profile, now)
    return visit


def find_visit(core: Core) -> None:
    """Set `g.visit` if a user is signed in and the database can be asked: for pages that need no session."""
    with suppress(GatepassError):
        if "visit" not in g:
            enter(core, KINDS)


def cookie_name(development: bool) -> str:
    """The name of the session's cookie."""
    return cookies.name(development, "gatepass")


def session_cookie(core: Core) -> str:
    """The text of the session's token in the cookie; "" if there is none."""
    return guard.read_cookie(request.environ, cookie_name(core.settings.development))


def refuse_cross_site(core: Core) -> None:
    """Raises AccessDenied unless a page of this console sent the form."""
    if not guard.is_same_origin(request.environ, ("http", "https") if core.settings.development else ("https",)):
        raise AccessDenied(
            gettext(
                "This was not sent by a page of this console, so nothing was done. "
                "Open the console itself, over HTTPS, and try again."
            )
        )

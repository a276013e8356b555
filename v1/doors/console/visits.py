"""Owns who looks at a page: the session behind its cookie, and the order of what is looked at before a view runs."""

from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Final

from flask import Response, g, request
from flask_babel import gettext

from v1.auth import accounts, guard
from v1.auth.core import Core
from v1.doors.console import forms, pages
from v1.errors import AccessDenied, GatepassError, UnknownPath
from v1.kinds import kinds_that_open
from v1.records import PresentedToken, Principal, Profile

KINDS: Final = kinds_that_open("console.pages")

COOKIE: Final = {True: "gatepass", False: "__Host-gatepass"}
"""The name of the session's cookie, by whether this is development. What begins with `__Host-` no neighbour can set
(RFC 6265bis 4.1.3.2), but it needs TLS."""


@dataclass(frozen=True)
class Visit:
    """A request of somebody signed in. `now` in Unix seconds; `form` is what was posted, passwords too."""

    core: Core
    principal: Principal
    proof: PresentedToken
    profile: Profile
    now: int
    form: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def address(self) -> str:
        """Where it came from, for the log."""
        return guard.client_address(request.environ, self.core.settings.trusted_proxies)

    @property
    def page(self) -> str:
        """The page of the list that the form was on, to go back to; "" for the first."""
        page = self.form.get("page", "")
        return page if page.isascii() and page.isdecimal() and len(page) < 4 else ""

    @property
    def shown_name(self) -> str:
        """What the person is called."""
        return self.profile.full_name or self.principal.username


View = Callable[..., Response]


def of(core: Core, kinds: Collection[str], view: View, administrator: bool = False, any_page: bool = False) -> View:
    """The view, for whom this cookie's session is of; with `administrator` there is nothing for anybody else. A form is
    taken from a page of the same session, or with `any_page` of any."""

    def visited(**values: str) -> Response:
        if request.method == "POST":
            refuse_cross_site(core)
        visit = enter(core, kinds)
        if administrator and not visit.principal.is_admin:
            raise UnknownPath(request.path)
        if request.method != "POST":
            return view(visit, **values)
        visit = replace(visit, form=forms.read(request))
        if not any_page and visit.form.get("session") != str(visit.proof.id):
            return pages.redirect("/console/", done="other-session")  # of two tabs, the one that was not signed in anew
        return view(visit, **values)

    return visited


def enter(core: Core, kinds: Collection[str]) -> Visit:
    """Who is signed in. Raises MissingToken, InvalidToken, DatabaseDown."""
    principal, proof = guard.check_token(core, lambda: session_cookie(core), kinds)
    profile = accounts.find_profile(core, principal.user_id)
    now = int(core.clock())
    g.language, g.now = profile.language, now
    g.visit = visit = Visit(core, principal, proof, profile, now)
    return visit


def look(core: Core) -> None:
    """See who is signed in, if anybody is and the database can be asked, for a page that is there for everybody."""
    with suppress(GatepassError):
        if "visit" not in g:
            enter(core, KINDS)


def session_cookie(core: Core) -> str:
    """The text of the session, as the browser sent it; "" for none."""
    return guard.read_cookie(request.environ, COOKIE[core.settings.development])


def refuse_cross_site(core: Core) -> None:
    """Raises AccessDenied for a form that no page of ours has sent."""
    if not guard.is_same_origin(request.environ, ("http", "https") if core.settings.development else ("https",)):
        raise AccessDenied(
            gettext(
                "This was not sent by a page of this console, so nothing was done. "
                "Open the console itself, over HTTPS, and try again."
            )
        )

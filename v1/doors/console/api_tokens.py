"""Tokens, for administrators: the API tokens of all owners, and revoking one or several of them after a question."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, cast
from urllib.parse import urlencode

from flask import Response, request

from v1.doors.console import pages, paging
from v1.doors.console.visits import Visit
from v1.doors.console.wording import N_
from v1.doors.routes import number
from v1.errors import MalformedRequest, NotFound
from v1.tokens import api_listing, revoke

CHOICES: Final = {
    "all": N_("All"),
    "unused": N_("Unused for 90 days"),
    "expiring": N_("Expire within 7 days"),
    "never": N_("Never expire"),
}
"""The lists, and the words of the links to them."""


def show(visit: Visit) -> Response:
    """One page of a list: by default of all tokens."""
    chosen = request.args.get("filter", "all")
    if chosen not in CHOICES:
        raise NotFound
    core, now, choice = visit.core, visit.now, cast(api_listing.Choice, chosen)
    total = api_listing.count(core, choice, now)
    found = paging.requested_page(
        lambda limit: min(limit, total),
        lambda offset, limit: api_listing.page(core, choice, now, offset, limit),
    )
    cut = api_listing.is_cut(core, choice, now, total)
    shown: dict[str, Any] = {"listing": found, "cut": cut, "looked_at": api_listing.LOOKED_AT}
    return pages.answer("tokens.html", visit=visit, place="tokens", chosen=choice, choices=CHOICES, **shown)


def ask_revoke(visit: Visit) -> Response:
    """The page that asks to confirm revoking the tokens that the URL names."""
    asked, place = _asked(), Place.read(request.args)
    found = api_listing.find(visit.core, asked)
    if not found:
        return place.redirect("token-gone" if asked else "none-chosen")
    makes_streams = any("stream" in each.token.scopes for each in found)
    action = f"{request.path}?{urlencode([('token', each.token.id) for each in found])}"
    shown: dict[str, Any] = {"found": found, "gone": len(asked) - len(found), "makes_streams": makes_streams}
    shown |= {"action": action, "back": place.url(), "came_from": place}
    return pages.answer("confirm_tokens.html", visit=visit, place="tokens", **shown)


def revoke_tokens(visit: Visit) -> Response:
    """Revoke the tokens that the URL names. Those that are gone meanwhile are left out."""
    asked, with_streams = _asked(), bool(visit.form.get("streams"))
    by, revoked = visit.actor, 0
    for each in api_listing.find(visit.core, asked):
        revoked += bool(revoke.api_token(visit.core, each.token, visit.address, with_streams, by))
    return Place.read(visit.form).redirect(_done(revoked, len(asked)))


@dataclass(frozen=True)
class Place:
    """Where the tokens were chosen, to go back to: a page of a list here, or of a user's tokens."""

    owner: str = ""
    filter: str = ""
    page: str = ""

    @classmethod
    def read(cls, values: Mapping[str, str]) -> "Place":
        """The place in a query or a form. What cannot be is left out."""
        owner, chosen, page = (values.get(name, "") for name in ("owner", "filter", "page"))
        return cls(
            owner if _NUMBER.fullmatch(owner) else "",
            chosen if chosen in CHOICES else "",
            page if _NUMBER.fullmatch(page) and int(page) <= paging.LAST else "",
        )

    def redirect(self, done: str = "") -> Response:
        """A redirect to it. `done` is a key of `wording.NOTICES`."""
        path = f"/console/users/{self.owner}/" if self.owner else "/console/tokens/"
        return pages.redirect(path, done=done, filter="" if self.owner else self.filter, page=self.page)

    def url(self) -> str:
        return self.redirect().headers["Location"]


def _asked() -> list[int]:
    """The ids that the URL names, each once. Raises MalformedRequest for more than a page of them."""
    asked = list(dict.fromkeys(number(each) for each in request.args.getlist("token")))
    if len(asked) > paging.ROWS:
        raise MalformedRequest(f"At most {paging.ROWS} tokens at once.", ("token",))
    return asked


def _done(revoked: int, asked: int) -> str:
    """The notice to show: a key of `wording.NOTICES`."""
    if not revoked:
        return "token-gone"
    if revoked < asked:
        return "tokens-revoked-some"
    return "tokens-revoked" if revoked > 1 else "token-revoked"


_NUMBER: Final = re.compile(r"[1-9][0-9]{0,9}")

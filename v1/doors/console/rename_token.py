"""The page that renames a personal token."""

from flask import Response, request

from v1.doors.console import pages, paging
from v1.doors.console.personal_tokens import TAKEN
from v1.doors.console.profile import Errors
from v1.doors.console.visits import Visit
from v1.doors.console.wording import N_
from v1.doors.routes import number
from v1.errors import AlreadyExists, NotFound
from v1.tokens import find, issue, rename

TOKENS = "/console/profile/#tokens"


def ask(visit: Visit, token_id: str) -> Response:
    """The form with the name that the token has, or that was typed before the session ended."""
    return _page(visit, token_id, {}, visit.form.get("name"))


def save(visit: Visit, token_id: str) -> Response:
    """Rename the token, and go back to the list; or show the form again, with an error beside the field."""
    name, wanted = visit.form.get("name", "").strip(), number(token_id)
    if not issue.is_valid_name(name):
        return _page(visit, token_id, {"name": N_("A name has 1 to 100 characters and no control characters.")}, name)
    try:
        rename.personal(visit.core, visit.principal.user_id, wanted, name, visit.address, visit.now)
    except AlreadyExists:
        return _page(visit, token_id, {"name": TAKEN}, name)
    except NotFound:
        return pages.redirect(TOKENS, done="token-gone")
    return pages.redirect(TOKENS, done="token-renamed", page=visit.place[0])


def _page(visit: Visit, token_id: str, errors: Errors, typed: str | None = None) -> Response:
    token = find.of_user(visit.core, visit.principal.user_id, number(token_id), "personal")
    if token is None or token.expiry <= visit.now:
        return pages.redirect(TOKENS, done="token-gone")
    name = token.name if typed is None else typed
    from_page = paging.small_number(request.args.get("page", "")) or visit.place[0]
    shown = {"token": token, "name": name, "errors": errors, "from_page": from_page}
    return pages.answer("rename_token.html", 400 if errors else 200, visit=visit, place="profile", **shown)

"""Personal API tokens on My Profile: the dialog to create one, the page that shows it once, and revoking."""

from functools import partial
from typing import Final

from flask import Response, request

from v1.doors.console import browser, expirations, pages, paging, profile, token_example
from v1.doors.console.profile import Errors
from v1.doors.console.visits import Visit
from v1.doors.console.wording import N_
from v1.doors.routes import number
from v1.errors import AccessDenied, AlreadyExists, NotFound
from v1.tokens import find, issue, listing, revoke

TAKEN: Final = N_("You have a live token of this name. Choose another name.")


def new(visit: Visit) -> Response:
    """My Profile with the dialog for a new token open."""
    return profile.page(visit, dialog=True, given=visit.form)


def create(visit: Visit) -> Response:
    """Create a token and show it once; or show the dialog again, with an error beside the field."""
    name = visit.form.get("name", "").strip()
    errors: Errors = {}
    if not issue.is_valid_name(name):
        errors["name"] = N_("A name has 1 to 100 characters and no control characters.")
    expiry = expirations.read(visit.form, visit.now, errors)
    if errors and "name" not in errors and find.has_personal(visit.core, visit.principal.user_id, name, visit.now):
        errors = {"name": TAKEN} | errors  # all errors at once
    if not errors:
        caller = browser.client_of(visit.core, request)
        try:
            issued = issue.personal(
                visit.core, visit.principal, visit.proof, name, caller, visit.now, expiry
            )
            example = token_example.command(request.host, visit.core.settings.development)
            return pages.answer("token_created.html", visit=visit, issued=issued, example=example, place="profile")
        except AlreadyExists:
            errors["name"] = TAKEN
        except AccessDenied:
            errors["name"] = N_("You have 200 live tokens, which is the most. Revoke one first.")
    return profile.page(visit, 400, dialog=True, errors=errors, given=visit.form)


def ask_revoke(visit: Visit, token_id: str) -> Response:
    """The page that asks to confirm revoking a token."""
    from_page = paging.small_number(request.args.get("page", ""))
    token = find.of_user(visit.core, visit.principal.user_id, number(token_id), "personal")
    if token is None:
        return pages.redirect("/console/profile/#tokens", done="token-gone", page=from_page)
    return pages.answer("confirm_token.html", visit=visit, token=token, place="profile", from_page=from_page)


def revoke_token(visit: Visit, token_id: str) -> Response:
    """Revoke a personal token, and go back to My Profile."""
    done, token = "token-revoked", number(token_id)
    try:
        revoke.one(visit.core, visit.principal.user_id, token, visit.address, "personal")
    except NotFound:
        done = "token-gone"
    page, _ = paging.place_left(visit.place, partial(listing.count_personal, visit.core, visit.principal.user_id))
    return pages.redirect("/console/profile/#tokens", done=done, page=page)

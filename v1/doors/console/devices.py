"""Devices: lists where the user is signed in, and signs out one device or all others."""

from typing import Final

from flask import Response

from v1 import kinds
from v1.doors.console import pages, paging, sign_in
from v1.doors.console.paging import Listing
from v1.doors.console.visits import Visit
from v1.doors.routes import number
from v1.errors import NotFound
from v1.tokens import listing, revoke

SHOWN: Final = tuple(name for name in kinds.NAMES if name != "personal")
"""The listed kinds: all but personal tokens, which My Profile lists."""

BACK: Final = {"activity": "/console/activity/"}
"""The other pages that sign a device out, by the name in their forms."""


def show(visit: Visit) -> Response:
    """The page of the user's devices."""
    found = live(visit, visit.principal.user_id, SHOWN)
    return pages.answer("devices.html", visit=visit, place="devices", listing=found)


def live(visit: Visit, user_id: int, kinds: tuple[str, ...]) -> Listing:
    """One page of a user's live tokens of these kinds by device, the last used first."""
    core, own, now = visit.core, visit.proof.id, visit.now
    return paging.requested_page(
        lambda limit: listing.count_devices(core, user_id, kinds, own, now),
        lambda offset, limit: listing.devices(core, user_id, kinds, own, now, offset, limit),
    )


def revoke_row(visit: Visit, user_id: int, token_id: int, **by: str) -> None:
    """Revoke the token of a row; with `alike` in the form, all tokens of that row. Raises NotFound."""
    if visit.form.get("alike"):
        revoke.alike(visit.core, user_id, token_id, visit.proof.id, visit.now, visit.address, **by)
    else:
        revoke.one(visit.core, user_id, token_id, visit.address, **by)


def back(visit: Visit, path: str, done: str, user_id: int, kinds: tuple[str, ...]) -> Response:
    """A redirect to a list of `live`, to the place of the row that a form removed."""
    core, own, now = visit.core, visit.proof.id, visit.now
    page, row = paging.place_left(visit.place, lambda limit: listing.count_devices(core, user_id, kinds, own, now))
    return pages.redirect(f"{path}#{row}", done=done, page=page)


def sign_out(visit: Visit, token_id: str) -> Response:
    """Sign out one device. If it is the user's own browser, go to the sign-in page."""
    done, device = "device-out", number(token_id)
    try:
        revoke_row(visit, visit.principal.user_id, device)
    except NotFound:
        done = "device-gone"
    if device == visit.proof.id:
        return sign_in.signed_out(visit.core)
    if came_from := BACK.get(visit.form.get("back", "")):
        return pages.redirect(came_from, done=done, page=visit.place[0])
    return back(visit, "/console/devices/", done, visit.principal.user_id, SHOWN)


def ask_sign_others_out(visit: Visit) -> Response:
    """The page that asks to confirm signing out all other devices."""
    return pages.answer("confirm_others.html", visit=visit, place="devices")


def sign_others_out(visit: Visit) -> Response:
    """Sign out all devices but this one. Personal and API tokens stay."""
    revoke.devices(visit.core, visit.principal.user_id, visit.address, except_id=visit.proof.id)
    return pages.redirect("/console/devices/", done="others-out")

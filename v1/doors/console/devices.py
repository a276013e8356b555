"""Owns Devices: where somebody is signed in, and signing one or all others out."""

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
"""Every kind but the one that My Profile has a table of."""


def show(visit: Visit) -> Response:
    """The page."""
    found = live(visit, visit.principal.user_id, SHOWN)
    return pages.answer("devices.html", visit=visit, place="devices", listing=found)


def live(visit: Visit, user_id: int, kinds: tuple[str, ...]) -> Listing:
    """A page of that user's live tokens of these kinds, the one used last first."""
    core, now = visit.core, visit.now
    return paging.listing(
        lambda limit: listing.count_live(core, user_id, kinds, now, limit),
        lambda offset, limit: listing.live_page(core, user_id, kinds, now, offset, limit),
    )


def sign_out(visit: Visit, token_id: str) -> Response:
    """One of them is signed out; where it is this one, the person is back at the sign-in page."""
    done, device = "device-out", number(token_id)
    try:
        revoke.one(visit.core, visit.principal.user_id, device, visit.address)
    except NotFound:
        done = "device-gone"
    if device == visit.proof.id:
        return sign_in.signed_out(visit.core)
    return pages.redirect("/console/devices/", done=done, page=visit.page)


def ask_sign_others_out(visit: Visit) -> Response:
    """The page that asks whether all other sessions are to end."""
    return pages.answer("confirm_others.html", visit=visit, place="devices")


def sign_others_out(visit: Visit) -> Response:
    """End the user's sessions but this one; the tokens of programs stay."""
    revoke.devices(visit.core, visit.principal.user_id, visit.address, except_id=visit.proof.id)
    return pages.redirect("/console/devices/", done="others-out")

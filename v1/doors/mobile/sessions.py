"""`/v1/sessions/` and `/v1/logout/`: users list their sessions and sign devices out. Answers are PHP envelopes."""

from functools import partial
from typing import Any, Final

from flask import Blueprint, Request, Response, request

from v1.auth import guard
from v1.auth.core import Core
from v1.auth.guard import AuthorizedCaller
from v1.doors import routes
from v1.doors.mobile import envelope
from v1.errors import GatepassError, InvalidToken, NotFound
from v1.kinds import kinds_that_open
from v1.records import Token
from v1.tokens import listing, revoke

PREFIXES = ("/v1/sessions",)
ACCEPTS: Final = {name: kinds_that_open(f"sessions.{name}") for name in ("list", "revoke", "revoke_one", "logout")}
MOST: Final = 200
"""The most sessions in one answer."""


def blueprint(core: Core) -> Blueprint:
    """The door's paths, with and without a slash at the end.

    Errors at `/v1/logout/` are answered by the door of `/v1/`, in the same envelope.
    """
    door = Blueprint("sessions", __name__)
    operations = (
        ("/v1/sessions", "list", "GET", partial(_list, core)),
        ("/v1/sessions", "revoke", "DELETE", partial(_revoke, core)),
        ("/v1/sessions/<session_id>", "revoke_one", "DELETE", partial(_revoke_one, core)),
        ("/v1/logout", "logout", "POST", partial(_log_out, core)),
    )
    return routes.serve(door, operations)


def read(core: Core, request: Request, operation: str) -> AuthorizedCaller:
    """The user who asks, and the presented token."""
    return guard.authorize(core, request.environ, ACCEPTS[operation])


def answer(data: Any) -> Response:
    """The data in the PHP envelope."""
    return envelope.success(data)


def refuse(core: Core, error: GatepassError) -> Response:
    """An error in the PHP envelope."""
    return envelope.refuse(core, error)


def _list(core: Core) -> Response:
    principal, current = read(core, request, "list")
    found = listing.live(core, principal.user_id, int(core.clock()), MOST)
    return answer([_session(token, current.id) for token in found])


def _revoke_one(core: Core, session_id: str) -> Response:
    principal, _ = read(core, request, "revoke_one")
    number = routes.number(session_id)
    return answer({"revoked": revoke.one(core, principal.user_id, number, _address(core))})


def _revoke(core: Core) -> Response:
    principal, current = read(core, request, "revoke")
    if request.args.get("all") == "1":
        return answer({"revoked": revoke.all_of_user(core, principal.user_id, _address(core))})
    return answer({"revoked": revoke.devices(core, principal.user_id, _address(core), current.id)})


def _log_out(core: Core) -> Response:
    principal, current = read(core, request, "logout")
    try:
        return answer({"revoked": revoke.one(core, principal.user_id, current.id, _address(core))})
    except NotFound:  # another request has revoked it meanwhile
        raise InvalidToken from None


def _address(core: Core) -> str:
    return guard.client_address(request.environ, core.settings.trusted_proxies)


def _session(token: Token, current: int) -> dict[str, Any]:
    """The token as the list shows it. `current` is the id of the presented token."""
    return {
        "id": token.id,
        "kind": token.kind,
        "name": token.name,
        "device_info": token.device_info,
        "remote_ip": token.remote_ip,
        "creation_time": token.creation_time,
        "last_access": token.last_access,
        "expiry": token.expiry,
        "current": token.id == current,
    }

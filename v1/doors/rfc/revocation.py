"""Owns `POST /v1/oauth/revoke/`: RFC 7009. A token's holder may revoke it; a server may revoke all of a user's."""

from typing import Final

from flask import Blueprint, Request, Response, request

from v1.auth import accounts, guard
from v1.auth.core import Core
from v1.doors import routes
from v1.doors.rfc import rfc6749
from v1.errors import GatepassError, MalformedRequest, MissingValue
from v1.kinds import kinds_that_open
from v1.records import PresentedToken
from v1.tokens import revoke

PATH: Final = "/v1/oauth/revoke"
PREFIXES = (PATH,)
ACCEPTS: Final = {"revoke_user": kinds_that_open("revocation.revoke_user")}


def blueprint(core: Core) -> Blueprint:
    """The door's path, in both slash forms."""
    door = Blueprint("revocation", __name__)

    def post() -> Response:
        token, username, caller = read(core, request)
        address = guard.client_address(request.environ, core.settings.trusted_proxies)
        if caller is None:
            revoke.presented(core, token, address)
        elif user := accounts.find_by_name(core, username):
            revoke.all_of_user(core, user.id, address, by=f"token {caller.id}")
        return answer()

    return routes.serve(door, [(PATH, "revoke", "POST", post)])


def read(core: Core, request: Request) -> tuple[str, bytes, PresentedToken | None]:
    """The token to revoke; or, from a caller with an API token of scope `revoke`, the name of the user whose tokens to
    revoke, and that API token. A `token_type_hint` is ignored (RFC 7009 2.1). Raises MissingValue, MalformedRequest."""
    fields = rfc6749.read_form(request)
    token, username = fields.get("token", b""), fields.get("user", b"")
    if token and username:
        raise MalformedRequest("Send token or user, not both.", ("token", "user"))
    if username:
        _, caller = guard.authorize(core, request.environ, ACCEPTS["revoke_user"], scope="revoke")
        return "", username, caller
    if not token:
        raise MissingValue("The field token is required.", ("token",))
    return token.decode("latin1"), b"", None


def answer() -> Response:
    """200 and nothing more, for unknown tokens and users too."""
    response = Response(b"", 200)
    del response.headers["Content-Type"]
    return response


def refuse(core: Core, error: GatepassError) -> Response:
    """An error as RFC 6749 has it."""
    return rfc6749.refuse(core, error)

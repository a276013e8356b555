"""`POST /v1/oauth/revoke/` (RFC 7009): revokes a token for its holder, or all tokens of a user for a server."""

from dataclasses import dataclass
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


@dataclass(frozen=True)
class AllOfUser:
    """Asks to revoke all tokens of the user of this name. `api_token` is the caller's."""

    username: bytes
    api_token: PresentedToken


def blueprint(core: Core) -> Blueprint:
    """The door's path, with and without a slash at the end."""
    door = Blueprint("revocation", __name__)

    def post() -> Response:
        asked = read(core, request)
        address = guard.client_address(request.environ, core.settings.trusted_proxies)
        if isinstance(asked, str):
            revoke.presented(core, asked, address)
        elif user := accounts.find_by_name(core, asked.username):
            revoke.all_of_user(core, user.id, address, by=f"token {asked.api_token.id}")
        return answer()

    return routes.serve(door, [(PATH, "revoke", "POST", post)])


def read(core: Core, request: Request) -> str | AllOfUser:
    """The token to revoke, or the user whose tokens to revoke.

    `token_type_hint` is ignored (RFC 7009 2.1). Raises MissingValue, MalformedRequest; MissingToken or InvalidToken if
    a user is named without an API token of scope `revoke`.
    """
    fields = rfc6749.read_form(request)
    token, username = fields.get("token", b""), fields.get("user", b"")
    if token and username:
        raise MalformedRequest("Send token or user, not both.", ("token", "user"))
    if username:
        _, api_token = guard.authorize(core, request.environ, ACCEPTS["revoke_user"], scope="revoke")
        return AllOfUser(username, api_token)
    if not token:
        raise MissingValue("The field token is required.", ("token",))
    return token.decode("latin1")


def answer() -> Response:
    """200 without a body, for unknown tokens and users too (RFC 7009 2.2)."""
    response = Response(b"", 200)
    del response.headers["Content-Type"]
    return response


def refuse(core: Core, error: GatepassError) -> Response:
    """An error in the form of RFC 6749 5.2."""
    return rfc6749.refuse(core, error)

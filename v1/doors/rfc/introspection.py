"""`POST /v1/oauth/introspect/` (RFC 7662): tells another server whether a token is active, and whose it is."""

from collections.abc import Callable
from typing import Any, Final

from flask import Blueprint, Request, Response, request

from v1.auth import guard
from v1.auth.core import Core
from v1.doors import routes
from v1.doors.error_answers import BASIC_CHALLENGE
from v1.doors.rfc import rfc6749
from v1.errors import GatepassError, MalformedRequest, MissingToken, MissingValue
from v1.kinds import KINDS, kinds_that_open
from v1.records import Principal, Token
from v1.tokens import find

PATH: Final = "/v1/oauth/introspect"
PREFIXES = (PATH,)
ACCEPTS: Final = {"introspect": kinds_that_open("introspection.introspect")}

BEARER: Final = tuple(kind.name for kind in KINDS if kind.presented == "header")
"""The kinds whose holder acts as the user. For others `sub` is left out, in case a server reads nothing else."""


def blueprint(core: Core) -> Blueprint:
    """The door's path, with and without a slash at the end."""
    door = Blueprint("introspection", __name__)

    def post() -> Response:
        found = _find_active(core, read(core, request))
        return answer(*found) if found else rfc6749.json_answer({"active": False})

    return routes.serve(door, [(PATH, "introspect", "POST", post)])


def read(core: Core, request: Request) -> str:
    """The token to introspect. Raises MissingValue, MalformedRequest, and MissingToken or InvalidToken unless the
    caller presents an API token of scope `introspect`, in the header or as `client_secret`."""
    by_header = bool(guard.scheme(request.environ))
    if by_header:
        _authorize(core, lambda: _in_header(request))  # before the form is read
    fields = rfc6749.read_form(request)
    in_form = fields.get("client_secret", b"").decode("latin1")
    if not by_header:
        _authorize(core, lambda: in_form)
    elif in_form not in ("", _in_header(request)):
        raise MalformedRequest("There are two API tokens that differ. Send one of them.", ("client_secret",))
    token = fields.get("token", b"").decode("latin1")
    if not token:
        raise MissingValue("The field token is required.", ("token",))
    return token


def answer(principal: Principal, token: Token) -> Response:
    """An active token (RFC 7662 2.2). A token of a server has no `sub`, one without scopes no `scope`."""
    data: dict[str, Any] = {"active": True, "kind": token.kind, "device_info": token.device_info}
    data |= {"exp": token.expiry, "iat": token.creation_time}
    if token.kind in BEARER:
        data["token_type"] = "Bearer"
        if principal.user_id:
            data |= {"username": principal.username, "sub": str(principal.user_id)}
    if token.scopes:
        data["scope"] = " ".join(token.scopes)
    return rfc6749.json_answer(data)


def refuse(core: Core, error: GatepassError) -> Response:
    """An error in the form of RFC 6749 5.2, with the challenge of the scheme that the caller used."""
    challenges = {"basic": BASIC_CHALLENGE, "": "Bearer"}
    return rfc6749.refuse(core, error, challenges.get(guard.scheme(request.environ), ""))


def _authorize(core: Core, secret: Callable[[], str]) -> None:
    """Check the caller's API token. The username beside it (RFC 6749 2.3.1) may be anything."""
    guard.check_token(core, request.environ, secret, ACCEPTS["introspect"], scope="introspect")


def _in_header(request: Request) -> str:
    """The API token in the header: the password of HTTP Basic, or a bearer token. Raises MissingToken."""
    if guard.scheme(request.environ) != "basic":
        return guard.token_in_header(request.environ)
    try:
        decoded, _ = guard.basic_credentials(request.environ)
    except MalformedRequest:
        raise MissingToken from None
    return decoded.password.decode("latin1")


def _find_active(core: Core, secret: str) -> tuple[Principal, Token] | None:
    """The active token of this text, and its owner. An introspection counts as a use of the token,
    from an address that is not known.

    Not for a console session, which each use prolongs.
    """
    now = int(core.clock())
    found = find.find(core, secret, now)
    if found and found[1].kind != "console":
        core.write_behind.used(found[1], now)
    return found

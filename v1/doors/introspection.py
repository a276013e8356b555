"""Owns `POST /v1/oauth/introspect/`: RFC 7662, for other servers that must know whether a token is good."""

from typing import Any, Final

from flask import Blueprint, Request, Response, request

from v1 import guard, tokens
from v1.core import Core
from v1.doors import rfc
from v1.errors import MissingValue, Refusal
from v1.records import Principal, Token

PREFIX = "/v1/oauth/introspect"
ERRORS = rfc.ERRORS
ACCEPTS: Final = {"introspect": ("api",)}


def blueprint(core: Core) -> Blueprint:
    """The door's path, in both slash forms."""
    door = Blueprint("introspection", __name__)

    def post() -> Response:
        return answer(_found(core, read(core, request)))

    for slash in ("", "/"):
        door.add_url_rule(f"{PREFIX}{slash}", "introspect", post, methods=["POST"])
    return door


def read(core: Core, request: Request) -> str:
    """The token asked about, from a caller who may ask. Raises MissingToken, InvalidToken, MissingValue."""
    guard.authorize(core, request.environ, ACCEPTS["introspect"], scope="introspect")
    token = rfc.read_form(request).get("token", b"").decode("latin1")
    if not token:
        raise MissingValue("The field token is required.")
    return token


def answer(principal: Principal | None) -> Response:
    """RFC 7662 2.2; for anything but a live token `{"active": false}` and nothing more."""
    if principal is None or principal.token is None:
        return rfc.json_answer({"active": False})
    return rfc.json_answer(_active(principal, principal.token))


def refuse(core: Core, refusal: Refusal) -> Response:
    """A refusal in the words of RFC 6749."""
    return rfc.refuse(refusal)


def _found(core: Core, secret: str) -> Principal | None:
    """Whose token it is; that it was presented somewhere counts as a use."""
    now = int(core.clock())
    principal = tokens.find(core.store, secret, now)
    if principal and principal.token:
        core.deferred.used(principal.token, now)
    return principal


def _active(principal: Principal, token: Token) -> dict[str, Any]:
    owner = {"username": principal.username, "sub": str(principal.user_id)} if principal.user_id else {}
    scope = {"scope": " ".join(token.scopes)} if token.scopes else {}
    return {
        "active": True,
        **owner,
        "token_type": "Bearer",
        "exp": token.expiry,
        "iat": token.creation_time,
        **scope,
        "kind": token.kind,
        "device_info": token.device_info,
    }

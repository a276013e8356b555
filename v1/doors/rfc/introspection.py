"""Owns `POST /v1/oauth/introspect/`: RFC 7662, for other servers that must know whether a token is good."""

from collections.abc import Callable
from typing import Final

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

NOT_BEARER: Final = tuple(kind.name for kind in KINDS if kind.presented != "header")
"""Kinds whose holder does not act as the user. A server that reads only `active` and `sub` must not think so."""


def blueprint(core: Core) -> Blueprint:
    """The door's path, in both slash forms."""
    door = Blueprint("introspection", __name__)

    def post() -> Response:
        found = _found(core, read(core, request))
        return answer(*found) if found else rfc6749.json_answer({"active": False})

    return routes.serve(door, [(PATH, "introspect", "POST", post)])


def read(core: Core, request: Request) -> str:
    """The token asked about, from a caller who may ask. Raises MissingToken, InvalidToken, MissingValue,
    MalformedRequest."""
    by_header = bool(guard.scheme(request.environ))
    if by_header:
        _authorize(core, lambda: _in_header(request))  # before the form is looked at
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
    """RFC 7662 2.2: a live token, times in Unix seconds. One of a server has no user, one without scopes no scope."""
    is_whose = principal.user_id and token.kind not in NOT_BEARER
    owner = {"username": principal.username, "sub": str(principal.user_id)} if is_whose else {}
    bearer = {} if token.kind in NOT_BEARER else {"token_type": "Bearer"}
    times = bearer | {"exp": token.expiry, "iat": token.creation_time}
    scope = {"scope": " ".join(token.scopes)} if token.scopes else {}
    about = {"kind": token.kind, "device_info": token.device_info}
    return rfc6749.json_answer({"active": True, **owner, **times, **scope, **about})


def refuse(core: Core, error: GatepassError) -> Response:
    """An error as RFC 6749 has it, with the challenge of the scheme that the caller used."""
    challenges = {"basic": BASIC_CHALLENGE, "": "Bearer"}
    return rfc6749.refuse(core, error, challenges.get(guard.scheme(request.environ), ""))


def _authorize(core: Core, secret: Callable[[], str]) -> None:
    """Is it an API token that may ask? The name beside it may be anything (RFC 6749 2.3.1)."""
    guard.check_token(core, secret, ACCEPTS["introspect"], scope="introspect")


def _in_header(request: Request) -> str:
    if guard.scheme(request.environ) != "basic":
        return guard.token_in_header(request.environ)
    try:
        decoded, _ = guard.basic_credentials(request.environ)
    except MalformedRequest:
        raise MissingToken from None
    return decoded.password.decode("latin1")


def _found(core: Core, secret: str) -> tuple[Principal, Token] | None:
    """Whose token it is; that it was presented somewhere counts as a use. (Of the console's it would make it live.)"""
    now = int(core.clock())
    found = find.find(core, secret, now)
    if found and found[1].kind != "console":
        core.write_behind.used(found[1], now)
    return found

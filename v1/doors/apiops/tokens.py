"""`/apiops/tokens/`: users list, create and revoke their personal tokens, with a management token."""

from functools import partial
from typing import Any, Final

from flask import Blueprint, Request, Response, request

from v1.auth import guard
from v1.auth.core import Core
from v1.auth.guard import AuthorizedCaller
from v1.doors import body, routes
from v1.doors.apiops import auth
from v1.doors.client import client
from v1.errors import GatepassError, MalformedRequest, MissingValue
from v1.kinds import kinds_that_open
from v1.records import Token
from v1.tokens import issue, listing, revoke
from v1.wire import dates, strict_json

PREFIXES = ("/apiops/tokens",)
ACCEPTS: Final = {name: kinds_that_open(f"apiops_tokens.{name}") for name in ("list", "create", "revoke")}
MOST: Final = 200
"""The most tokens in one answer."""


def blueprint(core: Core) -> Blueprint:
    """The door's paths, with and without a slash at the end."""
    door = Blueprint("apiops_tokens", __name__)
    operations = (
        ("/apiops/tokens", "list", "GET", partial(_list, core)),
        ("/apiops/tokens", "create", "POST", partial(_create, core)),
        ("/apiops/tokens/<token_id>", "revoke", "DELETE", partial(_revoke, core)),
    )
    return routes.serve(door, operations)


def read(request: Request, now: int) -> tuple[str, int]:
    """The name of the token to create, and its expiry in Unix seconds. Raises MissingValue, MalformedRequest."""
    fields = strict_json.loads(body.read(request))
    if not isinstance(fields, dict):
        raise MalformedRequest("The body is not a JSON object.")
    for name in ("name", "expires"):
        if fields.get(name) in (None, ""):
            raise MissingValue(f"The member {name} is required.", (name,))
    name = fields["name"]
    if not isinstance(name, str) or not issue.is_valid_name(name):
        text = f"A name has 1 to {issue.NAME_CHARACTERS} characters and no control characters."
        raise MalformedRequest(text, ("name",))
    return name.strip(), _expiry(fields["expires"], now)


def answer(data: Any, status: int = 200) -> Response:
    """A JSON answer."""
    return auth.answer(data, status)


def refuse(core: Core, error: GatepassError) -> Response:
    """The error as `/apiops/auth/token` answers it."""
    return auth.refuse(core, error)


def _list(core: Core) -> Response:
    owner, _ = _authorize(core, "list")
    now = int(core.clock())
    found = listing.personal(core, owner.user_id, now, MOST)
    return answer({"tokens": [_shown(token, now) for token in found]})


def _create(core: Core) -> Response:
    owner, by = _authorize(core, "create")
    now = int(core.clock())
    name, expiry = read(request, now)
    issued = issue.personal(core, owner, by, name, client(core, request), now, expiry)
    return answer({"token": issued.secret, **_shown(issued.token, now)}, 201)


def _revoke(core: Core, token_id: str) -> Response:
    owner, _ = _authorize(core, "revoke")
    number = routes.number(token_id)
    address = guard.client_address(request.environ, core.settings.trusted_proxies)
    return answer({"revoked": revoke.one(core, owner.user_id, number, address, "personal")})


def _authorize(core: Core, operation: str) -> AuthorizedCaller:
    return guard.authorize(core, request.environ, ACCEPTS[operation])


def _expiry(expires: Any, now: int) -> int:
    """The expiry in Unix seconds of `never`, a day (its end in UTC) or a moment. Raises MalformedRequest."""
    if expires == "never":
        return issue.NEVER
    try:
        found = dates.seconds(expires)
    except ValueError:
        text = "expires must be never, or a date like 2030-01-31 or 2030-01-31T12:00:00Z."
        raise MalformedRequest(text, ("expires",)) from None
    if found <= now:
        raise MalformedRequest("expires must lie ahead.", ("expires",))
    return found


def _shown(token: Token, now: int) -> dict[str, Any]:
    """The token as the answers show it. Times are UTC."""
    return {
        "id": token.id,
        "name": token.name,
        "created": dates.iso(token.creation_time),
        "expires": "never" if token.expiry >= issue.NEVER else dates.iso(token.expiry),
        "last_used": dates.iso(token.last_access) if token.last_access >= token.creation_time else None,
        "status": "active" if token.expiry > now else "expired",
    }

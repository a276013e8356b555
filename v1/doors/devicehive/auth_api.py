"""DeviceHive's authentication API: `/token`, `/token/create`, `/token/refresh`, `/info`, `/user/current`.

It is mounted at the root, `/auth/rest` and `/api/rest`: clients are configured with one of these.
"""

from functools import partial
from typing import Any, Final

from flask import Blueprint, Request, Response, request

from v1 import errors
from v1.auth import guard
from v1.auth.core import Core
from v1.auth.login import login
from v1.doors import body, routes
from v1.doors.client import client
from v1.doors.devicehive import pair_request
from v1.doors.error_answers import ErrorEntry, entry, headers
from v1.errors import AccessDenied, GatepassError, InvalidToken, MalformedRequest, MissingValue, UnsupportedMediaType
from v1.kinds import kinds_that_open
from v1.records import Client, Credentials, Issued, Principal
from v1.tokens import listing, pairs
from v1.tokens.families import Pair
from v1.wire import dates, strict_json

MOUNTS: Final = ("", "/auth/rest", "/api/rest")
PREFIXES = ("/token", "/info", "/user", *MOUNTS[1:])
ACCEPTS: Final = {name: kinds_that_open(f"devicehive.{name}") for name in ("create", "refresh", "current_user")}
RENEWALS: Final = 10
"""A refresh token may have RENEWALS times PAIRS_PER_LOGIN live access tokens: enough for many programs that share it,
and few enough to be counted quickly."""

ERRORS: Final = {
    errors.WrongCredentials: ErrorEntry(message="Invalid credentials"),
    errors.MissingToken: ErrorEntry(message="Unauthorized"),
    errors.InvalidToken: ErrorEntry(message="Unauthorized"),
    errors.UnsupportedMediaType: ErrorEntry(message="The body must be application/json"),
    errors.BodyTooLarge: ErrorEntry(message="The body is too large"),
    errors.UnknownPath: ErrorEntry(message="Not found"),
    errors.WrongMethod: ErrorEntry(message="Method not allowed"),
    errors.NotFound: ErrorEntry(message="User not found"),
    errors.AlreadyExists: ErrorEntry(message="It exists already"),
    errors.Unforeseen: ErrorEntry(message="Internal error"),
    errors.Unavailable: ErrorEntry(message="Service unavailable"),
    errors.Throttled: ErrorEntry(message="Too many tries"),
}


def blueprint(core: Core) -> Blueprint:
    """The door's paths below every mount, with and without a slash at the end."""
    door = Blueprint("devicehive", __name__)
    operations = (
        ("/token", "token", "POST", partial(_log_in, core)),
        ("/token/create", "create", "POST", partial(_create, core)),
        ("/token/refresh", "refresh", "POST", partial(_refresh, core)),
        ("/info", "info", "GET", partial(_info, core)),
        ("/user/current", "current_user", "GET", partial(_current_user, core)),
    )
    return routes.serve(door, operations, MOUNTS)


def read(request: Request) -> dict[str, Any]:
    """The JSON object in the body. The Content-Type may be absent. Raises UnsupportedMediaType, MalformedRequest."""
    raw = body.read(request)
    if request.headers.get("Content-Type", "") and request.mimetype != "application/json":
        raise UnsupportedMediaType
    found = strict_json.loads(raw)
    if not isinstance(found, dict):
        raise MalformedRequest("The body is not an object.")
    return found


def answer(data: dict[str, Any], status: int) -> Response:
    """A flat JSON object."""
    return Response(strict_json.dumps(data), status, content_type="application/json")


def refuse(core: Core, error: GatepassError) -> Response:
    """The error as `{"error": <status>, "message": ..}`."""
    own = entry(error, ERRORS)
    message = _about_token(error) if isinstance(error, InvalidToken) else ""
    response = answer({"error": own.status, "message": message or own.message}, own.status)
    response.headers.update(headers(error, own.status))
    return response


def _about_token(error: InvalidToken) -> str:
    """The message that DeviceHive's clients expect for this token; "" for the one in ERRORS.

    No other door tells that a token has expired.
    """
    refreshing = request.endpoint == "devicehive.refresh"
    if error.reason == "expired":
        return "Token has expired" if refreshing else "Token expired"
    return "Invalid token type" if refreshing and error.reason == "kind" else ""


def _log_in(core: Core) -> Response:
    fields = read(request)
    credentials = Credentials(_bytes(_text(fields, "login")), _bytes(_text(fields, "password")))
    caller = client(core, request)
    return _pair_answer(*login(core, "devicehive", credentials, caller, partial(_issue, core, caller)))


def _issue(core: Core, caller: Client, owner: Principal) -> Pair:
    return pairs.issue_pair(core, owner, caller, _now_ms(core), core.settings.max_sessions_per_user)


def _create(core: Core) -> Response:
    caller, bearer = guard.authorize(core, request.environ, ACCEPTS["create"])
    if not pairs.may_create(caller, bearer):
        raise AccessDenied(pairs.DENIED)
    requested, device = pair_request.read(read(request)), client(core, request)
    max_pairs = core.settings.pairs_per_login
    return _pair_answer(*pairs.create_pair(core, caller, bearer, requested, device, _now_ms(core), max_pairs))


def _refresh(core: Core) -> Response:
    secret = _text(read(request), "refreshToken")
    owner, refresh = guard.check_token(core, request.environ, lambda: secret, ACCEPTS["refresh"])
    max_access_tokens = core.settings.pairs_per_login * RENEWALS
    issued = pairs.renew_access(core, owner, refresh, client(core, request), _now_ms(core), max_access_tokens)
    return answer({"accessToken": issued.secret}, 201)


def _info(core: Core) -> Response:
    timestamp = dates.iso_ms(_now_ms(core))
    return answer({"apiVersion": "3.5.0", "serverTimestamp": timestamp, "webSocketServerUrl": ""}, 200)


def _current_user(core: Core) -> Response:
    user, _ = guard.authorize(core, request.environ, ACCEPTS["current_user"])
    last = listing.last_login(core, user.user_id)
    data = {
        "id": user.user_id,
        "login": user.username,
        "role": 0 if user.is_admin else 1,
        "status": 0,
        "lastLogin": None if last is None else dates.iso_ms(last * 1000),
        "data": {},
        "introReviewed": False,
        "allDeviceTypesAvailable": True,
    }
    return answer(data, 200)


def _pair_answer(access: Issued, refresh: Issued) -> Response:
    return answer({"accessToken": access.secret, "refreshToken": refresh.secret}, 201)


def _text(fields: dict[str, Any], name: str) -> str:
    value = fields.get(name)
    if value is None:
        raise MissingValue(f"{name} is required", (name,))
    if not isinstance(value, str):
        raise MalformedRequest(f"{name} must be a string", (name,))
    return value


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")  # JSON may carry half of a surrogate pair; no name has one


def _now_ms(core: Core) -> int:
    return int(core.clock() * 1000)

"""Owns `POST /api/`: the media server's JSON-RPC API, by which its back ends make tokens for streams."""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from flask import Blueprint, Request, Response, request

from v1 import errors, guard, logs
from v1.core import Core
from v1.doors import body, json_body, jsonrpc, rfc, rpc_methods
from v1.doors.client import client
from v1.doors.jsonrpc import (
    INTERNAL_ERROR,
    INVALID_PARAMS,
    INVALID_REQUEST,
    METHOD_NOT_FOUND,
    PARSE_ERROR,
    Fault,
    Params,
)
from v1.errors import AccessDenied, Refusal, Unforeseen
from v1.guard import Proven

PREFIXES = ("/api",)
ACCEPTS: Final = {"Auth.CreateAccessToken": ("api",), "Auth.CheckAccessToken": ("api",)}
SCOPE: Final = "stream"

UNAUTHORIZED, UNAVAILABLE, FORBIDDEN = -32001, -32002, -32003
OWN_MESSAGES: Final = {UNAUTHORIZED: "Unauthorized", UNAVAILABLE: "Service unavailable", FORBIDDEN: "Forbidden"}
STATUS: Final = {UNAUTHORIZED: 401, UNAVAILABLE: 503, FORBIDDEN: 403, INTERNAL_ERROR: 500}
"""With ERROR_STATUS=http; any other code is 400. With `php` all but 500 are."""

ERRORS: Final[dict[type[Refusal], int]] = {
    errors.WrongCredentials: UNAUTHORIZED,
    errors.MissingCredentials: UNAUTHORIZED,
    errors.MissingToken: UNAUTHORIZED,
    errors.InvalidToken: UNAUTHORIZED,
    errors.AccessDenied: FORBIDDEN,
    errors.MalformedRequest: PARSE_ERROR,
    errors.UnsupportedMediaType: INVALID_REQUEST,
    errors.BodyTooLarge: INVALID_REQUEST,
    errors.UnknownPath: INVALID_REQUEST,
    errors.WrongMethod: INVALID_REQUEST,
    errors.MissingValue: INVALID_PARAMS,
    errors.NotFound: INVALID_PARAMS,
    errors.AlreadyExists: INVALID_PARAMS,
    errors.Unforeseen: INTERNAL_ERROR,
    errors.DatabaseDown: UNAVAILABLE,
    errors.Throttled: UNAVAILABLE,
    errors.Busy: UNAVAILABLE,
}


def blueprint(core: Core) -> Blueprint:
    """The door's path, in both slash forms."""
    door = Blueprint("rpc", __name__)

    def post() -> Response:
        return answer(core, jsonrpc.handle(read(request), partial(_call, core, {})))

    for slash in ("", "/"):
        door.add_url_rule(f"/api{slash}", "rpc", post, methods=["POST"])
    return door


def read(request: Request) -> Any:
    """The JSON in the body, whatever its Content-Type says. Raises MalformedRequest, BodyTooLarge."""
    return json_body.loads(body.read(request, body.LARGEST_BATCH))


def answer(core: Core, found: jsonrpc.Response | list[jsonrpc.Response]) -> Response:
    """A response, 200 or the status of its error; those of a batch, 200; nothing at all, 204."""
    if isinstance(found, list):
        waits = any(each.fault and each.fault.code == UNAVAILABLE for each in found)
        return _response([each.members() for each in found], 200, waits) if found else _nothing()
    if not found.answered:
        return _nothing()
    if found.fault:
        code = found.fault.code
        return _response(found.members(), _status(core, code), code == UNAVAILABLE)
    return _response(found.result if core.settings.rpc_bare_results else found.members(), 200)


def refuse(core: Core, refusal: Refusal) -> Response:
    """What befell the whole request, as an error object."""
    fault = _fault(refusal)
    status = _status(core, fault.code)
    if isinstance(refusal, errors.UnknownPath):
        status = 405 if isinstance(refusal, errors.WrongMethod) else 404
    if isinstance(refusal, errors.BodyTooLarge) and core.settings.error_status == "http":
        status = 413
    return rfc.with_headers(_response(jsonrpc.Response(fault=fault).members(), status), refusal)


def _call(core: Core, proven: dict[str, Proven], method: str, params: Params) -> Any:
    """One call. `proven` are the tokens that this request has shown already."""
    try:
        return _dispatch(core, proven, method, params)
    except Refusal as refusal:
        raise _fault(refusal) from None
    except Fault:
        raise
    except Exception as error:
        logs.unforeseen(error)
        raise _fault(Unforeseen()) from None


def _dispatch(core: Core, proven: dict[str, Proven], method: str, params: Params) -> Any:
    caller = client(core, request)
    if method == "Auth.CreateApiToken" and not (isinstance(params, Mapping) and "stream" in params):
        if not guard.is_local(request.environ):
            raise AccessDenied("This method is for programs on the server itself.")
        return rpc_methods.create_api_token(core, _without_tokens(params, "Token", "token"), caller)
    if method in ("Auth.CreateAccessToken", "Auth.CreateApiToken"):  # the vendor's page prints it under either name
        by = _authorize(core, proven, "Auth.CreateAccessToken", params, "Token", "token")
        return rpc_methods.create_access_token(core, _without_tokens(params, "Token", "token"), caller, *by)
    if method == "Auth.CheckAccessToken":
        _authorize(core, proven, method, params, "Token")
        return rpc_methods.check_access_token(core, _without_tokens(params, "Token"))
    raise Fault(METHOD_NOT_FOUND)


def _authorize(core: Core, proven: dict[str, Proven], method: str, params: Params, *members: str) -> Proven:
    """Who calls, by the token in the header or in one of these members of params. Raises Fault if two differ."""
    found = [guard.presented_bare(request.environ)]
    if isinstance(params, Mapping):
        found += [params[name] for name in members if name in params]
    if not all(isinstance(secret, str) for secret in found):
        raise Fault(INVALID_PARAMS, "A token must be a string.")
    secrets = {secret for secret in found if secret}
    if len(secrets) > 1:
        raise Fault(INVALID_REQUEST, "There are two tokens.")
    secret = secrets.pop() if secrets else ""
    if secret not in proven:
        proven[secret] = guard.prove(core, lambda: secret, ACCEPTS[method], SCOPE)
    return proven[secret]


def _without_tokens(params: Params, *members: str) -> Params:
    if not isinstance(params, Mapping):
        return params
    return {name: value for name, value in params.items() if name not in members}


def _fault(refusal: Refusal) -> Fault:
    code = ERRORS[type(refusal)]
    data = str(refusal) if isinstance(refusal, AccessDenied | errors.MalformedRequest) else ""
    return Fault(code, data, OWN_MESSAGES.get(code, ""))


def _status(core: Core, code: int) -> int:
    status = STATUS.get(code, 400)
    return status if core.settings.error_status == "http" or status == 500 else 400


def _response(value: Any, status: int, waits: bool = False) -> Response:
    response = Response(json_body.dumps(value), status, content_type="application/json")
    if waits:
        response.headers["Retry-After"] = str(errors.DatabaseDown.retry_after)
    return response


def _nothing() -> Response:
    response = Response(b"", 204)
    del response.headers["Content-Type"]
    return response

"""Owns `POST /api/`: the media server's JSON-RPC API, by which its back ends make tokens for streams."""

from functools import partial
from typing import Any

from flask import Blueprint, Request, Response, request

from v1 import errors
from v1.auth.core import Core
from v1.doors import body, routes
from v1.doors.media import rpc_calls, rpc_errors
from v1.doors.media.rpc_errors import UNAVAILABLE, fault, status_of
from v1.doors.rfc import rfc6749
from v1.errors import GatepassError
from v1.wire import jsonrpc, strict_json

PREFIXES = ("/api",)
ACCEPTS = rpc_calls.ACCEPTS
ERRORS = rpc_errors.ERRORS


def blueprint(core: Core) -> Blueprint:
    """The door's path, in both slash forms."""
    door = Blueprint("rpc", __name__)

    def post() -> Response:
        return answer(core, jsonrpc.handle(read(request), partial(rpc_calls.call, core, rpc_calls.CachedCredentials())))

    return routes.serve(door, [("/api", "rpc", "POST", post)])


def read(request: Request) -> Any:
    """The JSON in the body, whatever its Content-Type says. Raises MalformedRequest, BodyTooLarge."""
    return strict_json.loads(body.read(request, body.LARGEST_BATCH))


def answer(core: Core, found: jsonrpc.Response | list[jsonrpc.Response]) -> Response:
    """A response, 200 or the status of its error; those of a batch, 200; nothing at all, 204."""
    if isinstance(found, list):
        waits = any(each.fault and each.fault.code == UNAVAILABLE for each in found)
        return _response([each.members() for each in found], 200, waits) if found else _nothing()
    if not found.answered:
        return _nothing()
    if found.fault:
        code = found.fault.code
        return _response(found.members(), status_of(core, code), code == UNAVAILABLE)
    return _response(found.result if core.settings.rpc_bare_results else found.members(), 200)


def refuse(core: Core, refusal: GatepassError) -> Response:
    """What befell the whole request, as an error object."""
    found = fault(refusal)
    status = status_of(core, found.code)
    if isinstance(refusal, errors.UnknownPath):
        status = 405 if isinstance(refusal, errors.WrongMethod) else 404
    if isinstance(refusal, errors.BodyTooLarge) and core.settings.error_status == "http":
        status = 413
    return rfc6749.with_headers(_response(jsonrpc.Response(fault=found).members(), status), refusal)


def _response(value: Any, status: int, waits: bool = False) -> Response:
    response = Response(strict_json.dumps(value), status, content_type="application/json")
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"  # RFC 9110 15.5.2
    if waits:
        response.headers["Retry-After"] = str(errors.DatabaseDown.retry_after)
    return response


def _nothing() -> Response:
    response = Response(b"", 204)
    del response.headers["Content-Type"]
    return response

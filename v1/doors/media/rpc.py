"""`POST /api/`: the media server's JSON-RPC API. Its back ends create tokens for streams here."""

from typing import Any

from flask import Blueprint, Request, Response, request

from v1 import errors
from v1.auth.core import Core
from v1.doors import body, routes
from v1.doors.media import rpc_dispatch, rpc_errors
from v1.doors.media.rpc_dispatch import Dispatcher
from v1.doors.media.rpc_errors import UNAVAILABLE, rpc_error, status_of
from v1.doors.rfc import rfc6749
from v1.errors import GatepassError
from v1.wire import jsonrpc, strict_json

PREFIXES = ("/api",)
ACCEPTS = rpc_dispatch.ACCEPTS
ERRORS = rpc_errors.ERRORS


def blueprint(core: Core) -> Blueprint:
    """The door's path, with and without a slash at its end."""
    door = Blueprint("rpc", __name__)

    def post() -> Response:
        return answer(core, jsonrpc.handle(read(request), Dispatcher(core).run))

    return routes.serve(door, [("/api", "rpc", "POST", post)])


def read(request: Request) -> Any:
    """The JSON in the body, whatever its Content-Type says. Raises MalformedRequest, BodyTooLarge."""
    return strict_json.loads(body.read(request, body.LARGEST_BATCH))


def answer(core: Core, response: jsonrpc.Response | list[jsonrpc.Response] | None) -> Response:
    """A single response has the status of its error, or 200. A batch has 200. Notifications alone have 204."""
    if response is None:
        return _no_content()
    if isinstance(response, list):
        is_unavailable = any(each.error and each.error.code == UNAVAILABLE for each in response)
        return _json([each.members() for each in response], 200, is_unavailable)
    if response.error:
        code = response.error.code
        return _json(response.members(), status_of(core, code), code == UNAVAILABLE)
    return _json(response.result if core.settings.rpc_bare_results else response.members(), 200)


def refuse(core: Core, refusal: GatepassError) -> Response:
    """An error of the whole request, as an error object without an id."""
    found = rpc_error(refusal)
    status = status_of(core, found.code)
    if isinstance(refusal, errors.UnknownPath):
        status = 405 if isinstance(refusal, errors.WrongMethod) else 404
    if isinstance(refusal, errors.BodyTooLarge) and core.settings.error_status == "http":
        status = 413
    return rfc6749.with_headers(_json(jsonrpc.Response(error=found).members(), status), refusal)


def _json(value: Any, status: int, is_unavailable: bool = False) -> Response:
    response = Response(strict_json.dumps(value), status, content_type="application/json")
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"  # RFC 9110 15.5.2
    if is_unavailable:
        response.headers["Retry-After"] = str(errors.DatabaseDown.retry_after)
    return response


def _no_content() -> Response:
    response = Response(b"", 204)
    del response.headers["Content-Type"]
    return response

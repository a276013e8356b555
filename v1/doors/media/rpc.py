"""`POST /api/`: the media server's JSON-RPC API. Its back ends create tokens for streams here."""

from typing import Any, Final

from flask import Blueprint, Request, Response, request

from v1.auth.core import Core
from v1.doors import body, routes
from v1.doors.error_answers import headers
from v1.doors.media import rpc_dispatch
from v1.doors.media.rpc_dispatch import Dispatcher
from v1.doors.media.rpc_errors import UNAVAILABLE, rpc_error, status_of
from v1.errors import BodyTooLarge, GatepassError, Unavailable, UnknownPath
from v1.wire import jsonrpc, strict_json

PREFIXES = ("/api",)
ACCEPTS = rpc_dispatch.ACCEPTS
BODY_LIMITS: Final = {"/api": 64 * 1024}
"""A batch is many calls."""


def blueprint(core: Core) -> Blueprint:
    """The door's path, with and without a slash at the end."""
    door = Blueprint("rpc", __name__)

    def post() -> Response:
        return answer(core, jsonrpc.handle(read(request), Dispatcher(core).run))

    return routes.serve(door, [("/api", "rpc", "POST", post)])


def read(request: Request) -> Any:
    """The JSON in the body, whatever its Content-Type says. Raises MalformedRequest, BodyTooLarge."""
    return strict_json.loads(body.read(request, BODY_LIMITS["/api"]))


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


def refuse(core: Core, error: GatepassError) -> Response:
    """An error of the whole request, as an error object without an id."""
    found = rpc_error(error)
    status = status_of(core, found.code)
    if isinstance(error, UnknownPath) or (isinstance(error, BodyTooLarge) and core.settings.error_status == "http"):
        status = error.status
    response = _json(jsonrpc.Response(error=found).members(), status)
    response.headers.update(headers(error, status))
    return response


def _json(value: Any, status: int, is_unavailable: bool = False) -> Response:
    """A JSON response. If `is_unavailable`, its Retry-After says when to try again."""
    response = Response(strict_json.dumps(value), status, content_type="application/json")
    response.headers.update(headers(Unavailable() if is_unavailable else GatepassError(), status))
    return response


def _no_content() -> Response:
    response = Response(b"", 204)
    del response.headers["Content-Type"]
    return response

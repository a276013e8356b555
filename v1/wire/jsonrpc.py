"""Owns JSON-RPC 2.0 (jsonrpc.org/specification): requests, batches and notifications, their answers and errors.

It knows no method: `call` is given, and raises Fault.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

PARSE_ERROR, INVALID_REQUEST, METHOD_NOT_FOUND, INVALID_PARAMS, INTERNAL_ERROR = -32700, -32600, -32601, -32602, -32603

MESSAGES: Final = {
    PARSE_ERROR: "Parse error",
    INVALID_REQUEST: "Invalid Request",
    METHOD_NOT_FOUND: "Method not found",
    INVALID_PARAMS: "Invalid params",
    INTERNAL_ERROR: "Internal error",
}
MOST: Final = 50
"""Calls in a batch at most."""

Params = Sequence[Any] | Mapping[str, Any]
Call = Callable[[str, Params], Any]


class Fault(Exception):
    """An error object. `data` says more, and is safe to show to a person."""

    def __init__(self, code: int, data: str = "", message: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.error = {"code": code, "message": message or MESSAGES[code]} | ({"data": data} if data else {})


@dataclass(frozen=True)
class Response:
    """A response object, or for a notification none (`id` is unset there: see `answered`)."""

    id: Any = None
    result: Any = None
    fault: Fault | None = None
    answered: bool = True

    def members(self) -> dict[str, Any]:
        """The object as it is sent."""
        said = {"error": self.fault.error} if self.fault else {"result": self.result}
        return {"jsonrpc": "2.0", **said, "id": self.id}


def handle(request: Any, call: Call) -> Response | list[Response]:
    """What a parsed body is answered with: one response, or those of a batch (none for notifications alone)."""
    if not isinstance(request, list):
        return _one(request, call)
    if not 0 < len(request) <= MOST:
        return Response(fault=Fault(INVALID_REQUEST, f"A batch has 1 to {MOST} calls."))
    return [response for response in (_one(each, call) for each in request) if response.answered]


def _one(request: Any, call: Call) -> Response:
    try:
        method, params, number = _read(request)
    except Fault as fault:
        return Response(_id(request), fault=fault)
    answered = "id" in request
    try:
        return Response(number, call(method, params), answered=answered)
    except Fault as fault:
        return Response(number, fault=fault, answered=answered)


def _read(request: Any) -> tuple[str, Params, Any]:
    """Method, params and id of a request object (section 4). Raises Fault."""
    if not isinstance(request, dict) or request.get("jsonrpc") != "2.0":
        raise Fault(INVALID_REQUEST, 'A call is an object with "jsonrpc": "2.0".')
    method, params, number = request.get("method"), request.get("params", {}), request.get("id")
    if not isinstance(method, str):
        raise Fault(INVALID_REQUEST, "method must be a string.")
    if not isinstance(params, list | dict):
        raise Fault(INVALID_REQUEST, "params must be an array or an object.")
    if number is not None and (isinstance(number, bool) or not isinstance(number, str | int | float)):
        raise Fault(INVALID_REQUEST, "id must be a string, a number or null.")
    return method, params, number


def _id(request: Any) -> Any:
    """The id of what is no valid request, where one can be told (section 5); else null."""
    number = request.get("id") if isinstance(request, dict) else None
    return number if isinstance(number, str | int | float) and not isinstance(number, bool) else None

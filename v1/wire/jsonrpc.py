"""JSON-RPC 2.0 (jsonrpc.org/specification): requests, batches and notifications, responses and errors.

It knows no method. The caller passes a function that runs one call and raises Fault for an error.
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
BATCH_LIMIT: Final = 50
"""The most calls in a batch."""

Params = Sequence[Any] | Mapping[str, Any]
Call = Callable[[str, Params], Any]


class Fault(Exception):
    """The error of a call. `error` is its error object; `data` is a text for people."""

    def __init__(self, code: int, data: str = "", message: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.error = {"code": code, "message": message or MESSAGES[code]} | ({"data": data} if data else {})


@dataclass(frozen=True)
class Response:
    """A response object. `answered` is False for a notification, whose response is not sent."""

    id: Any = None
    result: Any = None
    fault: Fault | None = None
    answered: bool = True

    def members(self) -> dict[str, Any]:
        """The members of the JSON object."""
        said = {"error": self.fault.error} if self.fault else {"result": self.result}
        return {"jsonrpc": "2.0", **said, "id": self.id}


def handle(request: Any, call: Call) -> Response | list[Response]:
    """Answer a parsed body: one response, or a list for a batch, without the responses of notifications."""
    if not isinstance(request, list):
        return _one(request, call)
    if not 0 < len(request) <= BATCH_LIMIT:
        return Response(fault=Fault(INVALID_REQUEST, f"A batch has 1 to {BATCH_LIMIT} calls."))
    return [response for response in (_one(each, call) for each in request) if response.answered]


def _one(request: Any, call: Call) -> Response:
    try:
        method, params, call_id = _read(request)
    except Fault as fault:
        return Response(_id(request), fault=fault)
    answered = "id" in request
    try:
        return Response(call_id, call(method, params), answered=answered)
    except Fault as fault:
        return Response(call_id, fault=fault, answered=answered)


def _read(request: Any) -> tuple[str, Params, Any]:
    """The method, params and id of a request object (section 4 of the specification). Raises Fault."""
    if not isinstance(request, dict) or request.get("jsonrpc") != "2.0":
        raise Fault(INVALID_REQUEST, 'A call is an object with "jsonrpc": "2.0".')
    method, params, call_id = request.get("method"), request.get("params", {}), request.get("id")
    if not isinstance(method, str):
        raise Fault(INVALID_REQUEST, "method must be a string.")
    if not isinstance(params, list | dict):
        raise Fault(INVALID_REQUEST, "params must be an array or an object.")
    if call_id is not None and (isinstance(call_id, bool) or not isinstance(call_id, str | int | float)):
        raise Fault(INVALID_REQUEST, "id must be a string, a number or null.")
    return method, params, call_id


def _id(request: Any) -> Any:
    """The id of an invalid request if it has a readable one, else null (section 5)."""
    call_id = request.get("id") if isinstance(request, dict) else None
    return call_id if isinstance(call_id, str | int | float) and not isinstance(call_id, bool) else None

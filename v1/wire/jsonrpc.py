"""JSON-RPC 2.0 (jsonrpc.org/specification): reads calls, has them run, and builds the responses.

It knows no methods: `handle` is given a function that runs one call.
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
MAX_CALLS: Final = 50
"""The most calls that a batch may hold."""

Params = Sequence[Any] | Mapping[str, Any]
"""Parameters by position or by name."""

Run = Callable[[str, Params], Any]
"""Runs a method with parameters and returns its result. Raises RpcError."""


class RpcError(Exception):
    """An error object (section 5.1). `data` says more than the message, and is safe to show to a person."""

    def __init__(self, code: int, data: str = "", message: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.members = {"code": code, "message": message or MESSAGES[code]} | ({"data": data} if data else {})


@dataclass(frozen=True)
class Call:
    """A request object (section 4). A notification is a call without an id; it gets no response."""

    method: str
    params: Params
    id: str | int | float | None
    is_notification: bool


@dataclass(frozen=True)
class Response:
    """A response object (section 5): it holds a result or an error."""

    id: str | int | float | None = None
    result: Any = None
    error: RpcError | None = None

    def members(self) -> dict[str, Any]:
        """The object as it is sent."""
        outcome = {"error": self.error.members} if self.error else {"result": self.result}
        return {"jsonrpc": "2.0", **outcome, "id": self.id}


def handle(body: Any, run: Run) -> Response | list[Response] | None:
    """The response to a parsed body, or the responses to a batch. None if it holds notifications alone."""
    if not isinstance(body, list):
        return _respond(body, run)
    if not 1 <= len(body) <= MAX_CALLS:
        return Response(error=RpcError(INVALID_REQUEST, f"A batch has 1 to {MAX_CALLS} calls."))
    return [response for response in (_respond(each, run) for each in body) if response] or None


def _respond(value: Any, run: Run) -> Response | None:
    """The response to one call; None to a notification, whatever its outcome."""
    try:
        call = _read(value)
    except RpcError as error:
        return Response(_id_of_invalid(value), error=error)
    try:
        response = Response(call.id, run(call.method, call.params))
    except RpcError as error:
        response = Response(call.id, error=error)
    return None if call.is_notification else response


def _read(value: Any) -> Call:
    """A parsed JSON value as a call. Raises RpcError if it is none."""
    if not isinstance(value, dict) or value.get("jsonrpc") != "2.0":
        raise RpcError(INVALID_REQUEST, 'A call is an object with "jsonrpc": "2.0".')
    method, params, id_ = value.get("method"), value.get("params", {}), value.get("id")
    if not isinstance(method, str):
        raise RpcError(INVALID_REQUEST, "method must be a string.")
    if not isinstance(params, list | dict):
        raise RpcError(INVALID_REQUEST, "params must be an array or an object.")
    if id_ is not None and not _is_id(id_):
        raise RpcError(INVALID_REQUEST, "id must be a string, a number or null.")
    return Call(method, params, id_, is_notification="id" not in value)


def _id_of_invalid(value: Any) -> str | int | float | None:
    """The id in a value that is not a call, so that its sender recognizes the error (section 5)."""
    id_ = value.get("id") if isinstance(value, dict) else None
    return id_ if _is_id(id_) else None


def _is_id(value: Any) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool)

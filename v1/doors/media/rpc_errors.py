"""The JSON-RPC error code and the HTTP status that `/api/` answers for each error of the service."""

from typing import Final

from v1 import errors
from v1.auth.core import Core
from v1.doors.error_answers import nearest
from v1.errors import GatepassError, WrongMethod
from v1.wire.jsonrpc import INTERNAL_ERROR, INVALID_PARAMS, INVALID_REQUEST, PARSE_ERROR, RpcError

UNAUTHORIZED, UNAVAILABLE, FORBIDDEN = -32001, -32002, -32003
OWN_MESSAGES: Final = {UNAUTHORIZED: "Unauthorized", UNAVAILABLE: "Service unavailable", FORBIDDEN: "Forbidden"}
STATUS: Final = {UNAUTHORIZED: 401, UNAVAILABLE: 503, FORBIDDEN: 403, INTERNAL_ERROR: 500}
"""The statuses with ERROR_STATUS=http; every other code is 400. With ERROR_STATUS=php each is 400 but the 500."""

CODES: Final = {401: UNAUTHORIZED, 403: FORBIDDEN, 429: UNAVAILABLE, 500: INTERNAL_ERROR, 503: UNAVAILABLE}
"""The code of an error by its status, if ERRORS has no row for it. Any other is INVALID_REQUEST."""

ERRORS: Final[dict[type[GatepassError], int]] = {
    errors.MalformedRequest: PARSE_ERROR,
    errors.MissingValue: INVALID_PARAMS,
    errors.NotFound: INVALID_PARAMS,
    errors.AlreadyExists: INVALID_PARAMS,
}

WITH_DATA: Final = (errors.AccessDenied, errors.MalformedRequest, errors.BodyTooLarge, errors.UnknownPath)
"""Errors whose message is sent as `data`."""


def rpc_error(error: GatepassError) -> RpcError:
    """The error as an error object of JSON-RPC."""
    code = nearest(error, ERRORS, CODES.get(error.status, INVALID_REQUEST))
    data = error.message or str(error) if isinstance(error, WITH_DATA) else ""
    return RpcError(code, "Send a POST." if isinstance(error, WrongMethod) else data, OWN_MESSAGES.get(code, ""))


def status_of(core: Core, code: int) -> int:
    """The HTTP status of a response with this code."""
    status = STATUS.get(code, 400)
    return status if core.settings.error_status == "http" or status == 500 else 400

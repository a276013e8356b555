"""The code of JSON-RPC, and the HTTP status, that `/api/` answers for each error of the service."""

from typing import Final

from v1 import errors
from v1.auth.core import Core
from v1.errors import AccessDenied, GatepassError
from v1.wire.jsonrpc import INTERNAL_ERROR, INVALID_PARAMS, INVALID_REQUEST, PARSE_ERROR, RpcError

UNAUTHORIZED, UNAVAILABLE, FORBIDDEN = -32001, -32002, -32003
OWN_MESSAGES: Final = {UNAUTHORIZED: "Unauthorized", UNAVAILABLE: "Service unavailable", FORBIDDEN: "Forbidden"}
STATUS: Final = {UNAUTHORIZED: 401, UNAVAILABLE: 503, FORBIDDEN: 403, INTERNAL_ERROR: 500}
"""The statuses with ERROR_STATUS=http; every other code is 400. With ERROR_STATUS=php each is 400 but the 500."""

ERRORS: Final[dict[type[GatepassError], int]] = {
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

DATA: Final = {
    errors.BodyTooLarge: "The request is too large.",
    errors.UnknownPath: "Nothing is served at this path.",
    errors.WrongMethod: "Send a POST.",
}


def rpc_error(error: GatepassError) -> RpcError:
    """The error as an error object of JSON-RPC."""
    code = ERRORS[type(error)]
    own_text = str(error) if isinstance(error, AccessDenied | errors.MalformedRequest) else ""
    return RpcError(code, DATA.get(type(error), own_text), OWN_MESSAGES.get(code, ""))


def status_of(core: Core, code: int) -> int:
    """The HTTP status of a response with this code."""
    status = STATUS.get(code, 400)
    return status if core.settings.error_status == "http" or status == 500 else 400

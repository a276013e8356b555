"""When the media server's doors answer each error: JSON-RPC, and the check of a stream."""

from typing import Final

from tools.generate.errors import Row, Table
from tools.generate.rows.phrases import DOWN, LOGGED, STATUS, UNFORESEEN, WAIT, WRONG_METHOD
from v1 import errors
from v1.doors.media import rpc, stream
from v1.errors import AccessDenied, BodyTooLarge, InvalidToken, MalformedRequest, MissingToken
from v1.wire.jsonrpc import INVALID_PARAMS, INVALID_REQUEST, METHOD_NOT_FOUND, RpcError

UNUSED: Final = (
    *(errors.WrongCredentials, errors.UnsupportedMediaType, errors.MissingValue),
    *(errors.NotFound, errors.AlreadyExists, errors.Throttled, errors.Busy),
)

RPC: Final = Table(
    rpc,
    {"code": "code", "message": "message", "when": "when", "status with `php`": "status_php", "with `http`": "status"},
    (
        Row(
            "the body is empty, no JSON, no UTF-8, holds NaN or a name twice, is nested too deeply, or ended early",
            (MalformedRequest(),),
        ),
        Row(
            "no request object; an empty batch, or one of over 50; an id or params of the wrong type; two tokens that "
            "differ",
            (RpcError(INVALID_REQUEST),),
        ),
        Row("the body is over 64 KiB", (BodyTooLarge(),)),
        Row("another path below `/api/`", (errors.UnknownPath("/api/x"),)),
        Row("another method than POST; with `Allow` (OPTIONS is answered with it)", (WRONG_METHOD,)),
        Row("there is no such method", (RpcError(METHOD_NOT_FOUND),)),
        Row(
            "a parameter is missing, unknown or of the wrong type or size; `to` is before `from`",
            (RpcError(INVALID_PARAMS),),
        ),
        Row(
            "the token is missing, unknown, expired, revoked, of another kind, or an API token without the scope "
            "`stream`; a 401 has `WWW-Authenticate`",
            (MissingToken(), InvalidToken()),
        ),
        Row(f"the database cannot be reached; {WAIT}", (DOWN,)),
        Row(
            "`Auth.CreateApiToken` from elsewhere than a program on the machine itself, by way of a proxy, or with "
            "LOCAL_API_TOKENS=0",
            (AccessDenied(),),
        ),
        Row(LOGGED, (errors.Unforeseen(),)),
    ),
    UNUSED,
)

STREAM: Final = Table(
    stream,
    STATUS,
    (
        Row("the stream may be watched", given={"status": "204"}),
        Row(
            "it may not be watched: the token is missing, unknown, expired, revoked or of another kind; another "
            "stream; the action or the time is not granted; one of its fields is malformed, or there twice; a POST "
            "that is no form or over 16 KiB",
            (MissingToken(), InvalidToken(), AccessDenied(), MalformedRequest(), BodyTooLarge()),
        ),
        Row("another method than GET, HEAD or POST; with `Allow`", (WRONG_METHOD,)),
        Row(UNFORESEEN, (errors.Unforeseen(),)),
        Row("the database cannot be reached; with `Retry-After`", (DOWN,)),
    ),
    (*UNUSED, errors.UnknownPath),
)

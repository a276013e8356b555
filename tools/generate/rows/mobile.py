"""When the mobile door and the RFC endpoints below it answer each error."""

from typing import Final

from tools.generate.errors import Row, Table
from tools.generate.rows.phrases import BUSY, DOWN, ERROR, LOGGED, THROTTLED, UNFORESEEN, WAIT, WRONG
from v1 import errors
from v1.doors.mobile import envelope, oauth
from v1.doors.rfc import introspection
from v1.errors import AccessDenied, InvalidToken, MalformedRequest, MissingToken, MissingValue, WrongMethod

MOBILE: Final = Table(
    oauth,
    {"code": "code", "type": "type", "when": "when", "status with `http`": "status", "what to do": "do"},
    (
        Row("wrong password, unknown or disabled user: one answer", (WRONG,), "let the person type again"),
        Row("username or password not supplied", (envelope.MissingCredentials(),), "send both fields in a POST form"),
        Row(
            "any method but POST at `/v1/oauth/`",
            (WrongMethod("/v1/oauth/", ("POST",)),),
            "send both fields in a POST form",
        ),
        Row("no access token, or a malformed Authorization header", (MissingToken(),), "send the token"),
        Row("the access token is unknown, expired, revoked or of another kind", (InvalidToken(),), "log in again"),
        Row("the caller may not do this", (AccessDenied(),), "do not try again"),
        Row(
            "a value of the wrong form: an array, a device-info of over 200 characters, a body cut short",
            (MalformedRequest(),),
            "correct the request",
        ),
        Row("the body is over 16 KiB", (errors.BodyTooLarge(),), "send less"),
        Row("the body is of a type that is not read", (errors.UnsupportedMediaType(),), "send a form"),
        Row("there is one of that name already", (errors.AlreadyExists(),), "choose another name"),
        Row("nothing at this path under `/v1/`", (errors.UnknownPath("/v1/x"),), "correct the path"),
        Row("a known path without this method", (WrongMethod("/v1/logout/", ("POST",)),), "see the Allow header"),
        Row("a required value was not given", (MissingValue(),), "give it"),
        Row("no object of that id, or another user's", (errors.NotFound(),), "list what there is"),
        Row(LOGGED, (errors.Unforeseen(),), "report the X-Request-Id"),
        Row(f"the database cannot be reached or a query failed; {WAIT}", (DOWN,), "try again"),
        Row(f"more logins than can be hashed in time; {WAIT}", (BUSY,), "try again"),
        Row(f"too many failed logins; {WAIT}", (THROTTLED,), "try again later"),
    ),
)

RFC: Final = Table(
    introspection,
    ERROR,
    (
        Row(
            "no token, a field twice, a body that is no form; at introspection two API tokens that differ",
            (MissingValue(), MalformedRequest()),
        ),
        Row("another method than POST (but OPTIONS)", (WrongMethod("/v1/oauth/introspect/", ("POST",)),)),
        Row("the body is over 16 KiB", (errors.BodyTooLarge(),)),
        Row(
            "no API token, or one without the scope; with `WWW-Authenticate`, of HTTP Basic if that was used",
            (MissingToken(), InvalidToken()),
        ),
        Row("the database cannot be reached; with `Retry-After`", (DOWN,)),
        Row(UNFORESEEN, (errors.Unforeseen(),)),
    ),
    unused=(
        *(errors.WrongCredentials, AccessDenied, errors.UnsupportedMediaType),
        *(errors.UnknownPath, errors.NotFound, errors.AlreadyExists, errors.Throttled, errors.Busy),
    ),
)

"""When the management door answers each error."""

from typing import Final

from tools.generate.errors import Row, Table
from tools.generate.rows.phrases import BUSY, DOWN, ERROR, LATER, THROTTLED, TOO_MANY, UNFORESEEN, WRONG, WRONG_METHOD
from v1 import errors
from v1.doors.apiops import auth
from v1.errors import AccessDenied, InvalidToken, MalformedRequest, MissingToken, MissingValue

APIOPS: Final = Table(
    auth,
    ERROR,
    (
        Row(
            "a field is missing, empty, malformed or there twice; two ways of authenticating; a body that is no form, "
            "or at `/apiops/tokens/` no JSON; `expires` does not lie ahead",
            (MissingValue(), MalformedRequest()),
        ),
        Row(
            "another grant_type than client_credentials",
            given={"error": "unsupported_grant_type", "status": "400"},
        ),
        Row(
            "`Bad credentials`: unknown user, wrong password or disabled: one answer; with `WWW-Authenticate: Basic` "
            "if that was used",
            (WRONG,),
        ),
        Row(
            "`Invalid token`: missing, unknown, expired, revoked or of another kind; with `WWW-Authenticate: Bearer`",
            (MissingToken(), InvalidToken()),
        ),
        Row("the caller has 200 live personal tokens already", (AccessDenied("There are too many."),)),
        Row("nothing at this path", (errors.UnknownPath("/apiops/x"),)),
        Row("no personal token of that id", (errors.NotFound(),)),
        Row("another method, with `Allow`", (WRONG_METHOD,)),
        Row("a live personal token of the caller has that name", (errors.AlreadyExists(),)),
        Row("the body is over 16 KiB", (errors.BodyTooLarge(),)),
        Row(TOO_MANY, (THROTTLED,)),
        Row(LATER, (DOWN, BUSY)),
        Row(UNFORESEEN, (errors.Unforeseen(),)),
    ),
    unused=(errors.UnsupportedMediaType,),
)

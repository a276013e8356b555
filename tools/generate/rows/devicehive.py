"""When DeviceHive's door answers each error."""

from typing import Final

from tools.generate.errors import Row, Table
from tools.generate.rows.phrases import BUSY, DOWN, LATER, THROTTLED, TOO_MANY, UNFORESEEN, WRONG, WRONG_METHOD
from v1 import errors
from v1.doors.devicehive import auth_api
from v1.errors import AccessDenied, InvalidToken, MalformedRequest, MissingToken, MissingValue
from v1.tokens import pairs

FIELD: Final = "says which field"

DEVICEHIVE: Final = Table(
    auth_api,
    {"status": "status", "message": "message", "when": "when"},
    (
        Row(
            "the body is no JSON object; a field is missing or of the wrong type; a date that is none",
            (MissingValue(FIELD), MalformedRequest(FIELD)),
        ),
        Row("the login is unknown, the password wrong, or the user disabled: one answer", (WRONG,)),
        Row(
            "the bearer is missing, unknown, revoked or of another kind; the refresh token is unknown or revoked; "
            "their user is disabled",
            (MissingToken(), InvalidToken()),
        ),
        Row("the bearer, of the right kind, has expired", (InvalidToken("expired"),)),
        Row("the refresh token has expired", (InvalidToken("expired"),), path="/token/refresh"),
        Row(
            "an access token, or another signed token, where `/token/refresh` wants a refresh token",
            (InvalidToken("kind"),),
            path="/token/refresh",
        ),
        Row(
            "the bearer lacks ManageToken, or may not make such a pair: for another user, with more rights than it "
            "has, or beyond the end of its refresh token (to the second); with DEVICEHIVE_JWT_SECRET also networks or "
            "device types by id where its own are null",
            (AccessDenied(pairs.DENIED),),
        ),
        Row(
            "the login has PAIRS_PER_LOGIN live refresh tokens, or `/token/refresh` has made ten times as many access "
            "tokens that are live",
            (AccessDenied(pairs.FULL),),
        ),
        Row("a pair for a user who is disabled", (AccessDenied(pairs.DISABLED),)),
        Row("nothing at this path", (errors.UnknownPath("/token/x"),)),
        Row("no user of that id", (errors.NotFound(),)),
        Row("another method; see the Allow header", (WRONG_METHOD,)),
        Row("the body is over 16 KiB", (errors.BodyTooLarge(),)),
        Row("another Content-Type. None at all is JSON", (errors.UnsupportedMediaType(),)),
        Row(TOO_MANY, (THROTTLED,)),
        Row(UNFORESEEN, (errors.Unforeseen(),)),
        Row(LATER, (DOWN, BUSY)),
    ),
    unused=(errors.AlreadyExists,),
)

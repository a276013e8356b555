"""When the console answers each error with a page; and the JSON of the paths that no other door has."""

from typing import Final

from tools.generate.errors import Row, Table
from tools.generate.rows.phrases import (
    BUSY,
    DOWN,
    ERROR,
    LATER,
    LOGGED,
    STATUS,
    THROTTLED,
    TOO_MANY,
    UNFORESEEN,
    WRONG,
    WRONG_METHOD,
)
from v1 import errors
from v1.doors import console, ops
from v1.errors import AccessDenied, InvalidToken, MalformedRequest, MissingToken, MissingValue

CONSOLE: Final = Table(
    console,
    STATUS,
    (
        Row("after every act; `Location` is the page that says what was done", given={"status": "303"}),
        Row("there is no live session; `Location` is `/console/sign-in/`", (MissingToken(), InvalidToken())),
        Row(
            "a form of another session than the cookie's, in a second tab or from the back button: nothing was done",
            given={"status": "303"},
        ),
        Row(
            "a field is missing or wrong, or there twice; a body that is no form, or no UTF-8",
            (MissingValue(), MalformedRequest()),
        ),
        Row("at signing in or changing the password: wrong password, unknown or disabled user: one answer", (WRONG,)),
        Row(
            "a form that no page of the console sent: by `Sec-Fetch-Site`, or else `Origin` ([what it needs]"
            "(operating.md#the-console))",
            (AccessDenied(),),
        ),
        Row("administrators: disabling oneself", (AccessDenied(),)),
        Row(
            "nothing at this path; no user, token or page of that number; an administrator's page, for everybody else",
            (errors.UnknownPath("/console/x"), errors.NotFound()),
        ),
        Row("another method, with `Allow`", (WRONG_METHOD,)),
        Row("the form is over 16 KiB", (errors.BodyTooLarge(),)),
        Row(TOO_MANY, (THROTTLED,)),
        Row(LOGGED, (errors.Unforeseen(),)),
        Row(LATER, (DOWN, BUSY)),
    ),
    unused=(errors.AlreadyExists, errors.UnsupportedMediaType),
)

OTHER: Final = Table(
    ops,
    ERROR,
    (
        Row("nothing at this path", (errors.UnknownPath("/x"),)),
        Row("another method, with `Allow`", (WRONG_METHOD,)),
        Row(UNFORESEEN, (errors.Unforeseen(),)),
    ),
    unused=(
        *(errors.WrongCredentials, MissingToken, InvalidToken, AccessDenied, MalformedRequest),
        *(errors.UnsupportedMediaType, errors.BodyTooLarge, MissingValue, errors.NotFound, errors.AlreadyExists),
        *(errors.DatabaseDown, errors.Throttled, errors.Busy),
    ),
)

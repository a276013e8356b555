"""The service's errors, one class each, with the status, code and message that doors answer by default."""

from typing import Literal


class GatepassError(Exception):
    """The base of all errors that are answered. The ERRORS of a door override these values, for subclasses too."""

    status: int = 500  # the HTTP status
    code: str = "server_error"  # for programs: an error code of RFC 6749 or RFC 6750
    message: str = ""  # for people; if it is empty, the text that the error was raised with is shown
    retry_after: int = 0  # after how many seconds to try again; 0 if that does not help
    fields: tuple[str, ...] = ()  # the wrong or missing fields, as the request calls them


class WrongCredentials(GatepassError):
    """Unknown user, wrong password or disabled user. The answer to all three is the same.

    Only debug answers in development show `reason` ("username": no user has it) and the bytes of the `username`.
    """

    status, code, message = 401, "invalid_client", "The username or the password is wrong."

    def __init__(
        self, reason: Literal["username", "password", "disabled"], username: bytes = b"", user_id: int = 0
    ) -> None:
        super().__init__(reason)
        self.reason, self.username, self.user_id = reason, username, user_id


class NotIssued(Exception):
    """No token was issued: its owner is disabled or deleted, its parent was revoked, its name is taken, or the limit is
    reached. This one is never answered: v1/tokens/add.py turns it into a GatepassError."""

    def __init__(self, reason: Literal["owner", "parent", "name", "limit"]) -> None:
        super().__init__(reason)
        self.reason = reason


class MissingToken(GatepassError):
    """No access token came along, or the Authorization header is malformed."""

    status, code, message = 401, "invalid_token", "An access token is required."


class InvalidToken(GatepassError):
    """The access token is unknown, expired, revoked or of another kind. The answer does not say which.

    Only DeviceHive's door tells `reason`, which the token's signed claims reveal: its clients refresh an expired token.
    """

    status, code, message = 401, "invalid_token", "The access token is not valid. Please log in again."

    def __init__(self, reason: Literal["", "kind", "expired"] = "") -> None:
        super().__init__(reason)
        self.reason = reason


class AccessDenied(GatepassError):
    """The caller is known and may not do this. The text is safe to show to a person."""

    status, code = 403, "access_denied"


class BadRequest(GatepassError):
    """The request is wrong."""

    status, code = 400, "invalid_request"

    def __init__(self, text: str = "", fields: tuple[str, ...] = ()) -> None:
        super().__init__(text)
        self.fields = fields


class MalformedRequest(BadRequest):
    """Data of the wrong form. The text is safe to show to a person and names no value that was sent."""


class MissingValue(BadRequest):
    """A required value was not given. The text names it."""


class UnsupportedMediaType(BadRequest):
    """The request body is of a type that this door does not read."""

    status, message = 415, "The request is of a type that is not read."


class BodyTooLarge(BadRequest):
    """The request body is over the door's limit."""

    status, message = 413, "The request is too large."


class UnknownPath(BadRequest):
    """Nothing is served at this path."""

    status, message = 404, "Nothing is served at this path."

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


class WrongMethod(UnknownPath):
    """Something is served at this path, but not for this method. `allowed` lists the methods that are."""

    status, message = 405, "This method is not served here."

    def __init__(self, path: str, allowed: tuple[str, ...]) -> None:
        super().__init__(path)
        self.allowed = allowed


class NotFound(BadRequest):
    """There is no object of that id, or it is somebody else's."""

    status, message = 404, "There is nothing of that id."


class AlreadyExists(BadRequest):
    """The user has a live token of that name already."""

    status, message = 409, "There is one of that name already."


class Unforeseen(GatepassError):
    """An internal error, the answer to any unforeseen exception. The log has the details."""

    message = "Something went wrong on our side."


class Unavailable(GatepassError):
    """Nothing is wrong with the request. It may be sent again after `retry_after` seconds."""

    status, code, message = 503, "temporarily_unavailable", "The service is busy. Please try again soon."
    retry_after = 5


class DatabaseDown(Unavailable):
    """A query or a connection failed. `number` and `text` are the server's, for debug answers and operators.

    Only the text of a failed connection (`connecting`) may be logged: that of a statement may quote values.
    """

    def __init__(self, number: int, text: str, connecting: bool = False) -> None:
        super().__init__(number, text)
        self.number, self.text, self.connecting = number, text, connecting


class Throttled(Unavailable):
    """Too many failed logins. For the log: `scope` is the scope that must wait, `user_id` the account tried, or 0."""

    status, message = 429, "Too many tries. Please wait and try again."

    def __init__(self, retry_after: int, scope: str = "", user_id: int = 0) -> None:
        super().__init__(retry_after)
        self.retry_after, self.scope, self.user_id = retry_after, scope, user_id


class Busy(Unavailable):
    """Too many logins at once: the service cannot hash their passwords in time."""

    retry_after = 2

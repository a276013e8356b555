"""The service's errors: all that can be answered instead of a token. No HTTP objects are in here."""

from typing import Literal


class GatepassError(Exception):
    """The root of the family. A door answers with these values, unless the door's own ERRORS say otherwise."""

    status: int = 500  # of HTTP
    code: str = "server_error"  # for programs, of RFC 6749 and RFC 6750
    message: str = ""  # for people; where it is empty, the error's own text is: `str(error)`
    retry_after: int = 0  # seconds after which to try again; 0 where that does not help


class WrongCredentials(GatepassError):
    """Unknown user, wrong password or disabled user: one answer to the outside.

    `reason` and `username` (the bytes that were looked for) are for the development environment's debug answer.
    """

    status, code, message = 401, "invalid_client", "The username or the password is wrong."

    def __init__(
        self, reason: Literal["username", "password", "disabled"], username: bytes = b"", user_id: int = 0
    ) -> None:
        super().__init__(reason)
        self.reason, self.username, self.user_id = reason, username, user_id


class NotIssued(Exception):
    """No token was issued: its owner is disabled or gone, its parent was revoked, its name is taken, or there are as
    many as there may be. This one is never answered: callers turn it into a GatepassError."""

    def __init__(self, reason: Literal["owner", "parent", "name", "limit"]) -> None:
        super().__init__(reason)
        self.reason = reason


class MissingToken(GatepassError):
    """No access token came along, or the Authorization header is malformed."""

    status, code, message = 401, "invalid_token", "An access token is required."


class InvalidToken(GatepassError):
    """The access token is unknown, expired, revoked or of another kind; which of these is not told.

    `reason` is what a good signature tells by itself. DeviceHive's door alone says it, as its clients refresh on it.
    """

    status, code, message = 401, "invalid_token", "The access token is not valid. Please log in again."

    def __init__(self, reason: Literal["", "kind", "expired"] = "") -> None:
        super().__init__(reason)
        self.reason = reason


class AccessDenied(GatepassError):
    """The caller is known and may not do this. The text is safe to show to a person."""

    status, code = 403, "access_denied"


class BadRequest(GatepassError):
    """The request cannot be served as it is. `fields` names the fields to blame, as the wire names them."""

    status, code = 400, "invalid_request"

    def __init__(self, text: str = "", fields: tuple[str, ...] = ()) -> None:
        super().__init__(text)
        self.fields = fields


class MalformedRequest(BadRequest):
    """Data of the wrong form. The text is safe to show to a person and names no value that was sent."""


class MissingValue(BadRequest):
    """A required value was not given. The text names it."""


class MissingCredentials(BadRequest):
    """The username or the password was not supplied (PHP: `isset` is false)."""

    message = "A username and a password are required."


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
    """There is one of that name already."""

    status, message = 409, "There is one of that name already."


class Unforeseen(GatepassError):
    """An error nobody foresaw. It carries nothing: the log has the rest."""

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
    """Too many failed tries. `key` names what must wait, `user_id` whose account was tried (0: nobody's): both are for
    the log alone."""

    status, message = 429, "Too many tries. Please wait and try again."

    def __init__(self, retry_after: int, key: str = "", user_id: int = 0) -> None:
        super().__init__(retry_after)
        self.retry_after, self.key, self.user_id = retry_after, key, user_id


class Busy(Unavailable):
    """More logins than the service can hash in time."""

    retry_after = 2

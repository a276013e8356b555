"""Owns the Refusal family: all that can be said instead of a token. No HTTP in it; each door has its own words."""

from typing import Literal


class GatepassError(Exception):
    """The root of the family. Each door's ERRORS table says every member in that door's dialect."""


class WrongCredentials(GatepassError):
    """Unknown user, wrong password or disabled user: one answer to the outside.

    `reason` and `username` (the bytes that were looked for) are for the development environment's debug answer.
    """

    def __init__(
        self, reason: Literal["username", "password", "disabled"], username: bytes = b"", user_id: int = 0
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.username = username
        self.user_id = user_id


class NotIssued(Exception):
    """No token was issued. `reason` says why: its owner is disabled or gone, the token that mints it was revoked, the
    name is taken, or there are as many as there may be."""

    def __init__(self, reason: Literal["owner", "parent", "name", "limit"]) -> None:
        super().__init__(reason)
        self.reason = reason


class MissingCredentials(GatepassError):
    """The username or the password was not supplied (PHP: `isset` is false)."""


class MissingToken(GatepassError):
    """No access token came along, or the Authorization header is malformed."""


class InvalidToken(GatepassError):
    """The access token is unknown, expired, revoked or of another kind; which of these is not told.

    `reason` is what a good signature tells by itself. DeviceHive's door alone says it, as its clients refresh on it.
    """

    def __init__(self, reason: Literal["", "kind", "expired"] = "") -> None:
        super().__init__(reason)
        self.reason = reason


class AccessDenied(GatepassError):
    """The caller is known and may not do this. The text is safe to show to a person."""


class MalformedRequest(GatepassError):
    """Data of the wrong form. The text is safe to show to a person and names no value that was sent."""


class UnsupportedMediaType(GatepassError):
    """The request body is of a type that this door does not read."""


class BodyTooLarge(GatepassError):
    """The request body is over the door's limit."""


class UnknownPath(GatepassError):
    """Nothing is served at this path."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


class WrongMethod(UnknownPath):
    """Something is served at this path, but not for this method; `allowed` lists those it has."""

    def __init__(self, path: str, allowed: tuple[str, ...]) -> None:
        super().__init__(path)
        self.allowed = allowed


class MissingValue(GatepassError):
    """A required value was not given. The text names it."""


class NotFound(GatepassError):
    """There is no object of that id, or it is somebody else's."""


class AlreadyExists(GatepassError):
    """There is one of that name already."""


class Unforeseen(GatepassError):
    """An error nobody foresaw. It carries nothing: the log has the rest."""


class DatabaseDown(GatepassError):
    """A query or connection failed: the server's own error number and text (for debug answers and operators).

    Only the text of a failed connection (`connecting`) may be logged: that of a statement may quote values.
    """

    retry_after = 5  # seconds

    def __init__(self, number: int, text: str, connecting: bool = False) -> None:
        super().__init__(number, text)
        self.number = number
        self.text = text
        self.connecting = connecting


class Throttled(GatepassError):
    """Too many failed tries; `retry_after` in seconds. `key` names what must wait, `user_id` whose account was tried
    (0: nobody's): for the log alone."""

    def __init__(self, retry_after: int, key: str = "", user_id: int = 0) -> None:
        super().__init__(retry_after)
        self.retry_after = retry_after
        self.key = key
        self.user_id = user_id


class Busy(GatepassError):
    """More logins than the service can hash in time."""

    retry_after = 2  # seconds

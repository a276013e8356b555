"""One error of every class that the service has, as a door may have to answer it."""

from v1 import errors
from v1.errors import GatepassError

SECRET, NUMBER = "secret-detail", 9417
"""Stand in what an error carries for the log or for the development environment alone."""


def error_classes(root: type[GatepassError] = GatepassError) -> set[type[GatepassError]]:
    """The errors of the service: every class below the root that v1 defines."""
    found = {each for child in root.__subclasses__() for each in {child} | error_classes(child)}
    return {each for each in found if each.__module__.startswith("v1.")}


def make(kind: type[GatepassError]) -> GatepassError:
    """An error of this class."""
    made: dict[type[GatepassError], GatepassError] = {
        errors.WrongCredentials: errors.WrongCredentials("password"),
        errors.UnknownPath: errors.UnknownPath("/nothing"),
        errors.WrongMethod: errors.WrongMethod("/something", ("GET", "HEAD")),
        errors.DatabaseDown: errors.DatabaseDown(NUMBER, SECRET),
        errors.Throttled: errors.Throttled(7, f"pair:{SECRET}"),
    }
    has_text = issubclass(kind, errors.BadRequest | errors.AccessDenied)
    return made.get(kind) or (kind("Own text.") if has_text else kind())


EVERY = sorted(error_classes(), key=lambda each: each.__name__)

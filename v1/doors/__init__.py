"""The doors that are open. A door is one wire format: it reads requests and answers them in its own words.

A door is a package or a module with these names:

    PREFIXES              the paths below which it answers errors; () for a pre-Flask endpoint
    blueprint(core)       its paths (v1/doors/routes.py, v1/doors/pre_flask.py)
    read                  a request into values; raises the errors of v1/errors.py
    answer                values into a response
    refuse(core, error)   an error into a response (v1/doors/error_answers.py)

and, where it needs them:

    ACCEPTS               the kinds of token that open each of its operations
    ERRORS                how it answers an error, where that differs from the error's own status, code and message
    BODY_LIMITS           the most bytes of a body by path, where that is not v1/doors/body.py's LARGEST
    PATHS                 the paths of a pre-Flask endpoint

`openapi.json` in the package of a door, or `<door>.openapi.json` beside its module, describes its paths; `make docs`
joins all of them to docs/openapi.json.
"""

import re
from typing import Any, Final, Protocol

from flask import Blueprint

from v1.auth.core import Core
from v1.doors import body, console, ops
from v1.doors.apiops import auth as apiops_auth
from v1.doors.apiops import tokens as apiops_tokens
from v1.doors.devicehive import auth_api as devicehive
from v1.doors.media import rpc, stream
from v1.doors.mobile import oauth, sessions, verify
from v1.doors.rfc import introspection, revocation
from v1.errors import GatepassError


class Door(Protocol):
    """What the service asks of a door; `read` and `answer` are the door's own affair."""

    @property
    def PREFIXES(self) -> tuple[str, ...]: ...

    def blueprint(self, core: Core, /) -> Blueprint: ...

    def refuse(self, core: Core, error: GatepassError, /) -> Any: ...


DOORS: Final[tuple[Door, ...]] = (
    *(oauth, sessions, verify, introspection, revocation),
    *(rpc, stream, devicehive, apiops_auth, apiops_tokens, console, ops),
)

PRE_FLASK_PATHS: Final = tuple(path for door in DOORS for path in getattr(door, "PATHS", ()))

_BODY_LIMITS: Final[dict[str, int]] = {
    path: limit for door in DOORS for path, limit in getattr(door, "BODY_LIMITS", {}).items()
}


def of_path(path: str) -> Door:
    """The door that answers errors at this path: of all prefixes that the path has, the longest decides."""
    below = [(prefix, door) for door in DOORS for prefix in door.PREFIXES if (path + "/").startswith(prefix + "/")]
    return max(below, key=lambda each: len(each[0]))[1]


def body_limit(path: str) -> int:
    """The most bytes that the body of a request for this path may have."""
    return _BODY_LIMITS.get(re.sub("/+", "/", path).rstrip("/"), body.LARGEST)

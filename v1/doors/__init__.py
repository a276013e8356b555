"""The doors. A door is one wire format that the service speaks: it reads requests and answers them.

A door is a package or a module with these names:

    PREFIXES              the paths below which it answers errors; () for a pre-Flask endpoint
    blueprint(core)       its paths (v1/doors/routes.py, v1/doors/pre_flask.py, v1/doors/direct_views.py)
    read                  turns a request into values, or raises one of v1/errors.py
    answer                turns values into a response
    refuse(core, error)   turns an error into a response (v1/doors/error_answers.py)

and, if it needs them:

    ACCEPTS               the kinds of token that open each of its operations
    ERRORS                the status, code or message that it answers in place of an error's own
    BODY_LIMITS           the most bytes of a body, by path, if not LARGEST of v1/doors/body.py
    PATHS                 the paths of a pre-Flask endpoint

`openapi.json` in the package of a door, or `<door>.openapi.json` beside its module, describes its paths; `make docs`
joins all of them to docs/openapi.json.
"""

import re
from typing import Any, Final, Protocol
from urllib.parse import unquote

from flask import Blueprint, Flask

from v1.auth.core import Core
from v1.doors import body, console, ops, pre_flask
from v1.doors.apiops import auth as apiops_auth
from v1.doors.apiops import tokens as apiops_tokens
from v1.doors.devicehive import auth_api as devicehive
from v1.doors.media import rpc, stream
from v1.doors.mobile import oauth, sessions, verify
from v1.doors.rfc import introspection, revocation
from v1.errors import GatepassError


class Door(Protocol):
    """The names of a door that the service itself uses. `read` and `answer` are called by the door alone."""

    @property
    def PREFIXES(self) -> tuple[str, ...]: ...

    def blueprint(self, core: Core, /) -> Blueprint: ...

    def refuse(self, core: Core, error: GatepassError, /) -> Any: ...


DOORS: Final[tuple[Door, ...]] = (
    oauth,
    sessions,
    verify,
    introspection,
    revocation,
    rpc,
    stream,
    devicehive,
    apiops_auth,
    apiops_tokens,
    console,
    ops,
)

PRE_FLASK_PATHS: Final = tuple(path for door in DOORS for path in getattr(door, "PATHS", ()))

_BODY_LIMITS: Final[dict[str, int]] = {
    path: limit for door in DOORS for path, limit in getattr(door, "BODY_LIMITS", {}).items()
}


def of_path(path: str) -> Door:
    """The door that answers errors at this path: the one whose prefix of the path is the longest."""
    below = [(prefix, door) for door in DOORS for prefix in door.PREFIXES if (path + "/").startswith(prefix + "/")]
    return max(below, key=lambda each: len(each[0]))[1]


def body_limit(path: str) -> int:
    """The most bytes that the body of a request for this path may have."""
    return _BODY_LIMITS.get(re.sub("/+", "/", path).rstrip("/"), body.LARGEST)


def reads_body(app: Flask, path: str) -> bool:
    """Whether a POST for this path may have a body that is read. Other requests are answered whatever they announce."""
    path = re.sub("/+", "/", unquote(path))
    if endpoint := app.extensions[pre_flask.EXTENSION].get(path):
        return bool(endpoint.reads_body)
    return app.url_map.bind("").test(path, "POST")

"""The kinds of token: one table of what each is, how long it is good, and which operations it opens.

A kind opens only the operations that its row names. Doors ask `kinds_that_open` which kinds an operation accepts.
"""

from dataclasses import KW_ONLY, dataclass
from typing import Final, Literal

DAY: Final = 86_400
"""In seconds."""


@dataclass(frozen=True)
class Kind:
    """One kind of token. `name` is the value in `auth_tokens.kind`, `label` the console's word for it."""

    name: str
    label: str
    _: KW_ONLY
    text: Literal["hex", "prefixed", "signed"]
    """40 hex digits, as PHP's tokens have; a prefix and random letters; or a JWT."""

    prefix: str = ""
    presented: Literal["header", "cookie", "body", "url"] = "header"
    """The part of a request that carries it."""

    device: bool = False
    """It keeps a person signed in on a device. "Sign out all others" revokes these kinds only."""

    login: bool = False
    """A password mints it."""

    family: bool = False
    """It belongs to a token family, which is revoked as a whole (v1/tokens/families.py)."""

    scopes: tuple[str, ...] = ()
    """The scopes that a token of this kind may have (RFC 6749 3.3)."""

    seconds: int = 0
    """Its lifetime. 0 if a setting or the request gives the lifetime."""

    opens: tuple[str, ...] = ()
    """The operations that accept it, as `door.operation`."""


KINDS: Final = (
    Kind(
        "mobile",
        "Mobile app",
        text="hex",
        device=True,
        login=True,
        seconds=30 * DAY,  # what installed apps were promised
        opens=("sessions.list", "sessions.revoke", "sessions.revoke_one", "sessions.logout"),
    ),
    Kind(
        "api",
        "Server's API token",
        text="prefixed",
        prefix="gpa_",
        scopes=("introspect", "revoke", "stream"),
        opens=(
            "introspection.introspect",
            "revocation.revoke_user",
            "rpc.create_access_token",
            "rpc.check_access_token",
        ),
    ),
    Kind("stream", "Stream", text="signed", presented="url", opens=("stream.check",)),
    Kind(
        "jwt_access",
        "DeviceHive access",
        text="signed",
        device=True,
        family=True,
        seconds=30 * 60,
        opens=("devicehive.create", "devicehive.current_user"),
    ),
    Kind(
        "jwt_refresh",
        "DeviceHive session",
        text="signed",
        presented="body",
        device=True,
        login=True,
        family=True,
        seconds=182 * DAY,
        opens=("devicehive.refresh",),
    ),
    Kind(
        "management",
        "Management API",
        text="prefixed",
        prefix="gpm_",
        login=True,
        opens=("apiops.hello", "apiops_tokens.list", "apiops_tokens.create", "apiops_tokens.revoke"),
    ),
    Kind(
        "personal",
        "Personal API token",
        text="prefixed",
        prefix="gpp_",
        opens=("apiops.hello", "apiops_tokens.list"),
    ),
    Kind(
        "console",
        "Web console",
        text="prefixed",
        prefix="gpc_",
        presented="cookie",
        device=True,
        login=True,
        opens=("console.pages",),
    ),
)

BY_NAME: Final = {kind.name: kind for kind in KINDS}
NAMES: Final = tuple(BY_NAME)

DEVICES: Final = tuple(kind.name for kind in KINDS if kind.device)
"""The kinds that "sign out all others" revokes."""

SESSIONS: Final = tuple(kind.name for kind in KINDS if kind.device and kind.login)
"""The kinds that MAX_SESSIONS_PER_USER counts: an access token belongs to the session of its refresh token."""

LOGINS: Final = tuple(kind.name for kind in KINDS if kind.login)
"""The kinds that a password mints."""

REVOKED_WITH_PASSWORD: Final = tuple(kind.name for kind in KINDS if kind.login or kind.device)
"""The kinds that are revoked when the password changes: those that a password mints, and their children."""

API_TOKENS: Final = ("personal", "api")
"""The kinds that a program holds. No password brings them back."""

FAMILY: Final = tuple(kind.name for kind in KINDS if kind.family)
"""The kinds of a token family."""

VERIFIABLE: Final = tuple(kind.name for kind in KINDS if kind.presented == "header")
"""The kinds that VERIFY_KINDS may name."""


def kinds_that_open(operation: str) -> tuple[str, ...]:
    """The kinds that open this operation of a door; none for an unknown operation."""
    return tuple(kind.name for kind in KINDS if operation in kind.opens)

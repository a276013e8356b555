"""The records that pass between packages: frozen dataclasses. No secret is in a repr."""

import json
from dataclasses import dataclass, field
from typing import Final

LAST_ACCESS_SECONDS: Final = 60
"""A use within so many seconds of `auth_tokens.last_access` is not written."""


def scopes(claims: str) -> tuple[str, ...]:
    """The scopes in a token's claims, which are JSON or empty."""
    found = json.loads(claims).get("scope", "") if claims else ""
    return tuple(str(found).split())


@dataclass(frozen=True)
class User:
    """A row of `users`. `password` is the stored hash as bytes, empty for NULL; a leading `!` disables the user.

    For an unknown name, a login works with a user of id 0.
    """

    id: int
    username: str
    password: bytes = field(repr=False)
    access_level: int
    is_admin: bool
    creation_time: str
    rehash_cost: int = 0
    """The bcrypt cost at which a login last rehashed the password; 0 if none did."""

    @property
    def disabled(self) -> bool:
        return self.password.startswith(b"!")


@dataclass(frozen=True)
class Profile:
    """A row of `profiles`: what a user entered in the console. At most 100, 254, 16 and 64 characters."""

    full_name: str = ""
    email: str = ""
    language: str = ""
    """A code such as `tr`; empty for the browser's choice."""

    time_zone: str = ""
    """A zone of the IANA database, such as `Europe/Istanbul`; empty for UTC."""


@dataclass(frozen=True)
class Credentials:
    """A username and a password, as bytes."""

    username: bytes
    password: bytes = field(repr=False)


@dataclass(frozen=True)
class Client:
    """The caller's device, address and User-Agent, as stored with a token. `device_info` has at most 200 characters."""

    device_info: str
    remote_ip: str
    user_agent: str


@dataclass(frozen=True)
class Token:
    """A row of `auth_tokens` without its digest. Times are Unix seconds. User 0: the token belongs to a server."""

    id: int
    user_id: int
    kind: str
    name: str | None
    device_info: str
    remote_ip: str
    creation_time: int
    last_access: int
    expiry: int
    claims: str = ""
    """JSON, or empty."""

    last_ip: str = ""
    """The client at the last use of an API token. Empty if it is not known, and for other kinds."""

    @property
    def scopes(self) -> tuple[str, ...]:
        """What an API token may do."""
        return scopes(self.claims)


@dataclass(frozen=True)
class Device:
    """The live tokens of one user of the same kind, device and address: the newest, and how many there are.

    `token` has the first creation and the last use of all of them.
    """

    token: Token
    tokens: int
    user_agent: str
    """The newest one's."""


@dataclass(frozen=True, kw_only=True)
class NewToken:
    """A token that is about to be issued. Times are Unix seconds."""

    kind: str
    owner: int
    """The user's id; 0 for an API token of a server, which belongs to no user, and for the stream tokens it mints."""

    client: Client
    now: int
    expiry: int
    name: str | None = None
    claims: str = ""
    """JSON, or empty."""

    parent: int = 0
    """The id of the token that mints this one; no row is added once that is revoked. 0 for none."""

    requested_by: int = 0
    """The id of the token that the caller presented, for the log. 0 for none."""

    max_children: int = 0
    """How many live tokens of this kind there may be among the parent and its children, this one included; 0 for no
    limit."""

    last_access: int | None = None
    """`now`, if None."""


@dataclass(frozen=True)
class PresentedToken:
    """The live token that a caller presented: the columns that a check needs."""

    id: int
    kind: str
    last_access: int
    expiry: int
    claims: str = ""
    parent: int = 0
    """The id of the token that minted it; 0 for none."""

    @property
    def scopes(self) -> tuple[str, ...]:
        """What an API token may do."""
        return scopes(self.claims)


@dataclass(frozen=True)
class Principal:
    """The authenticated caller. User 0: a server, which presented its API token."""

    user_id: int
    username: str
    access_level: int
    is_admin: bool


@dataclass(frozen=True)
class Issued:
    """A new token. `secret` is its text. The door sends it to the client; it is never stored, logged or in a repr."""

    secret: str = field(repr=False)
    token: Token

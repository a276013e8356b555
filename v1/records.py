"""Owns the records that pass between the rooms: frozen dataclasses, with every secret kept out of their repr."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

ACCESS_SECONDS: Final = 60
"""`auth_tokens.last_access` is at most this much older than the last use."""


def scopes(claims: str) -> tuple[str, ...]:
    """The scopes in a token's claims, which are JSON or empty."""
    found = json.loads(claims).get("scope", "") if claims else ""
    return tuple(str(found).split())


@dataclass(frozen=True)
class User:
    """A row of `users`. `password` is the stored hash as bytes, empty for a NULL; a leading `!` disables the user.

    User 0 is nobody: what a login finds under a name that no user has.
    """

    id: int
    username: str
    password: bytes = field(repr=False)
    access_level: int
    is_admin: bool
    creation_time: str
    rehash_cost: int = 0
    """The bcrypt cost at which a login last rehashed the password; 0: none did."""

    @property
    def disabled(self) -> bool:
        return self.password.startswith(b"!")


@dataclass(frozen=True)
class Profile:
    """What a user says of themselves: a row of `profiles`. At most 100, 254 and 16 characters."""

    full_name: str = ""
    email: str = ""
    language: str = ""
    """A code as `tr`, or empty: the browser's choice."""


@dataclass(frozen=True)
class Client:
    """What a caller says of itself, kept beside the session. `device_info` has at most 200 characters."""

    device_info: str
    remote_ip: str
    user_agent: str


@dataclass(frozen=True)
class Token:
    """A row of `auth_tokens` but for its digest. All times are Unix seconds. A token of user 0 is nobody's own."""

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

    @property
    def scopes(self) -> tuple[str, ...]:
        """What an API token may do."""
        return scopes(self.claims)


@dataclass(frozen=True)
class PresentedToken:
    """The token by which a caller proved who they are: what a check of it needs, and no more."""

    id: int
    kind: str
    last_access: int
    expiry: int
    claims: str = ""
    parent: int = 0
    """The id of the token that made it or that it hangs on; 0 for none."""

    @property
    def scopes(self) -> tuple[str, ...]:
        """What an API token may do."""
        return scopes(self.claims)


@dataclass(frozen=True)
class Principal:
    """Who a proof has shown the caller to be. User 0 is nobody: the proof is an API token of a server."""

    user_id: int
    username: str
    access_level: int
    is_admin: bool


@dataclass(frozen=True)
class Issued:
    """A new token: the one place where its text exists. It is handed to the door and never stored, logged or shown."""

    secret: str = field(repr=False)
    token: Token


@dataclass(frozen=True)
class Keys:
    """What a failed login is counted under: the user, or else the digest of the name, and the address."""

    user_id: int
    name_digest: str
    address: str


@dataclass(frozen=True)
class Waiting:
    """Who must wait before the next try: `blocked_until` in Unix seconds. User 0 and no name where it is nobody's."""

    scope: str
    user_id: int
    username: str
    address: str
    failures: int
    blocked_until: float


@dataclass(frozen=True)
class ThrottleState:
    """What the throttle knows before a try. `name_digest` stands for the name, in all its spellings; `address` for an
    IPv6 /64 too, by its first. `blocked_until` by scope in Unix seconds; `failures` are the pair's; `signed_in`: the
    account holds an unexpired token from this address."""

    name_digest: str
    address: str
    blocked_until: Mapping[str, float]
    failures: int
    signed_in: bool

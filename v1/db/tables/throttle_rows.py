"""What the table `login_throttle` says about failed logins: frozen dataclasses."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class ThrottleKeys:
    """What a failed login is counted under: the user, or the digest of a name that no user has, and the address."""

    user_id: int
    name_digest: str
    address: str


@dataclass(frozen=True)
class ThrottleState:
    """What is known of earlier failures before a login is tried.

    `name_digest` is the same for all spellings of a name. `address` is the first address of an IPv6 /64.
    `blocked_until` is in Unix seconds, by scope. `failures` is the counter of this account from this address.
    `signed_in`: the account has an unexpired token from this address.
    """

    name_digest: str
    address: str
    blocked_until: Mapping[str, float]
    failures: int
    signed_in: bool


@dataclass(frozen=True)
class Waiting:
    """A counter that blocks now: who must wait, until `blocked_until` in Unix seconds.

    The user is 0 and the name empty if the scope is an address, or if no user has the name.
    """

    scope: str
    user_id: int
    username: str
    address: str
    failures: int
    blocked_until: float


@dataclass(frozen=True)
class Counter:
    """A counter of failures, which may block or not. `blocked_until` is in Unix seconds; 0 if it never blocked."""

    scope: str
    address: str
    failures: int
    blocked_until: float

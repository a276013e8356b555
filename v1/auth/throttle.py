"""The login throttle: what a failed login is counted under, and who must wait before the next try.

The state is in MySQL: all workers and nodes share it, and it survives a restart. It is read together with the user's
row, before the hash, and written only after a failure. No account is ever locked for good, and no one can lock a user
out of an address where they are signed in.
"""

import hashlib
import ipaddress
import math
import zlib
from typing import Final

from v1.db.tables.throttle_rows import ThrottleKeys, ThrottleState
from v1.errors import Throttled
from v1.records import User
from v1.settings import Settings

CLOCK_SLACK_SECONDS: Final = 3600
"""A wait that ends this much later than any wait can was counted by a clock that ran ahead. It is ignored."""

SHARED: Final = ("address", "account")
"""Scopes that many share: everybody hears how long to wait. The wait of a pair would tell who was let through."""

EVERYONE_SECONDS: Final = 2
"""An attack is over this long after the last counted failure. No one is told to wait longer because of it."""

TURN_SECONDS: Final = 2
TURNS: Final = 5
"""While an attack lasts, each pair has one turn of TURN_SECONDS out of TURNS."""


def network(address: str) -> str:
    """The address that failures are counted under: for IPv6 the first of its /64, as one customer has all of it."""
    if ":" not in address:
        return address
    return str(ipaddress.ip_network((address, 64), strict=False)[0])


def digest(username: bytes) -> str:
    """The digest of a name that the column cannot hold.

    For other unknown names the server makes a digest of the name as it compares it. Names themselves are never kept:
    people type passwords there by mistake.
    """
    return hashlib.sha256(username).hexdigest()


def keys(user: User, state: ThrottleState) -> ThrottleKeys:
    """What a failure is counted under. For a known user that is the id, so that all spellings of a name are one."""
    return ThrottleKeys(user.id, "" if user.id else state.name_digest, state.address)


def check(settings: Settings, user: User, state: ThrottleState, now: float) -> Throttled | None:
    """Raises Throttled if this try must wait. Scopes that are switched off are not looked at.

    An account that is signed in from this address may try in spite of all scopes but `pair`. Then the Throttled that
    everybody else would get is returned: it is raised for a wrong password, so that no one can tell who is signed in.
    """
    waits = _waits(settings, state, now)
    if not waits:
        return None
    scope = next((scope for scope in SHARED if scope in waits), max(waits, key=lambda scope: waits[scope]))
    error = Throttled(math.ceil(waits[scope]), scope, user.id)
    if "pair" in waits or not state.signed_in:
        raise error
    return error


def is_attack(settings: Settings, state: ThrottleState, now: float) -> bool:
    """Do all addresses together fail more often than THROTTLE_EVERYONE allows?"""
    ahead = state.blocked_until["everyone"] - now
    return bool(settings.throttle_everyone) and 0 < ahead <= EVERYONE_SECONDS + CLOCK_SLACK_SECONDS


def _waits(settings: Settings, state: ThrottleState, now: float) -> dict[str, float]:
    """The seconds to wait, by scope."""
    furthest = max(settings.throttle_delay_max_seconds, settings.throttle_address_seconds) + CLOCK_SLACK_SECONDS
    ahead = {scope: until - now for scope, until in state.blocked_until.items() if scope != "everyone"}
    waits = {scope: wait for scope, wait in ahead.items() if 0 < wait <= furthest}
    waits = {scope: wait for scope, wait in waits.items() if getattr(settings, f"throttle_{scope}")}
    if is_attack(settings, state, now) and (wait := _until_turn(state, now)):
        waits["everyone"] = wait
    return waits


def _until_turn(state: ThrottleState, now: float) -> float:
    """The seconds that this pair is told to wait while an attack lasts; 0 if its turn is now.

    A checksum of the name's digest and the address gives the turn. So a fifth of all pairs may try at any time, a pair
    that comes back as told is let in within ten seconds, and nothing is stored for those who wait.
    """
    turn = zlib.crc32(f"{state.name_digest} {state.address}".encode())
    turns = (turn - int(now // TURN_SECONDS)) % TURNS
    return min(turns * TURN_SECONDS - now % TURN_SECONDS, EVERYONE_SECONDS) if turns else 0


def limits(settings: Settings) -> dict[str, int]:
    """The parameters of the statement login_throttle.count that come from the settings.

    A limit is the number of the failure from which on a scope is blocked. 0 switches the scope off.
    """
    return {
        "pair_limit": settings.throttle_pair and settings.throttle_pair + 1,  # the setting says how many are free
        "address_limit": settings.throttle_address,
        "account_limit": settings.throttle_account,
        "everyone_limit": settings.throttle_everyone,
        "address_seconds": settings.throttle_address_seconds,
        "account_seconds": settings.throttle_account_seconds,
        "everyone_seconds": settings.throttle_everyone_seconds,
        "delay": settings.throttle_delay_seconds,
        "delay_max": settings.throttle_delay_max_seconds,
        "everyone_delay": EVERYONE_SECONDS,
        "pair_seconds": settings.throttle_forget_seconds,
        "clock_slack": CLOCK_SLACK_SECONDS,
    }


def of_pair_alone(all_limits: dict[str, int]) -> dict[str, int]:
    """The same with every scope but `pair` switched off."""
    return all_limits | dict.fromkeys(("address_limit", "account_limit", "everyone_limit"), 0)


def of_account_alone(all_limits: dict[str, int]) -> dict[str, int]:
    """The same with only the scopes of an account: for the second name of one guess."""
    return all_limits | dict.fromkeys(("address_limit", "everyone_limit"), 0)

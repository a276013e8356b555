"""The login throttle: under which scopes a failed login is counted, and who must wait before the next try.

    pair      one account from one address: after some free failures, each further one doubles the wait
    address   all accounts from one address: beyond the limit it waits until its window ends
    account   one account from all addresses: beyond the limit, each further failure doubles the wait
    everyone  all failures: beyond the limit an attack is on, and pairs take turns

An account is exempt from all scopes but `pair` at an address where it is signed in: nobody can lock a user out there.
Every wait ends by itself. The counters are in MySQL, so all workers and nodes share them. They are read with the user's
row, before the hash, and written only after a failure (sql/queries/login_throttle.sql).
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
"""How far the clock of a node may run ahead. A wait that exceeds the longest one by more is ignored."""

SCOPES: Final = ("pair", "address", "account")
"""The scopes that block what they count. `everyone` makes pairs take turns."""

TOLD_FIRST: Final = ("address", "account")
"""The scopes whose wait is told even if `pair` waits longer. While these wait, only an exempt account still adds to its
`pair`, so the wait of its pair would tell that it is signed in."""

ATTACK_SECONDS: Final = 2
"""An attack is over this long after the last counted failure. It is also the longest wait that `everyone` gives."""

TURN_SECONDS: Final = 2
TURNS: Final = 5
"""During an attack, each pair may log in for TURN_SECONDS and then waits for the other TURNS - 1 turns."""


def network(address: str) -> str:
    """The address that failures are counted under. For IPv6 it is the first of the /64, which one customer has."""
    if ":" not in address:
        return address
    return str(ipaddress.ip_network((address, 64), strict=False)[0])


def digest(username: bytes) -> str:
    """The digest that stands for a name which the column cannot hold. For any other unknown name, the database makes
    one that is the same for all spellings it takes as equal (sql/queries/login.sql).

    Names themselves are never stored: people type passwords there by mistake.
    """
    return hashlib.sha256(username).hexdigest()


def keys(user: User, state: ThrottleState) -> ThrottleKeys:
    """What a failure is counted under: the user's id or the digest of an unknown name, and the address."""
    return ThrottleKeys(user.id, "" if user.id else state.name_digest, state.address)


def check(settings: Settings, user: User, state: ThrottleState, now: float) -> Throttled | None:
    """Raise Throttled if this login must wait. Scopes that are switched off do not count.

    An exempt account need not wait for other scopes than `pair`. For it, this returns the Throttled that any other
    account would get: a wrong password is answered with that, so that the answer does not tell who is signed in.
    """
    waits = _waits(settings, state, now)
    if not waits:
        return None
    scope = next((scope for scope in TOLD_FIRST if scope in waits), max(waits, key=lambda scope: waits[scope]))
    error = Throttled(math.ceil(waits[scope]), scope, user.id)
    if "pair" in waits or not state.signed_in:
        raise error
    return error


def is_attack(settings: Settings, state: ThrottleState, now: float) -> bool:
    """Do all addresses together fail more often than THROTTLE_EVERYONE allows?"""
    return is_attack_at(settings, state.blocked_until["everyone"], now)


def is_attack_at(settings: Settings, blocked_until: float, now: float) -> bool:
    """Is an attack on, by the counter of `everyone`?"""
    return bool(settings.throttle_everyone) and 0 < blocked_until - now <= ATTACK_SECONDS + CLOCK_SLACK_SECONDS


def seconds_left(settings: Settings, scope: str, blocked_until: float, now: float) -> float:
    """For how many seconds a counter of one of SCOPES still blocks; 0 if it does not, or is switched off."""
    if not getattr(settings, f"throttle_{scope}"):
        return 0
    longest = max(settings.throttle_delay_max_seconds, settings.throttle_address_seconds) + CLOCK_SLACK_SECONDS
    remaining = blocked_until - now
    return remaining if 0 < remaining <= longest else 0


def _waits(settings: Settings, state: ThrottleState, now: float) -> dict[str, float]:
    """The seconds to wait, for each scope that makes this login wait."""
    found = {scope: seconds_left(settings, scope, state.blocked_until[scope], now) for scope in SCOPES}
    waits = {scope: seconds for scope, seconds in found.items() if seconds}
    if is_attack(settings, state, now) and (seconds := _until_turn(state, now)):
        waits["everyone"] = seconds
    return waits


def _until_turn(state: ThrottleState, now: float) -> float:
    """The seconds that this pair is told to wait during an attack; 0 if its turn is now.

    A checksum of the name's digest and the address gives the turn, so nothing is stored for those who wait. A fifth of
    all pairs may try at any time. A client that comes back when it is told to is let in within ten seconds.
    """
    turn = zlib.crc32(f"{state.name_digest} {state.address}".encode())
    turns = (turn - int(now // TURN_SECONDS)) % TURNS
    return min(turns * TURN_SECONDS - now % TURN_SECONDS, ATTACK_SECONDS) if turns else 0


def limits(settings: Settings) -> dict[str, int]:
    """The parameters of the statement login_throttle.count that come from the settings.

    A limit is the number of the failure from which on a scope is blocked. 0 switches the scope off.
    """
    return {
        "pair_limit": settings.throttle_pair and settings.throttle_pair + 1,  # the setting counts the free failures
        "address_limit": settings.throttle_address,
        "account_limit": settings.throttle_account,
        "everyone_limit": settings.throttle_everyone,
        "address_seconds": settings.throttle_address_seconds,
        "account_seconds": settings.throttle_account_seconds,
        "everyone_seconds": settings.throttle_everyone_seconds,
        "delay": settings.throttle_delay_seconds,
        "delay_max": settings.throttle_delay_max_seconds,
        "everyone_delay": ATTACK_SECONDS,
        "pair_seconds": settings.throttle_forget_seconds,
        "clock_slack": CLOCK_SLACK_SECONDS,
    }


def only_pair(all_limits: dict[str, int]) -> dict[str, int]:
    """These limits with every scope but `pair` switched off."""
    return all_limits | dict.fromkeys(("address_limit", "account_limit", "everyone_limit"), 0)


def only_account(all_limits: dict[str, int]) -> dict[str, int]:
    """These limits with only `pair` and `account` switched on: for the second name of one guess."""
    return all_limits | dict.fromkeys(("address_limit", "everyone_limit"), 0)

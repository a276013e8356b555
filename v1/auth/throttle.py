"""Owns the limits on guessing: what a failed login is counted under, and who must wait.

The state is in MySQL, so that all workers and nodes share it and a restart forgets nothing. It is read with the user's
row before the hash and written only after a failure. No account is ever locked for good, and nobody can from elsewhere
lock a user out of an address that they are signed in from.
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
"""A wait that lies so much further ahead than any can be was counted by a clock that ran ahead, and holds nobody."""

SHARED: Final = ("address", "account")
"""Scopes that many share: everybody hears how long to wait. The wait of a pair would tell who was let through."""

EVERYONE_SECONDS: Final = 2
"""An attack is over so long after the last failure that was counted. Nobody is told to wait longer for it."""

TURN_SECONDS: Final = 2
TURNS: Final = 5
"""While an attack lasts pairs take turns of so many seconds, and each pair has one in so many."""


def network(address: str) -> str:
    """What counts as one address: all of an IPv6 /64, which one customer is given, under its first. "" stays: none."""
    if ":" not in address:
        return address
    return str(ipaddress.ip_network((address, 64), strict=False)[0])


def digest(username: bytes) -> str:
    """What stands for a name that no column can hold. (For others that nobody has the server makes one, as it compares
    them. People type a password there by mistake: a name is never kept itself.)"""
    return hashlib.sha256(username).hexdigest()


def keys(user: User, standing: ThrottleState) -> ThrottleKeys:
    """The account is the user's id, so that all spellings of a name which the column takes as equal are one."""
    return ThrottleKeys(user.id, "" if user.id else standing.name_digest, standing.address)


def check(settings: Settings, user: User, standing: ThrottleState, now: float) -> Throttled | None:
    """Raises Throttled if this try must wait; `retry_after` says how long. A key that is switched off holds nobody.

    An account that is signed in from this address may try all the same, but for its pair. Then what is returned is what
    everybody else gets here: a wrong password is answered with it, so that nobody sees who is signed in.
    """
    waits = _waits(settings, standing, now)
    if not waits:
        return None
    key = next((scope for scope in SHARED if scope in waits), max(waits, key=lambda scope: waits[scope]))
    refusal = Throttled(math.ceil(waits[key]), key, user.id)
    if "pair" in waits or not standing.signed_in:
        raise refusal
    return refusal


def is_attack(settings: Settings, standing: ThrottleState, now: float) -> bool:
    """Have all addresses together failed more often than they may, until just now?"""
    ahead = standing.blocked_until["everyone"] - now
    return bool(settings.throttle_everyone) and 0 < ahead <= EVERYONE_SECONDS + CLOCK_SLACK_SECONDS


def _waits(settings: Settings, standing: ThrottleState, now: float) -> dict[str, float]:
    """The seconds to wait, by key."""
    furthest = max(settings.throttle_delay_max_seconds, settings.throttle_address_seconds) + CLOCK_SLACK_SECONDS
    ahead = {scope: until - now for scope, until in standing.blocked_until.items() if scope != "everyone"}
    waits = {scope: wait for scope, wait in ahead.items() if 0 < wait <= furthest}
    waits = {scope: wait for scope, wait in waits.items() if getattr(settings, f"throttle_{scope}")}
    if is_attack(settings, standing, now) and (wait := _until_turn(standing, now)):
        waits["everyone"] = wait
    return waits


def _until_turn(standing: ThrottleState, now: float) -> float:
    """The seconds that this pair is told to wait while an attack lasts; 0 if its turn is now.

    A checksum gives the turn: at any time a fifth of all pairs may try, one that comes again as told is in within ten
    seconds, and nothing is written for those who wait. (It is of the name's digest, and so tells nothing of the user.)
    """
    turn = zlib.crc32(f"{standing.name_digest} {standing.address}".encode())
    turns = (turn - int(now // TURN_SECONDS)) % TURNS
    return min(turns * TURN_SECONDS - now % TURN_SECONDS, EVERYONE_SECONDS) if turns else 0


def numbers(settings: Settings) -> dict[str, int]:
    """The settings as the statement that counts wants them: the failure that starts the waiting, and seconds."""
    return {
        "pair": settings.throttle_pair and settings.throttle_pair + 1,  # so many are free
        "address_limit": settings.throttle_address,
        "account": settings.throttle_account,
        "everyone": settings.throttle_everyone,
        "address_seconds": settings.throttle_address_seconds,
        "account_seconds": settings.throttle_account_seconds,
        "everyone_seconds": settings.throttle_everyone_seconds,
        "delay": settings.throttle_delay_seconds,
        "delay_max": settings.throttle_delay_max_seconds,
        "everyone_delay": EVERYONE_SECONDS,
        "forget": settings.throttle_forget_seconds,
        "slack": CLOCK_SLACK_SECONDS,
    }


def of_pair_alone(limits: dict[str, int]) -> dict[str, int]:
    """The same numbers with every key but `pair` switched off."""
    return limits | dict.fromkeys(("address_limit", "account", "everyone"), 0)


def of_account_alone(limits: dict[str, int]) -> dict[str, int]:
    """The same numbers with the keys switched off that are not of an account: what a second name of one guess costs."""
    return limits | dict.fromkeys(("address_limit", "everyone"), 0)

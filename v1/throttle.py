"""Owns the limits on guessing: what a failed login is counted under, and who must wait.

The state is in MySQL, so that all workers and nodes share it and a restart forgets nothing. It is read with the user's
row before the hash and written only after a failure. No account is ever locked for good, and nobody can from elsewhere
lock a user out of an address that they are signed in from.
"""

import hashlib
import ipaddress
import math
from typing import Final

from v1.errors import Throttled
from v1.records import Keys, Network, Standing, User
from v1.settings import Settings

CLOCK_SLACK_SECONDS: Final = 3600
"""A wait that lies so much further ahead than any can be was counted by a clock that ran ahead, and holds nobody."""


def network(address: str) -> Network:
    """What counts as one address: all of an IPv6 /64, which one customer is given. "" stays: there is none."""
    if ":" not in address:
        return Network(address, address)
    block = ipaddress.ip_network((address, 64), strict=False)
    return Network(str(block[0]), str(block[-1]))


def digest(username: bytes) -> str:
    """What stands for a name that no column can hold. (For others that nobody has the server makes one, as it compares
    them. People type a password there by mistake: a name is never kept itself.)"""
    return hashlib.sha256(username).hexdigest()


def keys(user: User | None, standing: Standing, address: Network) -> Keys:
    """The account is the user's id, so that all spellings of a name which the column takes as equal are one."""
    return Keys(user.id if user else 0, standing.name_digest, address.first)


def check(settings: Settings, user: User | None, standing: Standing, now: float) -> None:
    """Raises Throttled if this try must wait; `retry_after` says how long. A key that is switched off holds nobody."""
    furthest = max(settings.throttle_delay_max_seconds, settings.throttle_address_seconds) + CLOCK_SLACK_SECONDS
    waits = {scope: until - now for scope, until in standing.blocked_until.items() if 0 < until - now <= furthest}
    for scope in list(waits):
        exempt = scope != "pair" and standing.signed_in
        if exempt or not getattr(settings, f"throttle_{scope}"):
            del waits[scope]
    if waits:
        longest = max(waits, key=lambda scope: waits[scope])
        raise Throttled(math.ceil(waits[longest]), longest, user.id if user else 0)


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
        "forget": settings.throttle_forget_seconds,
        "slack": CLOCK_SLACK_SECONDS,
    }

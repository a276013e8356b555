"""Owns proof by password: the user's row, what the throttle knows, the hash, and the count of a wrong guess.

Every step costs the same whether there is such a user or not.
"""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from v1.auth import throttle
from v1.auth.core import Core
from v1.errors import DatabaseDown, GatepassError, Throttled, WrongCredentials
from v1.observe import metrics
from v1.passwords.hashes import Check, Passwords
from v1.records import Client, Keys, ThrottleState, User

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Credentials:
    """A username and a password, as bytes."""

    username: bytes
    password: bytes = field(repr=False)


@dataclass(frozen=True)
class Failure:
    """A wrong password. `told` is what is said in place of `reason`, where everybody else is told to wait."""

    reason: WrongCredentials
    told: Throttled | None
    keys: Keys


def prove(core: Core, readings: Sequence[Credentials], client: Client) -> tuple[User, Credentials]:
    """Whose credentials these are, and which reading of them it was. The failures of all readings are counted as one.

    Raises WrongCredentials; Throttled where everybody is told to wait, in its place too (see `throttle.check`).
    """
    failures: list[Failure] = []
    try:
        for credentials in readings:
            found = _try(core, credentials, throttle.network(client.remote_ip))
            if isinstance(found, User):
                return found, credentials
            failures.append(found)
    except GatepassError:
        _count(core, failures)  # a second reading that is refused hides no wrong first one
        raise
    _count(core, failures)
    raise next((failure.told for failure in failures if failure.told), failures[0].reason)


def _try(core: Core, credentials: Credentials, address: str) -> User | Failure:
    """In order: the user's row and what the throttle knows, the password (at the same cost whatever the row), the
    throttle again if others failed meanwhile, the rehash of an outdated hash. Raises Throttled."""
    username, password = credentials.username, credentials.password
    counted = core.tables.login_throttle.counted
    user, standing, told = _look(core, username, address)
    stored = user.password if user.id and not user.disabled else None
    check, rehashed = core.hashing.run(lambda: _hash(core.passwords, password, stored, user.rehash_cost))
    if core.tables.login_throttle.counted != counted:
        # A crowd of guesses stands in line together: those beyond the limit learn nothing from their hash.
        _, standing, told = _look(core, username, address)
    keys = throttle.keys(user, standing)
    if not check.readable:
        core.write_behind.warn("password.unreadable", user.id)
    if not check.ok:
        return Failure(_refused(user, username), told, keys)
    if standing.failures:
        core.tables.login_throttle.clear(keys)
    if rehashed:
        _rehash(core, user, rehashed)
    elif check.needs_rehash:
        core.write_behind.warn("password.rehash_undone", 0)
    return replace(user, password=rehashed or user.password)


def _count(core: Core, failures: Sequence[Failure]) -> None:
    """Count a guess. Where everybody is told to wait it counts for the pair alone, so that no wait grows with it. Its
    second reading, of another name, counts for that account too, and not twice for all others."""
    limits, counted = throttle.numbers(core.settings), set[Keys]()
    for failure in failures:
        if failure.keys not in counted:
            own = throttle.of_account_alone(limits) if counted else limits
            numbers = throttle.of_pair_alone(own) if failure.told else own
            core.tables.login_throttle.count(failure.keys, numbers, core.clock())
            counted.add(failure.keys)


def _look(core: Core, username: bytes, address: str) -> tuple[User, ThrottleState, Throttled | None]:
    """The user of that name, where they stand, and what a wrong password is answered with if not as such. Raises
    Throttled."""
    now = core.clock()
    user, standing = core.tables.users.find_for_login(username, throttle.digest(username), address, now)
    if throttle.is_attack(core.settings, standing, now):
        core.write_behind.attack()
    return user, standing, throttle.check(core.settings, user, standing, now)


def _hash(
    passwords: Passwords, password: bytes, stored: bytes | None, rehash_cost: int
) -> tuple[Check, bytes | None]:
    """All of a login's hashing, in one turn: the check, and the new hash if the stored one is outdated.

    A row that was rehashed at this cost before stays as it came back: PHP before 8.4 would undo it at every login.
    """
    started = time.perf_counter()
    check = passwords.check(password, stored)
    metrics.hash_seconds.labels(check.algorithm).observe(time.perf_counter() - started)
    rehash = check.needs_rehash and rehash_cost < passwords.cost
    return check, passwords.hash(password) if rehash else None


def _refused(user: User, username: bytes) -> WrongCredentials:
    if not user.id:
        return WrongCredentials("username", username)
    return WrongCredentials("disabled" if user.disabled else "password", username, user.id)


def _rehash(core: Core, user: User, new: bytes) -> None:
    """Write the password anew at the configured cost, as PHP can read it. The login succeeds without it, too."""
    try:
        core.tables.users.rehash(user.id, user.password, new, core.passwords.cost)
    except DatabaseDown:
        extra = {"event": "password.rehash_failed", "user_id": user.id}
        log.warning("user %s: the rehash was not written", user.id, extra=extra)

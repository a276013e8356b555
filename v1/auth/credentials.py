"""Authentication by password: the user's row, the throttle, the hash, and the count of a wrong guess.

Every step costs the same whether there is such a user or not.
"""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from v1.auth import throttle
from v1.auth.core import Core
from v1.db.tables.throttle_rows import ThrottleKeys, ThrottleState
from v1.errors import DatabaseDown, GatepassError, Throttled, WrongCredentials
from v1.observe import metrics
from v1.passwords.hashes import Check, Passwords
from v1.records import Client, Credentials, User

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Attempt:
    """A login whose password was right: the user, as read before the hash, and the credentials that fit."""

    user: User
    credentials: Credentials


@dataclass(frozen=True)
class Failure:
    """A wrong password. `instead` is raised in place of `error` where everybody else is told to wait."""

    error: WrongCredentials
    instead: Throttled | None
    keys: ThrottleKeys


def authenticate(core: Core, readings: Sequence[Credentials], client: Client) -> Attempt:
    """The user whose credentials these are, by the first reading that fits. All wrong readings count as one guess.

    Raises WrongCredentials; Throttled where the caller must wait, and for a wrong password where everybody else at
    this address must (see `throttle.check`).
    """
    failures: list[Failure] = []
    try:
        for credentials in readings:
            found = _try(core, credentials, throttle.network(client.remote_ip))
            if isinstance(found, Attempt):
                return found
            failures.append(found)
    except GatepassError:
        _count(core, failures)  # a second reading that is refused hides no wrong first one
        raise
    _count(core, failures)
    raise next((failure.instead for failure in failures if failure.instead), failures[0].error)


def _try(core: Core, credentials: Credentials, address: str) -> Attempt | Failure:
    """In order: read the user's row and the throttle, check the password (at the same cost whatever the row), read the
    throttle again if this worker counted failures meanwhile, rehash an outdated hash. Raises Throttled."""
    username, password = credentials.username, credentials.password
    failures_before = core.tables.login_throttle.failures_counted
    user, state, instead = _look_up(core, username, address)
    stored = user.password if user.id and not user.disabled else None
    check, rehashed = core.hashing.run(lambda: _hash(core.passwords, password, stored, user.rehash_cost))
    if core.tables.login_throttle.failures_counted != failures_before:
        # Many guesses wait for the hashing threads together. Those beyond the limit must learn nothing.
        _, state, instead = _look_up(core, username, address)
    keys = throttle.keys(user, state)
    if not check.readable:
        core.write_behind.warn("password.unreadable", user.id)
    if not check.ok:
        return Failure(_wrong_credentials(user, username), instead, keys)
    if state.failures:
        core.tables.login_throttle.clear(keys)
    if rehashed:
        _rehash(core, user, rehashed)
    elif check.needs_rehash:
        core.write_behind.warn("password.rehash_undone", 0)
    return Attempt(replace(user, password=rehashed or user.password), credentials)


def _count(core: Core, failures: Sequence[Failure]) -> None:
    """Count one guess.

    Where everybody is told to wait, it counts for the pair alone, so that no wait grows with it. A second reading
    under another name counts for that account too, and not again for the address and for everyone.
    """
    limits, counted = throttle.limits(core.settings), set[ThrottleKeys]()
    for failure in failures:
        if failure.keys not in counted:
            own = throttle.only_account(limits) if counted else limits
            chosen = throttle.only_pair(own) if failure.instead else own
            core.tables.login_throttle.count(failure.keys, chosen, core.clock())
            counted.add(failure.keys)


def _look_up(core: Core, username: bytes, address: str) -> tuple[User, ThrottleState, Throttled | None]:
    """The user of that name, the state of the throttle, and what to raise in place of WrongCredentials, if anything.
    Raises Throttled."""
    now = core.clock()
    user, state = core.tables.users.find_for_login(username, throttle.digest(username), address, now)
    if throttle.is_attack(core.settings, state, now):
        core.write_behind.attack()
    return user, state, throttle.check(core.settings, user, state, now)


def _hash(
    passwords: Passwords, password: bytes, stored: bytes | None, rehash_cost: int
) -> tuple[Check, bytes | None]:
    """All hashing of a login, in one turn: the check, and the new hash if the stored one is outdated.

    A password that a login rehashed at this cost before stays as it is: PHP before 8.4 would undo it at every login.
    """
    started = time.perf_counter()
    check = passwords.check(password, stored)
    metrics.hash_seconds.labels(check.algorithm).observe(time.perf_counter() - started)
    rehash = check.needs_rehash and rehash_cost < passwords.cost
    return check, passwords.hash(password) if rehash else None


def _wrong_credentials(user: User, username: bytes) -> WrongCredentials:
    if not user.id:
        return WrongCredentials("username", username)
    return WrongCredentials("disabled" if user.disabled else "password", username, user.id)


def _rehash(core: Core, user: User, new: bytes) -> None:
    """Store the password's new hash, which PHP can read. A login succeeds even if this fails."""
    try:
        core.tables.users.rehash(user.id, user.password, new, core.passwords.cost)
    except DatabaseDown:
        extra = {"event": "password.rehash_failed", "user_id": user.id}
        log.warning("user %s: the rehash was not written", user.id, extra=extra)

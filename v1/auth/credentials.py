"""Authentication by password: looks up the user, asks the throttle, checks the hash, and counts a wrong guess.

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
    """A login whose password was right: the user with the password's stored hash, and the credentials that fit."""

    user: User
    credentials: Credentials


@dataclass(frozen=True)
class Failure:
    """Wrong credentials. `others_wait` is what an account that is not exempt gets instead (see `throttle.check`)."""

    error: WrongCredentials
    others_wait: Throttled | None
    keys: ThrottleKeys


def authenticate(core: Core, candidates: Sequence[Credentials], client: Client) -> Attempt:
    """Find the user whose credentials these are. Raises WrongCredentials, Throttled, Busy.

    `candidates` are the ways to understand what one client sent. They are tried in order, and count as one guess. The
    wrong password of an exempt account is answered with the Throttled that others get (see `throttle.check`).
    """
    failures: list[Failure] = []
    try:
        for credentials in candidates:
            found = _try(core, credentials, throttle.network(client.remote_ip))
            if isinstance(found, Attempt):
                return found
            failures.append(found)
    except GatepassError:
        _count(core, failures)  # a wrong candidate counts even if the next one is refused
        raise
    _count(core, failures)
    waits = [failure.others_wait for failure in failures if failure.others_wait]
    raise waits[0] if waits else failures[0].error


def _try(core: Core, credentials: Credentials, address: str) -> Attempt | Failure:
    """Look up the user and the throttle, then hash. The hash costs the same for any name. Raises Throttled, Busy.

    If failures were counted while this login waited for a hashing thread, the throttle is looked up again: guesses
    that arrive together have all passed it, and those beyond the limit must learn nothing.
    """
    failures_before = core.tables.login_throttle.failures_counted
    user, state, others_wait = _look_up(core, credentials.username, address)
    stored = user.password if user.id and not user.disabled else None
    check, new_hash = core.hashing.run(lambda: _hash(core.passwords, credentials.password, stored, user.rehash_cost))
    if core.tables.login_throttle.failures_counted != failures_before:
        _, state, others_wait = _look_up(core, credentials.username, address)
    keys = throttle.keys(user, state)
    if not check.readable:
        core.write_behind.warn("password.unreadable", user.id)
    if not check.ok:
        return Failure(_wrong_credentials(user, credentials.username), others_wait, keys)
    if state.failures:
        core.tables.login_throttle.clear(keys)
    if new_hash:
        _rehash(core, user, new_hash)
    elif check.needs_rehash:
        core.write_behind.warn("password.rehash_undone")
    return Attempt(replace(user, password=new_hash or user.password), credentials)


def _count(core: Core, failures: Sequence[Failure]) -> None:
    """Count these failures as one guess.

    While others must wait, an exempt account's guess counts under `pair` only, so that it lengthens nobody's wait. If
    the candidates name two accounts, the second one counts under its own scopes too, but not for address and everyone.
    """
    limits, counted = throttle.limits(core.settings), set[ThrottleKeys]()
    for failure in failures:
        if failure.keys not in counted:
            chosen = throttle.only_account(limits) if counted else limits
            chosen = throttle.only_pair(chosen) if failure.others_wait else chosen
            core.tables.login_throttle.count(failure.keys, chosen, core.clock())
            counted.add(failure.keys)


def _look_up(core: Core, username: bytes, address: str) -> tuple[User, ThrottleState, Throttled | None]:
    """The user of that name, the throttle's counters, and what `throttle.check` returns. Raises Throttled."""
    now = core.clock()
    user, state = core.tables.users.find_for_login(username, throttle.digest(username), address, now)
    if throttle.is_attack(core.settings, state, now):
        core.write_behind.note_attack()
    return user, state, throttle.check(core.settings, user, state, now)


def _hash(
    passwords: Passwords, password: bytes, stored: bytes | None, rehash_cost: int
) -> tuple[Check, bytes | None]:
    """The hashing of a login, as one job: the check of the password, and its new hash if the stored one is outdated.

    A password is rehashed once for each cost and not again, because PHP before 8.4 would undo it at every login.
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

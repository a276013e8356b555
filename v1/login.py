"""Owns proof by password. The order of a login's steps lives here and nowhere else."""

import logging
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Final, TypeVar

from v1 import metrics, revocation, throttle
from v1.core import Core
from v1.errors import Busy, DatabaseDown, Refusal, Throttled, WrongCredentials
from v1.logs import event
from v1.passwords import Check, Passwords
from v1.records import Client, Issued, Network, Principal, Standing, User

log = logging.getLogger(__name__)

Made = TypeVar("Made", Issued, tuple[Issued, Issued])

_OUTCOMES: Final = {WrongCredentials: "failed", Throttled: "throttled", Busy: "busy"}


def login(
    core: Core, door: str, username: bytes, password: bytes, client: Client, issue: Callable[[Principal], Made]
) -> Made:
    """What `issue` makes for whom these credentials prove the caller to be. `door` is for the counts.

    A login is good once its token is there. Raises WrongCredentials, Throttled, Busy, DatabaseDown.
    """
    try:
        user = _prove(core, username, password, throttle.network(client.remote_ip))
        issued = issue(Principal(user.id, user.username, user.access_level, user.is_admin))
        _look_again(core, user, password, issued if isinstance(issued, tuple) else (issued,))
    except Refusal as refusal:
        _note(core, door, refusal, client)
        raise
    core.deferred.login(door, "ok")
    metrics.logins.labels(door, "ok").inc()
    event("login.ok", door=door, user_id=user.id, address=client.remote_ip, device=client.device_info)
    return issued


def confirm(core: Core, door: str, user_id: int, password: bytes, client: Client) -> User:
    """The user of that id, who is signed in, if this is their password: a wrong one counts as any guess, a right one as
    no login. Raises as `login` does.
    """
    try:
        user = _prove(core, core.store.users.name_as_sent(user_id), password, throttle.network(client.remote_ip))
        if user.id != user_id:
            raise WrongCredentials("username", user_id=user_id)
        return user
    except Refusal as refusal:
        _note(core, door, refusal, client)
        raise


def _prove(core: Core, username: bytes, password: bytes, network: Network) -> User:
    """In order: a place in the line, the user's row and what the throttle knows, the password (at the same cost
    whatever the row), the throttle again if others failed meanwhile, the count of a failure, the rehash of an outdated
    hash."""
    with core.hashing.place():
        failures = core.store.login_throttle.counted
        user, standing = _look(core, username, network)
        stored = user.password if user and not user.disabled else None
        check, rehashed = core.hashing.run(lambda: _hash(core.passwords, password, stored))
        if core.store.login_throttle.counted != failures:
            # A crowd of guesses stands in line together: those beyond the limit learn nothing from their hash.
            _, standing = _look(core, username, network)
        keys = throttle.keys(user, standing, network)
        if user is not None and not check.readable:
            _warn_unreadable(user)
        if user is None or not check.ok:
            core.store.login_throttle.count(keys, throttle.numbers(core.settings), core.clock())
            raise _refused(user, username)
        if standing.failures:
            core.store.login_throttle.clear(keys)
        if rehashed:
            _rehash(core, user, rehashed)
        return replace(user, password=rehashed or user.password)


def _look_again(core: Core, user: User, password: bytes, made: tuple[Issued, ...]) -> None:
    """A password that was changed while this login was under way proves nothing: whoever changed it, and signed the
    other devices out, could not see this one. Raises WrongCredentials, and what was made is gone.

    (The hash may also be another because a login beside this one has hashed the same password anew.)
    """
    now, fits = core.store.users.find_by_id(user.id), False
    if now is not None and now.password == user.password:
        return
    try:
        fits = now is not None and core.hashing.run(lambda: core.passwords.check(password, now.password)).ok
    finally:
        for issued in () if fits else made:
            revocation.delete(core.store, issued.token)
    if not fits:
        raise WrongCredentials("password", user_id=user.id)


def _look(core: Core, username: bytes, network: Network) -> tuple[User | None, Standing]:
    """The user of that name, and where they stand. Raises Throttled."""
    now = core.clock()
    user, standing = core.store.users.find_for_login(username, throttle.digest(username), network, now)
    throttle.check(core.settings, user, standing, now)
    return user, standing


def _hash(passwords: Passwords, password: bytes, stored: bytes | None) -> tuple[Check, bytes | None]:
    """All of a login's hashing, in one turn: the check, and the new hash if the stored one is outdated."""
    started = time.perf_counter()
    check = passwords.check(password, stored)
    metrics.hash_seconds.labels(check.algorithm).observe(time.perf_counter() - started)
    return check, passwords.hash(password) if check.needs_rehash else None


def _refused(user: User | None, username: bytes) -> WrongCredentials:
    if user is None:
        return WrongCredentials("username", username)
    return WrongCredentials("disabled" if user.disabled else "password", username, user.id)


def _rehash(core: Core, user: User, new: bytes) -> None:
    """Write the password anew at the configured cost, as PHP can read it. The login does not hang on it."""
    try:
        core.store.users.change_password(user.id, user.password, new)
    except DatabaseDown:
        extra = {"event": "password.rehash_failed", "user_id": user.id}
        log.warning("user %s: the rehash was not written", user.id, extra=extra)


def _warn_unreadable(user: User) -> None:
    log.warning(
        "user %s: the stored password is no hash that can be checked; set a new one with `flask user passwd`",
        user.id,
        extra={"event": "password.unreadable", "user_id": user.id},
    )


def _note(core: Core, door: str, refusal: Refusal, client: Client) -> None:
    """The counts and the log line of a login that failed. No name is logged: people type passwords there."""
    outcome = _OUTCOMES.get(type(refusal), "error")
    core.deferred.login(door, outcome)
    metrics.logins.labels(door, outcome).inc()
    fields: dict[str, object] = {"door": door, "address": client.remote_ip, "device": client.device_info}
    if isinstance(refusal, Throttled):
        metrics.throttled.labels(refusal.key).inc()
        fields["key"] = refusal.key
    if isinstance(refusal, WrongCredentials):
        fields["reason"] = refusal.reason
    if isinstance(refusal, WrongCredentials | Throttled) and refusal.user_id:
        fields["user_id"] = refusal.user_id
    event("login.throttled" if outcome == "throttled" else "login.failed", **{"reason": outcome} | fields)

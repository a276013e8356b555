"""Owns proof by password. The order of a login's steps lives here and nowhere else."""

import logging

from v1.errors import DatabaseDown, WrongCredentials
from v1.passwords import Passwords
from v1.records import Principal, User
from v1.store import Store

log = logging.getLogger(__name__)


def login(store: Store, passwords: Passwords, username: bytes, password: bytes) -> Principal:
    """Who these credentials prove the caller to be. Raises WrongCredentials, DatabaseDown.

    In order: the user's row, the password (at the same cost whatever the row), the rehash of an outdated hash.
    """
    user = store.find_user(username)
    check = passwords.check(password, user.password if user and not user.disabled else None)
    if user is None:
        raise WrongCredentials("username", username)
    if not check.readable:
        log.warning(
            "user %s: the stored password is no hash that can be checked; set a new one with `flask user passwd`",
            user.id,
            extra={"event": "password.unreadable", "user_id": user.id},
        )
    if not check.ok:
        raise WrongCredentials("disabled" if user.disabled else "password", username)
    if check.needs_rehash:
        _rehash(store, passwords, user, password)
    return Principal(user.id, user.username, user.access_level, user.is_admin)


def _rehash(store: Store, passwords: Passwords, user: User, password: bytes) -> None:
    """Write the password anew at the configured cost, as PHP can read it. The login does not hang on it."""
    try:
        store.rehash(user, passwords.hash(password))
    except DatabaseDown:
        extra = {"event": "password.rehash_failed", "user_id": user.id}
        log.warning("user %s: the rehash was not written", user.id, extra=extra)

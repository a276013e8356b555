"""Accounts: add a user, set the password, disable and enable, make an administrator."""

from typing import Final

from v1.auth.core import Core
from v1.passwords import guessable
from v1.passwords.guessable import Reason
from v1.passwords.hashes import Passwords
from v1.records import Profile, User

_GUESSABLE: Final[dict[Reason, str]] = {
    "common": "this is one of the most common passwords: choose another",
    "username": "this password is little more than the username: choose another",
    "service": "this password is little more than the name of this service: choose another",
}


class NoSuchUser(Exception):
    """There is no user of that name."""


def find(core: Core, username: str) -> User:
    """The user of that name. Raises NoSuchUser."""
    user = find_by_name(core, username.encode())
    if user is None:
        raise NoSuchUser(username)
    return user


def find_by_name(core: Core, username: bytes) -> User | None:
    """The user of that name, as an app sends it; None if there is none."""
    return core.tables.users.find(username)


def find_by_id(core: Core, user_id: int) -> User | None:
    """The user with that id; None if there is none."""
    return core.tables.users.find_by_id(user_id)


def add(core: Core, username: str, password: bytes, is_admin: bool) -> int:
    """Add a user and return the new id.

    Raises Duplicate if the name exists (the column's collation compares names), ValueError for a name or password that
    cannot be.
    """
    if not username or username != username.strip() or not username.isprintable():
        raise ValueError("a name has no control characters and does not start or end with a space")
    _refuse_guessable(password, username)
    return core.tables.users.add(username.encode(), _hash(core.passwords, password), is_admin)


def set_password(core: Core, username: str, password: bytes) -> None:
    """Give the user a new password; a disabled user stays disabled. Raises NoSuchUser, ValueError."""
    user = find(core, username)
    _refuse_guessable(password, user.username)
    core.tables.users.set_password(user.id, _hash(core.passwords, password))


def change_password(core: Core, user: User, password: bytes) -> bool:
    """Change the password inside a request, on a hashing thread. Raises ValueError, Busy.

    Returns False, and writes nothing, if the password was changed since `user` was read.
    """
    with core.hashing.slot():
        hashed = core.hashing.run(lambda: _hash(core.passwords, password))
    return core.tables.users.change_password(user.id, user.password, hashed)


def disable(core: Core, username: str) -> int:
    """Disable the user's password, here and in PHP, then delete all tokens. Returns the number of deleted tokens.

    In this order a login in between leaves no token. If it is interrupted, it can run again.
    """
    user = find(core, username)
    disable_password(core, user)
    return core.tables.tokens.delete_of_user(user.id)


def disable_password(core: Core, user: User) -> None:
    """Disable the user's password only. The caller deletes the user's tokens."""
    core.tables.users.disable(user.id)


def enable(core: Core, username: str) -> None:
    """Make the user's password good again. Deleted tokens stay deleted. Raises NoSuchUser."""
    enable_user(core, find(core, username))


def enable_user(core: Core, user: User) -> None:
    """As `enable`, for a user who was looked up. Tokens that an interrupted `disable` left are deleted first."""
    if user.disabled:
        core.tables.tokens.delete_of_user(user.id)
    core.tables.users.enable(user.id)


def set_admin(core: Core, username: str, is_admin: bool) -> None:
    """Make the user an administrator, or no longer one. Raises NoSuchUser."""
    user = find(core, username)
    core.tables.users.set_admin(user.id, is_admin)


def clear_failures(core: Core, user_id: int) -> int:
    """Forget the failed logins of this user, so that they need not wait. Returns the number of deleted counters."""
    return core.tables.login_throttle.clear_user(user_id)


def find_profile(core: Core, user_id: int) -> Profile:
    """What the user entered in the console; an empty profile if nothing."""
    return core.tables.profiles.find(user_id)


def save_profile(core: Core, user_id: int, profile: Profile) -> None:
    """Replace the user's profile. Raises DatabaseDown for a value that its column cannot hold."""
    core.tables.profiles.save(user_id, profile)


def _refuse_guessable(password: bytes, username: str) -> None:
    reason = guessable.reason(password.decode(errors="replace"), username)
    if reason:
        raise ValueError(_GUESSABLE[reason])


def _hash(passwords: Passwords, password: bytes) -> bytes:
    if not password:
        raise ValueError("the password is empty")
    return passwords.hash(password)

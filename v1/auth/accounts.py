"""Accounts: add a user, set the password, disable and enable, make an administrator."""

from v1.auth.core import Core
from v1.db.tables import Tables
from v1.passwords.hashes import Passwords
from v1.records import User


class NoSuchUser(Exception):
    """There is no user of that name."""


def find(tables: Tables, username: str) -> User:
    """The user of that name. Raises NoSuchUser."""
    user = tables.users.find(username.encode())
    if user is None:
        raise NoSuchUser(username)
    return user


def add(tables: Tables, passwords: Passwords, username: str, password: bytes, is_admin: bool) -> int:
    """Add a user; the new id. Raises Duplicate if the database compares the name as equal to one it has, ValueError
    for an impossible name or password."""
    if not username or username != username.strip() or not username.isprintable():
        raise ValueError("a name has no control characters and does not start or end with a space")
    return tables.users.add(username.encode(), _hash(passwords, password), is_admin)


def set_password(tables: Tables, passwords: Passwords, username: str, password: bytes) -> None:
    """Give the user a new password; a disabled user stays disabled. Raises NoSuchUser, ValueError."""
    user = find(tables, username)
    tables.users.set_password(user.id, _hash(passwords, password))


def change_password(core: Core, user: User, password: bytes) -> bool:
    """Change the password inside a request, on a hashing thread. Raises ValueError, Busy.

    False if the password was changed since `user` was read: then nothing is written.
    """
    with core.hashing.slot():
        hashed = core.hashing.run(lambda: _hash(core.passwords, password))
    return core.tables.users.change_password(user.id, user.password, hashed)


def disable(tables: Tables, username: str) -> int:
    """Disable the user's password, here and in PHP, then delete every token; the number of deleted tokens.

    In this order a login in between leaves no token. Safe to run again after an interruption.
    """
    user = find(tables, username)
    tables.users.disable(user.id)
    return tables.tokens.delete_of_user(user.id)


def enable(tables: Tables, username: str) -> None:
    """Make the user's password good again. Deleted tokens stay deleted. Raises NoSuchUser."""
    enable_again(tables, find(tables, username))


def enable_again(tables: Tables, user: User) -> None:
    """The same for a user who was read already. Tokens that an interrupted `disable` left are deleted first."""
    if user.disabled:
        tables.tokens.delete_of_user(user.id)
    tables.users.enable(user.id)


def set_admin(tables: Tables, username: str, is_admin: bool) -> None:
    """Make the user an administrator, or no longer one. Raises NoSuchUser."""
    user = find(tables, username)
    tables.users.set_admin(user.id, is_admin)


def _hash(passwords: Passwords, password: bytes) -> bytes:
    if not password:
        raise ValueError("the password is empty")
    return passwords.hash(password)

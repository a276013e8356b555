"""Reads and writes `users`, and runs the SELECT that a login begins with."""

import json
import re
from collections.abc import Collection

from v1.db.charsets import UsernameColumn
from v1.db.pool import Database, Row
from v1.db.tables.throttle_rows import ThrottleState
from v1.records import User

NAME_CHARACTERS = 30
"""users.username is varchar(30)."""


class Users:
    """The table `users`."""

    def __init__(self, database: Database, php_charset: str) -> None:
        self._database = database
        self._php_charset = php_charset
        self._known_column: UsernameColumn | None = None

    @property
    def _column(self) -> UsernameColumn:
        """What users.username can hold. Read once."""
        if self._known_column is None:
            self._known_column = UsernameColumn(*self._database.username_column(), self._php_charset)
        return self._known_column

    def find(self, username: bytes) -> User | None:
        """The user whose name equals these bytes, as the column compares names."""
        name = self._column.lookup_bytes(username)
        if name is None:
            return None
        rows = self._database.read("users.find", username=name.hex())
        return self._user(rows[0]) if rows else None

    def find_by_id(self, user_id: int) -> User | None:
        """The user with that id."""
        rows = self._database.read("users.find_by_id", id=user_id)
        return self._user(rows[0]) if rows else None

    def find_for_login(self, username: bytes, digest: str, address: str, now: float) -> tuple[User, ThrottleState]:
        """The user of that name and the throttle's counters. A name without a user gives user 0, at the same cost.

        `digest` is of the name as it was sent, for a name that the column cannot hold. `address` comes from
        `throttle.network`.
        """
        name = self._column.lookup_bytes(username)
        [[row]] = self._database.read(
            "login.find",
            username=(name or b"").hex(),
            possible=name is not None,
            name_digest=digest,
            address=address,
            now=now,
        )
        user, (name_digest, *blocked_until, failures, signed_in) = _unpack(row)
        blocked = dict(zip(("pair", "address", "account", "everyone"), map(float, blocked_until), strict=True))
        return self._user(user), ThrottleState(name_digest, address, blocked, int(failures), signed_in == "1")

    def password(self, user_id: int) -> bytes | None:
        """The stored hash of the user with that id, empty for NULL; None if there is no such user."""
        rows = self._database.read("users.password", id=user_id)
        return rows[0][0] if rows else None

    def page(self, after: int, limit: int) -> list[User]:
        """At most `limit` users with ids above `after`, in order of id."""
        return [self._user(row) for row in self._database.read("users.list", after=after, limit=limit)]

    def listed(self, newest: bool, offset: int, limit: int) -> list[User]:
        """One page of all users: by name, as the column orders names, or the newest first."""
        statement = "users.page_newest" if newest else "users.page_by_name"
        return [self._user(row) for row in self._database.read(statement, offset=offset, limit=limit)]

    def count(self, limit: int) -> int:
        """The number of users, counted up to `limit`."""
        return int(self._database.read("users.count", limit=limit)[0][0])

    def of_ids(
        self, ids: Collection[int], newest: bool, disabled: bool, administrators: bool, offset: int, limit: int
    ) -> list[User]:
        """One page of the users with these ids: by name, or the newest first. `disabled` and `administrators` leave
        all others out."""
        only = {"disabled": disabled, "administrators": administrators}
        values = {"among": json.dumps(list(ids)), "newest": newest, "offset": offset, "limit": limit}
        return [self._user(row) for row in self._database.read("users.page_of_ids", **values, **only)]

    def count_of_ids(self, ids: Collection[int], disabled: bool, administrators: bool) -> int:
        """The number of users that `of_ids` can show."""
        values = {"among": json.dumps(list(ids)), "disabled": disabled, "administrators": administrators}
        return int(self._database.read("users.count_of_ids", **values)[0][0])

    def name_pattern(self, prefix: str) -> str | None:
        """The hex of a pattern for the names that begin so; None for a beginning that the column cannot hold."""
        start = self._column.lookup_bytes(prefix.encode(errors="surrogatepass"))
        return None if start is None else (re.sub(rb"([%_\\])", rb"\\\1", start) + b"%").hex()

    def add(self, username: bytes, password: bytes, is_admin: bool) -> int:
        """Add a user; the new id. Raises Duplicate, and ValueError for a name that the column cannot hold."""
        name = self._column.lookup_bytes(username)
        characters = None if name is None else self._database.read("users.fit", username=name.hex())[0][0]
        if name is None or characters is None:
            raise ValueError("the column of usernames cannot hold this name: a character of it, or its length")
        if characters > NAME_CHARACTERS:
            raise ValueError(f"a name has at most {NAME_CHARACTERS} characters as the column counts them")
        values = {"username": name.hex(), "password": password.decode(), "is_admin": is_admin}
        return self._database.write("users.add", **values).last_id

    def change_password(self, user_id: int, old: bytes, new: bytes) -> bool:
        """Replace the stored hash if it is still `old`. False: it was changed meanwhile."""
        return bool(self._database.write("users.change_password", id=user_id, old=old, new=new.decode()).rows)

    def rehash(self, user_id: int, old: bytes, new: bytes, cost: int) -> None:
        """The same, by a login that hashes the password anew. `cost` is its bcrypt cost, which is stored too."""
        self._database.write("users.rehash", id=user_id, old=old, new=new.decode(), cost=cost)

    def set_password(self, user_id: int, password: bytes) -> None:
        """Replace the stored hash. A disabled user stays disabled."""
        self._database.write("users.set_password", id=user_id, password=password.decode())

    def disable(self, user_id: int) -> None:
        """Put `!` before the stored hash, unless it is there."""
        self._database.write("users.disable", id=user_id)

    def enable(self, user_id: int) -> None:
        """Remove the `!` before the stored hash."""
        self._database.write("users.enable", id=user_id)

    def set_admin(self, user_id: int, is_admin: bool) -> None:
        """Make the user an administrator, or an ordinary user again."""
        self._database.write("users.set_admin", id=user_id, is_admin=is_admin)

    def name_as_sent(self, user_id: int) -> bytes:
        """The bytes that an app sends as this user's name; empty if the user no longer exists."""
        rows = self._database.read("users.find_by_id", id=user_id)
        return self._column.as_sent(rows[0][1]) if rows else b""

    def name(self, stored: bytes) -> str:
        """The text of a name, from the bytes that a statement returned."""
        return self._column.text(stored)

    def _user(self, row: Row) -> User:
        user_id, username, password, access_level, is_admin, creation_time, cost = row
        return User(user_id, self.name(username), password, access_level, bool(is_admin), str(creation_time), cost)


def _unpack(row: str) -> tuple[Row, list[str]]:
    """The columns of a user and the values of the throttle, from the text that login.find returns."""
    user_id, username, password, access_level, is_admin, creation_time, cost, *throttle = row.split(" ")
    hashed, created = bytes.fromhex(password), bytes.fromhex(creation_time).decode()
    user = (int(user_id), bytes.fromhex(username), hashed, int(access_level), int(is_admin), created, int(cost))
    return user, throttle

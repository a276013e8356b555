"""Owns the rows of `users`, and the one SELECT that a login begins with."""

import re

from v1 import usernames
from v1.database import Database, Row
from v1.errors import DatabaseDown
from v1.records import Network, Standing, User

NAME_CHARACTERS = 30
"""users.username is varchar(30)."""


class Users:
    """The table of accounts."""

    def __init__(self, database: Database, php_charset: str) -> None:
        self._database = database
        self._php_charset = php_charset
        self._known_charset = ""

    @property
    def _charset(self) -> str:
        """The charset of users.username: asked once, as it decides which statement finds a user."""
        if not self._known_charset:
            rows = self._database.read("columns.username_charset")
            if not rows:
                raise DatabaseDown(1146, "there is no table `users`: run `flask db migrate`")
            self._known_charset = str(rows[0][0])
        return self._known_charset

    def find(self, username: bytes) -> User | None:
        """The user whose name the column takes as equal to these bytes."""
        name = usernames.for_column(username, self._charset, self._php_charset)
        if name is None:
            return None
        find = "users.find_latin1" if self._charset == "latin1" else "users.find_utf8mb4"
        rows = self._database.read(find, username=name.hex())
        return self._user(rows[0]) if rows else None

    def find_by_id(self, user_id: int) -> User | None:
        """The user of that id."""
        rows = self._database.read("users.find_by_id", id=user_id)
        return self._user(rows[0]) if rows else None

    def find_for_login(
        self, username: bytes, digest: str, network: Network, now: float
    ) -> tuple[User | None, Standing]:
        """The user of that name, and what the throttle knows of them. `digest` stands for a name no column can hold."""
        name = usernames.for_column(username, self._charset, self._php_charset)
        find = "login.find_latin1" if self._charset == "latin1" else "login.find_utf8mb4"
        [row] = self._database.read(
            find,
            username=(name or b"").hex(),
            possible=name is not None,
            name_digest=digest,
            address=network.first,
            last=network.last,
            now=now,
        )
        user = self._user(row[:6]) if row[0] is not None else None
        name_digest, pair, address, account, everyone, failures, signed_in = row[6:]
        blocked = {"pair": float(pair), "address": float(address)}
        blocked |= {"account": float(account), "everyone": float(everyone)}
        return user, Standing(name_digest, blocked, failures, bool(signed_in))

    def page(self, after: int, limit: int) -> list[User]:
        """Users of ids above `after`, in order of id, at most `limit`."""
        return [self._user(row) for row in self._database.read("users.list", after=after, limit=limit)]

    def search(self, prefix: str, offset: int, limit: int) -> list[User]:
        """Users whose name begins so as the column compares it, in the column's order; for "" all, of no name too."""
        latin1, utf8mb4 = "users.search_latin1", "users.search_utf8mb4"
        return [self._user(row) for row in self._beginning(prefix, latin1, utf8mb4, offset=offset, limit=limit)]

    def count_search(self, prefix: str, limit: int) -> int:
        """How many users `search` finds, counted up to `limit`."""
        latin1, utf8mb4 = "users.count_search_latin1", "users.count_search_utf8mb4"
        return sum(int(row[0]) for row in self._beginning(prefix, latin1, utf8mb4, limit=limit))

    def _beginning(self, prefix: str, latin1: str, utf8mb4: str, **values: int) -> list[Row]:
        """What the statement for the column's charset says; nothing of a prefix that the column cannot hold."""
        start = usernames.for_column(prefix.encode(errors="surrogatepass"), self._charset, self._php_charset)
        if start is None:
            return []
        pattern = re.sub(rb"([%_\\])", rb"\\\1", start) + b"%"
        statement = latin1 if self._charset == "latin1" else utf8mb4
        return self._database.read(statement, pattern=pattern.hex(), all=not start, **values)

    def add(self, username: bytes, password: bytes, is_admin: bool) -> int:
        """Add a user; the new id. Raises Duplicate; ValueError for a name that the column cannot hold."""
        name = usernames.for_column(username, self._charset, self._php_charset)
        if name is None:
            raise ValueError("the column of usernames cannot hold a character of this name")
        if len(name.decode("latin1" if self._charset == "latin1" else "utf-8")) > NAME_CHARACTERS:
            raise ValueError(f"a name has at most {NAME_CHARACTERS} characters as the column counts them")
        add = "users.add_latin1" if self._charset == "latin1" else "users.add_utf8mb4"
        written = self._database.write(add, username=name.hex(), password=password.decode(), is_admin=is_admin)
        return written.last_id

    def change_password(self, user_id: int, old: bytes, new: bytes) -> bool:
        """Replace the hash of a user if it is still this old one, as it is stored; was it?"""
        return bool(self._database.write("users.change_password", id=user_id, old=old, new=new.decode()).rows)

    def set_password(self, user_id: int, password: bytes) -> None:
        """Replace the hash; a disabled user stays disabled."""
        self._database.write("users.set_password", id=user_id, password=password.decode())

    def disable(self, user_id: int) -> None:
        """Put `!` before the stored hash, if it is not there."""
        self._database.write("users.disable", id=user_id)

    def enable(self, user_id: int) -> None:
        """Take the `!` away again."""
        self._database.write("users.enable", id=user_id)

    def set_admin(self, user_id: int, is_admin: bool) -> None:
        """Make the user an administrator, or no longer one."""
        self._database.write("users.set_admin", id=user_id, is_admin=is_admin)

    def name_as_sent(self, user_id: int) -> bytes:
        """The bytes that this user's app sends as the username; empty if the user is gone."""
        rows = self._database.read("users.find_by_id", id=user_id)
        return usernames.as_sent(rows[0][1], self._charset, self._php_charset) if rows else b""

    def name(self, stored: bytes) -> str:
        """A name as a person reads it, from the column's bytes. Asks nothing where the charset is not known yet."""
        return usernames.from_column(stored, self._charset, self._php_charset)

    def _user(self, row: Row) -> User:
        user_id, username, password, access_level, is_admin, creation_time = row
        return User(user_id, self.name(username), password, access_level, bool(is_admin), str(creation_time))

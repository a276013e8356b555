"""Owns rows in, rows out: the only module that runs named statements, each behind a function in domain terms."""

from v1 import usernames
from v1.database import Database, Duplicate, Row
from v1.errors import DatabaseDown
from v1.records import Token, User

__all__ = ["Duplicate", "Store"]

BATCH = 1000
"""Rows that one DELETE takes at most."""

NAME_CHARACTERS = 30
"""users.username is varchar(30)."""


class Store:
    """The tables of one database. Methods raise DatabaseDown when it cannot be reached."""

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

    def find_user(self, username: bytes) -> User | None:
        """The user whose name the column takes as equal to these bytes."""
        name = usernames.for_column(username, self._charset, self._php_charset)
        if name is None:
            return None
        find = "users.find_latin1" if self._charset == "latin1" else "users.find_utf8mb4"
        rows = self._database.read(find, username=name.hex())
        return self._user(rows[0]) if rows else None

    def list_users(self, after: int, limit: int) -> list[User]:
        """Users of ids above `after`, in order of id, at most `limit`."""
        return [self._user(row) for row in self._database.read("users.list", after=after, limit=limit)]

    def add_user(self, username: bytes, password: bytes, is_admin: bool) -> int:
        """Add a user; the new id. Raises Duplicate; ValueError for a name that the column cannot hold."""
        name = usernames.for_column(username, self._charset, self._php_charset)
        if name is None:
            raise ValueError("the column of usernames cannot hold a character of this name")
        if len(name.decode("latin1" if self._charset == "latin1" else "utf-8")) > NAME_CHARACTERS:
            raise ValueError(f"a name has at most {NAME_CHARACTERS} characters as the column counts them")
        add = "users.add_latin1" if self._charset == "latin1" else "users.add_utf8mb4"
        written = self._database.write(add, username=name.hex(), password=password.decode(), is_admin=is_admin)
        return written.last_id

    def rehash(self, user: User, new: bytes) -> None:
        """Replace the hash of a user unless it was changed since it was read."""
        self._database.write("users.rehash", id=user.id, old=user.password, new=new.decode())

    def set_password(self, user_id: int, password: bytes) -> None:
        """Replace the hash; a disabled user stays disabled."""
        self._database.write("users.set_password", id=user_id, password=password.decode())

    def disable_user(self, user_id: int) -> None:
        """Put `!` before the stored hash, if it is not there."""
        self._database.write("users.disable", id=user_id)

    def enable_user(self, user_id: int) -> None:
        """Take the `!` away again."""
        self._database.write("users.enable", id=user_id)

    def set_admin(self, user_id: int, is_admin: bool) -> None:
        """Make the user an administrator, or no longer one."""
        self._database.write("users.set_admin", id=user_id, is_admin=is_admin)

    def add_token(self, auth_key: str, token: Token, remote_ip: str, user_agent: str) -> int | None:
        """Add and commit a token's row; its id, or None if the user is gone or disabled meanwhile."""
        written = self._database.write(
            "auth_tokens.add",
            auth_key=auth_key,
            user_id=token.user_id,
            now=token.creation_time,
            expiry=token.expiry,
            device_info=token.device_info,
            kind=token.kind,
            remote_ip=remote_ip,
            user_agent=user_agent,
        )
        return written.last_id if written.rows else None

    def find_live_token(self, auth_key: str, now: int) -> Token | None:
        """The unexpired token of this digest, of a user who is not disabled."""
        rows = self._database.read("auth_tokens.find_live", auth_key=auth_key, now=now)
        return Token(*rows[0]) if rows else None

    def count_live_tokens(self, user_id: int, now: int) -> int:
        """How many unexpired tokens the user has."""
        return int(self._database.read("auth_tokens.count_live_of_user", user_id=user_id, now=now)[0][0])

    def delete_tokens_of_user(self, user_id: int) -> int:
        """Delete all tokens of a user, in batches; how many there were."""
        total = 0
        while rows := self._database.write("auth_tokens.delete_of_user", user_id=user_id, limit=BATCH).rows:
            total += rows
        return total

    def _user(self, row: Row) -> User:
        user_id, username, password, access_level, is_admin, creation_time = row
        name = usernames.from_column(username, self._charset, self._php_charset)
        return User(user_id, name, password, access_level, bool(is_admin), str(creation_time))

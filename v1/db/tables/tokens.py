"""Owns the rows of `auth_tokens`: tokens of every kind, shared with PHP. All times are Unix seconds.

Lists and counts for people to look at are in token_lists.py.
"""

from typing import Literal

from v1.db.batching import Batching
from v1.db.pool import Database
from v1.db.tables.token_lists import TokenLists
from v1.db.tables.users import Users
from v1.errors import NotIssued
from v1.records import NewToken, PresentedToken, Principal, Token

BATCH = 1000  # rows that one DELETE takes at most
MOST_NAMED = 200  # live personal tokens that a user may have


class Tokens(TokenLists):
    """The table of tokens."""

    def __init__(self, database: Database, users: Users) -> None:
        super().__init__(database)
        self._users = users
        self._checks = Batching(self._check)

    def add(self, auth_key: str, new: NewToken) -> int:
        """Add and commit a token's row; its id. Raises NotIssued."""
        written = self._database.write(
            _adding(new),
            auth_key=auth_key,
            user_id=new.owner,
            now=new.now,
            expiry=new.expiry,
            last_access=new.now if new.last_access is None else new.last_access,
            device_info=new.client.device_info,
            kind=new.kind,
            name=new.name,
            claims=new.claims or None,
            remote_ip=new.client.remote_ip,
            user_agent=new.client.user_agent,
            parent=new.parent,
            most=new.most or MOST_NAMED,
        )
        if not written.rows:
            raise NotIssued(self._reason(new))
        return written.last_id

    def _reason(self, new: NewToken) -> Literal["owner", "parent", "name", "limit"]:
        """Which condition of the INSERT was not met. What is wrong no more was wrong then: the limit comes last."""
        named = {"user_id": new.owner, "kind": new.kind, "name": new.name}
        if new.kind == "personal" and self._database.read("auth_tokens.find_named", now=new.now, **named):
            return "name"
        owner = self._users.find_by_id(new.owner) if new.owner else None
        if new.owner and (owner is None or owner.disabled):
            return "owner"
        parent = self.find_by_id(new.parent) if new.parent else None
        return "parent" if parent is None or not parent.expiry else "limit"

    def check(self, auth_key: str, now: int) -> tuple[Principal, PresentedToken] | None:
        """Whose unexpired token has this digest; None if nobody's, or if its user is disabled or gone."""
        row = self._checks.get(auth_key)
        if row is None:
            return None
        token_id, user_id, kind, last_access, expiry, parent, claims, username, access_level, is_admin = row.split(" ")
        stored = bytes.fromhex(claims).decode()
        proof = PresentedToken(int(token_id), kind, int(last_access), int(expiry), stored, int(parent))
        name = self._users.name(bytes.fromhex(username)) if username else ""
        principal = Principal(int(user_id), name, int(access_level), is_admin != "0")
        return (principal, proof) if proof.expiry > now else None

    def _check(self, auth_keys: list[str]) -> dict[str, str]:
        """The packed rows of these digests, each by its own."""
        rows = self._database.read("auth_tokens.check", auth_keys=auth_keys)
        return dict(str(row[0]).split(" ", 1) for row in rows)

    def find_live(self, auth_key: str, now: int) -> tuple[Principal, Token] | None:
        """The same with all that is stored of the token."""
        rows = self._database.read("auth_tokens.find_live", auth_key=auth_key, now=now)
        if not rows:
            return None
        *columns, username, access_level, is_admin = rows[0]
        token = Token(*columns)
        name = self._users.name(username) if token.user_id else ""
        return Principal(token.user_id, name, access_level, bool(is_admin)), token

    def find(self, auth_key: str) -> Token | None:
        """The token of this digest, live or not."""
        rows = self._database.read("auth_tokens.find", auth_key=auth_key)
        return Token(*rows[0]) if rows else None

    def find_by_id(self, token_id: int) -> Token | None:
        """The token of this id, live or not."""
        rows = self._database.read("auth_tokens.find_by_id", id=token_id)
        return Token(*rows[0]) if rows else None

    def delete(self, token_id: int) -> int:
        """Delete one token; 1, or 0 if it was gone already. One that somebody's foreign key keeps is ended: dead at
        once, and deleted by a purge when nothing keeps it any more. So it is in all that follows."""
        written = self._database.write("auth_tokens.delete", id=token_id)
        return written.rows or (self._database.write("auth_tokens.end", id=token_id).rows if written.warned else 0)

    def delete_of_user(self, user_id: int) -> int:
        """Delete all tokens of a user, in batches; how many there were."""
        return self._in_batches("auth_tokens.delete_of_user", "auth_tokens.end_of_user", user_id=user_id)

    def delete_devices(self, user_id: int, kinds: tuple[str, ...], but: int) -> int:
        """Delete the user's tokens of these kinds, but for that id, in batches; how many there were."""
        doomed = {"user_id": user_id, "kinds": kinds, "but": but}
        return self._in_batches("auth_tokens.delete_kinds_of_user", "auth_tokens.end_kinds_of_user", **doomed)

    def delete_family(self, token_id: int, kinds: tuple[str, ...]) -> int:
        """Delete a refresh token and all of these kinds that hangs on it; how many. It is dead with the first step, and
        its row goes with the last: whoever is cut off in between can begin again."""
        ended = self._database.write("auth_tokens.end", id=token_id).rows
        self._in_batches("auth_tokens.end_refresh_tokens_of", id=token_id)
        # IGNORE warns of no row in a DELETE that joins tables: so grandchildren are ended before they are deleted.
        self._in_batches("auth_tokens.end_grandchildren", id=token_id)
        below = self._in_batches("auth_tokens.delete_grandchildren", id=token_id)
        return below + self.delete_made(token_id, kinds) + max(ended, self.delete(token_id))

    def delete_made(self, token_id: int, kinds: tuple[str, ...]) -> int:
        """Delete what this token has made or what hangs on it, of these kinds, in batches; how many there were."""
        doomed = {"id": token_id, "kinds": kinds}
        return self._in_batches("auth_tokens.delete_kinds_of_parent", "auth_tokens.end_kinds_of_parent", **doomed)

    def list_ended(self) -> list[int]:
        """The ids of refresh tokens whose revocation was cut off, so many at the most."""
        return [row[0] for row in self._database.read("auth_tokens.list_ended", limit=BATCH)]

    def list_unused(self, user_id: int, kinds: tuple[str, ...], keep: int, newest: int, now: int) -> list[Token]:
        """The user's longest-unused live tokens of these kinds, but for `keep`, `newest` among them."""
        values = {"user_id": user_id, "kinds": kinds, "but": newest, "keep": keep - 1, "now": now, "limit": BATCH}
        return [Token(*row) for row in self._database.read("auth_tokens.list_over_limit_of_user", **values)]

    def touch(self, token_ids: list[int], now: int, idle: int = 0, longest: int = 0) -> None:
        """These tokens were used: `last_access` only ever rises. A live one of the console then ends `idle` seconds
        from now and `longest` after its login at the latest; with 0 it ends when it was to end."""
        self._database.write("auth_tokens.touch", ids=token_ids, now=now, idle=idle, longest=longest)

    def count_expired(self, before: int, limit: int) -> int:
        """How many tokens expired before that time, counted up to `limit`."""
        return int(self._database.read("auth_tokens.count_expired", before=before, limit=limit)[0][0])

    def delete_expired(self, before: int, limit: int) -> int:
        """Delete at most `limit` tokens that expired before that time; how many it were."""
        return self._database.write("auth_tokens.delete_expired", before=before, limit=limit).rows

    def _in_batches(self, statement: str, ending: str = "", /, **values: object) -> int:
        """Run it until it changes no row, and `ending` in the same way where the server warned of rows that stay."""
        total, rows = 0, 1
        while rows:
            written = self._database.write(statement, limit=BATCH, **values)
            total, rows = total + written.rows, written.rows
        return total + (self._in_batches(ending, **values) if written.warned and ending else 0)


def _adding(new: NewToken) -> str:
    """The statement that adds such a token."""
    if new.parent and new.most:
        return "auth_tokens.add_to_family"
    if new.kind == "personal":
        return "auth_tokens.add_named"
    if new.owner:
        return "auth_tokens.add_child" if new.parent else "auth_tokens.add"
    return "auth_tokens.add_child_without_user" if new.parent else "auth_tokens.add_without_user"

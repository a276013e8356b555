"""Adds rows to `auth_tokens`, and says why a row was not added."""

from typing import Literal

from v1.db.pool import Database
from v1.db.tables.token_lists import TokenLists
from v1.db.tables.users import Users
from v1.errors import NotIssued
from v1.records import NewToken, Token

MOST_PERSONAL = 200  # the most live personal tokens of a user


class TokenInserts(TokenLists):
    """The methods of the table `auth_tokens` that add a row."""

    def __init__(self, database: Database, users: Users) -> None:
        super().__init__(database)
        self._users = users

    def add(self, auth_key: str, new: NewToken) -> int:
        """Add a token's row and commit it; the new id. Raises NotIssued if no row was added.

        No row is added if the owner or the parent no longer exists, the owner is disabled, the name of a personal token
        is taken, or there are `max_children` tokens already (MOST_PERSONAL personal ones). Owner 0 means no user.
        """
        written = self._database.write(
            _statement(new),
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
            most=new.max_children or MOST_PERSONAL,
        )
        if not written.rows:
            raise NotIssued(self._reason(new))
        if new.parent and self._database.connections.has_several_writers:
            self._look_again(written.last_id, new)
        return written.last_id

    def _look_again(self, token_id: int, new: NewToken) -> None:
        """On Galera: delete the row and raise NotIssued if another node has revoked the parent, disabled the owner or
        added the same name meanwhile. The locks of the INSERT hold on one node alone (decision 0044)."""
        named = {"user_id": new.owner, "kind": new.kind, "name": new.name, "now": new.now}
        lives = self._database.read("auth_tokens.parent_lives", user_id=new.owner, parent=new.parent)
        is_twin = new.kind == "personal" and self._database.read("auth_tokens.count_named", **named)[0][0] > 1
        if is_twin or not lives:
            self._database.write("auth_tokens.delete", id=token_id)
            raise NotIssued("name" if is_twin else self._reason(new))

    def _reason(self, new: NewToken) -> Literal["owner", "parent", "name", "limit"]:
        """Why the INSERT added no row, looked up afterwards. "limit" if the owner and the parent are there and live."""
        named = {"user_id": new.owner, "kind": new.kind, "name": new.name}
        if new.kind == "personal" and self._database.read("auth_tokens.find_named", now=new.now, **named):
            return "name"
        owner = self._users.find_by_id(new.owner) if new.owner else None
        if new.owner and (owner is None or owner.disabled):
            return "owner"
        parent = self.find_by_id(new.parent) if new.parent else None
        return "parent" if parent is None or not parent.expiry else "limit"

    def has_named(self, user_id: int, kind: str, name: str, now: int) -> bool:
        """Does the user have a live token of this kind and name?"""
        return bool(self._database.read("auth_tokens.find_named", user_id=user_id, kind=kind, name=name, now=now))

    def rename(self, token: Token, name: str, now: int) -> bool:
        """Rename a personal token; False if it is no longer live. Raises NotIssued if another live one of its owner has
        the name."""
        named = {"user_id": token.user_id, "kind": token.kind, "name": name, "now": now}
        rows = self._database.write("auth_tokens.rename", id=token.id, **named).rows
        if not rows and self._database.read("auth_tokens.find_named", **named):
            raise NotIssued("name")
        # As in `_look_again`: the name that it had is free.
        if rows and self._database.connections.has_several_writers:
            if self._database.read("auth_tokens.count_named", **named)[0][0] > 1:
                self._database.write("auth_tokens.rename", id=token.id, **named | {"name": token.name})
                raise NotIssued("name")
        return bool(rows)

    def find_by_id(self, token_id: int) -> Token | None:
        """The token of this id, expired ones too."""
        rows = self._database.read("auth_tokens.find_by_id", id=token_id)
        return Token(*rows[0]) if rows else None


def _statement(new: NewToken) -> str:
    """The name of the statement that adds such a token."""
    if new.parent and new.max_children:
        return "auth_tokens.add_to_family"
    if new.kind == "personal":
        return "auth_tokens.add_named"
    if new.owner:
        return "auth_tokens.add_child" if new.parent else "auth_tokens.add"
    return "auth_tokens.add_child_without_user" if new.parent else "auth_tokens.add_without_user"

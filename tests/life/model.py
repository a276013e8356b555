"""The model of a token's life, in plain Python: which rows there should be, and which tokens are good."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from typing import Final

from v1.kinds import BY_NAME, DEVICES, FAMILY, SESSIONS
from v1.tokens.issue import NEVER

IDLE, LONGEST, PAIRS, NOTED = 1800, 43_200, 3, 60
"""Seconds of a console session after a use and in all; PAIRS_PER_LOGIN; and how often a use is noted, in seconds."""

SECONDS: Final = {name: kind.seconds for name, kind in BY_NAME.items()} | {"management": 3600, "console": IDLE}


@dataclass
class User:
    id: int
    name: str
    password: str
    is_admin: bool = False
    disabled: bool = False
    exists: bool = True


@dataclass
class Token:
    """A token that was handed out. `row`: its row is still there.

    `login` and `until` are the family and its bound, as the claims of DeviceHive's access tokens have them.
    """

    id: int
    text: str
    kind: str
    user: int
    created: int
    expiry: int
    used: int
    like: tuple[str, str] = ("", "")
    parent: int = 0
    name: str = ""
    scope: str = ""
    login: int = 0
    until: int = NEVER
    unrestricted: bool = False
    manages: bool = True
    sees_devices: bool = True
    alone: bool = False
    row: bool = True


@dataclass
class Model:
    """All users and tokens of one life, by their ids."""

    clock: Callable[[], int]
    max_sessions: int = 0
    users: dict[int, User] = field(default_factory=dict)
    tokens: dict[int, Token] = field(default_factory=dict)

    def can_log_in(self, user: User, password: str) -> bool:
        return user.exists and not user.disabled and user.password == password

    def is_good(self, token: Token) -> bool:
        owner = self.users.get(token.user)
        owned = token.user == 0 if owner is None else owner.exists and not owner.disabled
        return self.is_unexpired(token) and owned

    def is_unexpired(self, token: Token) -> bool:
        """What PHP looks at, which knows no disabled user: it finds the row."""
        return token.row and token.expiry > self.clock()

    def rows(self, user_id: int | None = None, kinds: Collection[str] = tuple(BY_NAME)) -> list[Token]:
        found = [each for each in self.tokens.values() if each.row and each.kind in kinds]
        return [each for each in found if user_id is None or each.user == user_id]

    def live(self, user_id: int, kinds: Collection[str]) -> list[Token]:
        return [each for each in self.rows(user_id, kinds) if self.is_unexpired(each)]

    def add(self, token: Token) -> Token:
        self.tokens[token.id] = token
        return token

    def delete(self, token: Token) -> None:
        """Revoke it: a refresh token with what is below it."""
        token.row = False
        if token.kind == "jwt_refresh":
            for child in [each for each in self.rows(kinds=FAMILY) if each.parent == token.id]:
                self.delete(child)

    def delete_of_user(self, user_id: int, kinds: Collection[str] = tuple(BY_NAME), but: int = 0) -> None:
        for each in self.rows(user_id, kinds):
            each.row = each.id == but

    def delete_alike(self, token: Token, own: Token) -> None:
        """Revoke the unexpired tokens of the same user, kind, device and address."""
        for each in self.live(token.user, (token.kind,)):
            if each.like == token.like and each is not own:
                self.delete(each)

    def enforce_limit(self, newest: Token) -> None:
        """Revoke the longest-unused sessions that are over the limit."""
        if self.max_sessions:
            older = [each for each in self.live(newest.user, SESSIONS) if each.id < newest.id]
            older = [each for each in older if each.kind != "jwt_refresh" or not each.parent]
            older.sort(key=lambda each: (each.used, each.id), reverse=True)
            for each in older[self.max_sessions - 1 :]:
                self.delete(each)

    def disable(self, user: User) -> None:
        user.disabled = True
        self.delete_of_user(user.id)

    def enable(self, user: User) -> None:
        if user.disabled:
            self.delete_of_user(user.id)
        user.disabled = False

    def purge(self, before: int) -> None:
        for each in self.rows():
            each.row = each.expiry > before

    def sign_others_out(self, token: Token) -> None:
        self.delete_of_user(token.user, DEVICES, token.id)

    def is_taken(self, user_id: int, name: str, but: int = 0) -> bool:
        return any(each.name == name and each.id != but for each in self.live(user_id, ("personal",)))

    def is_full(self, head: int) -> bool:
        """Has the family of this login as many pairs as it may have?"""
        live = [each for each in self.rows(kinds=FAMILY) if self.is_unexpired(each) and head in (each.id, each.parent)]
        refresh = [each for each in live if each.kind == "jwt_refresh"]
        return len(refresh) >= PAIRS or len([each for each in live if each.alone]) >= PAIRS

    def logins_with_pairs(self) -> list[Token]:
        """The refresh tokens of logins of which access tokens of a further pair are still there."""
        rows = self.rows(kinds=FAMILY)
        heads = {each.id: each.parent for each in rows if each.kind == "jwt_refresh"}
        found = {heads.get(each.parent) for each in rows if each.kind == "jwt_access"}
        return [each for each in rows if each.id in found]

    def all_used(self) -> Iterator[Token]:
        """Every good token was shown now, its use noted at most once a minute; console sessions are prolonged."""
        now = self.clock()
        for each in filter(self.is_good, self.tokens.values()):
            if now - each.used >= NOTED:
                each.used = now
                if each.kind == "console":
                    each.expiry = min(each.created + LONGEST, now + IDLE)
            yield each

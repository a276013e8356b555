"""Who changes the users' accounts while clients are busy: one person, so that the changes of a user never overlap."""

from random import Random
from typing import Final

from tests.conftest import NOW
from tests.doors.console.signed_in import notice_for_next_page
from tests.life.history import Changed, Ended, History, Made
from tests.life.stage import PASSWORDS
from tests.life.world import World, cookie, hashed
from v1.auth import purge
from v1.kinds import NAMES, REVOKED_WITH_PASSWORD

NAME: Final = "root"
KINDS: Final = {"disable": NAMES, "revoke-all": NAMES, "revoke-sessions": REVOKED_WITH_PASSWORD}
"""Which kinds each action of the console ends."""

EXPIRED: Final = 500
"""Tokens that wait for each purge: several batches."""

FODDER: Final = (
    "INSERT INTO auth_tokens (auth_key, user_id, creation_time, expiry, last_access, device_info)"
    " SELECT SHA1(CONCAT(RAND(), seq)), %s, 0, seq, 0, '' FROM JSON_TABLE(%s, '$[*]' COLUMNS (seq INT PATH '$')) AS s"
)


class Administrator:
    """`world` is this thread's own: its session of the database is nobody else's."""

    def __init__(self, world: World, history: History, names: dict[int, str], seed: str) -> None:
        self.world, self.history, self.names, self.random = world, history, names, Random(seed)
        self.state = dict.fromkeys(names, (True, PASSWORDS[0]))
        """Is the user enabled, and with what password?"""
        self.acts = (self.act, self.act, self.act, self.change_password, self.change_in_php, self.purge)
        for user in names:
            self.changed(user, next(history.ticks), *self.state[user])

    def begin(self) -> None:
        """Sign in to the console as the administrator."""
        given = {"username": NAME, "password": PASSWORDS[0]}
        self.session = cookie(self.world.console("POST", "/console/sign-in/", **given))

    def do(self) -> None:
        """Do one thing."""
        self.random.choice(self.acts)(self.random.choice(list(self.names)))

    def act(self, user: int) -> None:
        """Disable or enable a user, or revoke all that is theirs."""
        act, (enabled, password) = self.random.choice([*KINDS, "enable", "enable"]), self.state[user]
        begin, path = next(self.history.ticks), f"/console/users/{user}/{act}/"
        answer = self.world.console("POST", path, self.session, self.world.row(self.session)[0])
        assert answer.headers.get("Location") == f"/console/users/{user}/", (answer.status_code, answer.headers)
        if act in KINDS:
            self.ended(act, user, begin, KINDS[act])
        if act in ("enable", "disable") and enabled != (act == "enable"):
            self.changed(user, begin, act == "enable", password)

    def change_password(self, user: int) -> None:
        """The user signs in to the console and changes the password, with which all sessions end."""
        enabled, current = self.state[user]
        if not (session := self.sign_in(user, current)):
            assert not enabled
            return
        found = self.world.sql("SELECT id FROM auth_tokens WHERE auth_key = SHA2(%s, 256)", session)
        if not found:  # a client has revoked it already
            return
        new, begin = self.other(current), next(self.history.ticks)
        given = {"current": current, "new": new, "again": new, "others": "1"}
        answer = self.world.console("POST", "/console/password/", session, found[0][0], **given)
        if notice_for_next_page(answer).startswith("password"):
            self.ended("password", user, begin, REVOKED_WITH_PASSWORD, new)
            self.changed(user, begin, True, new)
        if text := cookie(answer):
            self.history.made.append(Made(text, "console", user, self.history.span(begin)))

    def sign_in(self, user: int, password: str) -> str:
        """The text of a new session; "" if the user is disabled."""
        begin, given = next(self.history.ticks), {"username": self.names[user], "password": password}
        session = cookie(self.world.console("POST", "/console/sign-in/", **given))
        if session:
            self.history.made.append(Made(session, "console", user, self.history.span(begin), (), password))
        return session

    def change_in_php(self, user: int) -> None:
        """PHP revokes nothing, and a disabled user is enabled."""
        begin, new = next(self.history.ticks), self.other(self.state[user][1])
        self.world.sql("UPDATE users SET password = %s WHERE id = %s", hashed(new), user)
        self.changed(user, begin, True, new)

    def purge(self, user: int) -> None:
        """Of many expired tokens, among the rows of others."""
        self.world.sql(FODDER, user, str(list(range(1, EXPIRED + 1))))
        purge.run(self.world.core, NOW, NOW, 100, lambda rows: None)

    def other(self, password: str) -> str:
        return next(each for each in PASSWORDS if each != password)

    def ended(self, name: str, user: int, begin: int, kinds: tuple[str, ...], password: str = "") -> None:
        def covers(token: Made) -> bool:
            return token.user == user and token.kind in kinds

        span = self.history.span(begin)
        self.history.ended.append(Ended(name, user, span, covers, disables=name == "disable", password=password))

    def changed(self, user: int, begin: int, enabled: bool, password: str) -> None:
        self.state[user] = enabled, password
        self.history.changed.append(Changed(user, self.history.span(begin), enabled, password))

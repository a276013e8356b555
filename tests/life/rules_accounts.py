"""Rules of accounts and of time: passwords, disabling, names, the operator's commands, PHP and DBAs, the purge."""

from hypothesis import strategies as st
from hypothesis.stateful import rule

from tests.life.model import IDLE, User
from tests.life.rules_revoke import Revoking
from tests.life.stage import NAMES, PASSWORDS, WHICH, needs
from tests.life.world import cookie, hashed
from v1 import kinds
from v1.kinds import DEVICES, REVOKED_WITH_PASSWORD
from v1.tokens.issue import NEVER

PASSWORD = st.sampled_from(PASSWORDS)
DAY = 86_400
LATER = st.sampled_from([1, 1, 59, 59, 60, 60, 599, 600, 600, IDLE - 1, IDLE, 3600, 43_200, DAY, 30 * DAY, 182 * DAY])
"""Mostly short: after a long time no session is left to try anything with."""


class Accounts(Revoking):
    """What other people do meanwhile."""

    @needs("console")
    @rule(which=WHICH, new=PASSWORD, others=st.booleans(), right=st.sampled_from([True, True, False]))
    def change_password(self, which: int, new: str, others: bool, right: bool) -> None:
        """The session is replaced by another. Sessions end with the password if the user wants it so."""
        by = self.token(which, "console")
        user = self.model.users[by.user]
        current = user.password if right else "wrong"
        given = {"current": current, "new": new, "again": new} | ({"others": "1"} if others else {})
        text = cookie(self.world.console("POST", "/console/password/", by.text, by.id, **given))
        wanted = self.model.is_good(by) and right and new != current
        made = self.issued(text, "console", by.user, wanted, parent=by.id)
        if made:
            user.password = new
            self.model.delete(by)
            self.model.delete_of_user(user.id, REVOKED_WITH_PASSWORD if others else (), made.id)

    @rule(which=WHICH, new=PASSWORD)
    def set_password(self, which: int, new: str) -> None:
        """The operator's command: tokens stay good, a disabled user stays disabled."""
        user = self.user(which)
        done = self.world.command("user", "passwd", user.name, stdin=f"{new}\n")
        assert (done is not None) == user.exists
        user.password = new

    @rule(which=WHICH, new=PASSWORD)
    def set_password_in_php(self, which: int, new: str) -> None:
        """PHP knows neither tokens nor disabled users: its new hash enables the user."""
        user = self.user(which)
        self.world.sql("UPDATE users SET password = %s WHERE id = %s", hashed(new), user.id)
        user.password, user.disabled = new, False

    @rule(which=WHICH, by_dba=st.sampled_from([False, "at once", "half"]))
    def disable(self, which: int, by_dba: bool | str) -> None:
        """By command; or by a DBA, who may forget the tokens or delete them too."""
        user = self.user(which)
        if by_dba:
            sql = "UPDATE users SET password = CONCAT('!', password) WHERE id = %s AND LEFT(password, 1) <> '!'"
            self.world.sql(sql, user.id)
            user.disabled = True
            if by_dba == "at once":
                self.world.sql("DELETE FROM auth_tokens WHERE user_id = %s", user.id)
                self.model.delete_of_user(user.id)
        else:
            done = self.world.command("user", "disable", user.name)
            assert (done is not None) == user.exists
            self.model.disable(user) if user.exists else None

    @rule(which=WHICH, by_dba=st.booleans())
    def enable(self, which: int, by_dba: bool) -> None:
        user = self.user(which)
        if by_dba:
            sql = "UPDATE users SET password = SUBSTRING(password, 2) WHERE id = %s AND LEFT(password, 1) = '!'"
            self.world.sql(sql, user.id)
            user.disabled = False
        else:
            done = self.world.command("user", "enable", user.name)
            assert (done is not None) == user.exists
            self.model.enable(user) if user.exists else None

    @rule(which=WHICH, off=st.booleans())
    def make_administrator(self, which: int, off: bool) -> None:
        user = self.user(which)
        done = self.world.command("user", "admin", user.name, *(["--off"] if off else []))
        assert (done is not None) == user.exists
        user.is_admin = not off

    @rule(which=WHICH)
    def delete_or_add_user(self, which: int) -> None:
        """A DBA deletes a user, or PHP adds one with the name of a user who was deleted."""
        user = self.user(which)
        if user.exists:
            self.world.sql("DELETE FROM users WHERE id = %s", user.id)
            user.exists = False
        elif not any(each.exists and each.name == user.name for each in self.model.users.values()):
            again = User(self.world.add_user(user.name, PASSWORDS[0]), user.name, PASSWORDS[0])
            self.model.users[again.id] = again

    @rule(which=WHICH)
    def rename_user(self, which: int) -> None:
        """The name of a user says nothing about tokens."""
        user = self.user(which)
        if user.exists:
            user.name = f"{user.name.partition('.')[0]}.{len(self.model.tokens)}"
            self.world.sql("UPDATE users SET username = %s WHERE id = %s", user.name, user.id)

    @needs("console")
    @rule(which=WHICH, other=WHICH, name=st.sampled_from(NAMES))
    def rename_token(self, which: int, other: int, name: str) -> None:
        by, token = self.token(which, "console"), self.token(other, "personal", "console")
        self.world.console("POST", f"/console/tokens/{token.id}/rename/", by.text, by.id, name=name)
        owns = self.model.is_good(by) and by.user == token.user and token.kind == "personal"
        if owns and self.model.is_unexpired(token) and not self.model.is_taken(by.user, name, token.id):
            token.name = name

    @needs(*kinds.NAMES)
    @rule(which=WHICH, api=st.booleans(), streams=st.booleans())
    def revoke_by_command(self, which: int, api: bool, streams: bool) -> None:
        token = self.token(which, *kinds.NAMES)
        if not api:
            self.world.command("session", "revoke", str(token.id))
            self.model.delete(token)
            return
        self.world.command("token", "revoke", str(token.id), *(["--with-streams"] if streams else []))
        if not token.row or token.kind == "api":
            self.model.delete(token) if token.kind == "api" else None
            self.delete_streams(token if streams else None)

    @rule(which=WHICH, everything=st.booleans())
    def sign_out_by_command(self, which: int, everything: bool) -> None:
        user = self.user(which)
        done = self.world.command("session", "revoke", "--user", user.name, *(["--all"] if everything else []))
        assert (done is not None) == user.exists
        if user.exists:
            self.model.delete_of_user(user.id, kinds.NAMES if everything else DEVICES)

    @rule(seconds=LATER)
    def wait(self, seconds: int) -> None:
        self.world.clock.set(self.world.clock() + seconds)

    @rule(early=st.integers(0, 1))
    def wait_for_an_end(self, early: int) -> None:
        """To the very second in which the next token ends, and is dead; or to the one before."""
        ends = [each.expiry for each in self.model.tokens.values() if self.model.is_good(each)]
        if ends and min(ends) < NEVER:
            self.world.clock.set(min(ends) - early)

    @rule(grace=st.sampled_from([0, 0, 1, 7]), in_php=st.booleans())
    def purge(self, grace: int, in_php: bool) -> None:
        """By command; or PHP deletes what it takes for expired."""
        if in_php:
            self.world.sql("DELETE FROM auth_tokens WHERE expiry <= %s", self.world.clock() - grace * DAY)
        else:
            assert self.world.command("session", "purge", "--grace", str(grace)) is not None
        self.model.purge(self.world.clock() - grace * DAY)

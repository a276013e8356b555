"""Rules that revoke tokens: their holders at the doors, and people in the console."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.life.model import Token
from tests.life.stage import WHICH, Stage, needs
from v1.kinds import API_TOKENS, NAMES, REVOKED_WITH_PASSWORD

MANY = st.lists(WHICH, min_size=1, max_size=3)
ACTS = st.sampled_from(["enable", "revoke-all", "revoke-sessions"])
FRESH = st.sampled_from([True, True, False])
"""Most sessions have ended by the time that somebody acts: so an administrator mostly signs in first."""


class Revoking(Stage):
    """Whoever presents a dead token revokes nothing. No rule looks at answers: what is good afterwards is looked at."""

    @needs("mobile")
    @rule(which=WHICH)
    def log_out(self, which: int) -> None:
        by = self.token(which, "mobile")
        self.world.ask("POST", "/v1/logout/", by.text)
        if self.model.is_good(by):
            self.model.delete(by)

    @needs("mobile")
    @rule(which=WHICH, everything=st.booleans())
    def sign_others_out(self, which: int, everything: bool) -> None:
        by = self.token(which, "mobile")
        self.world.ask("DELETE", "/v1/sessions/?all=1" if everything else "/v1/sessions/", by.text)
        if self.model.is_good(by):
            self.model.delete_of_user(by.user) if everything else self.model.sign_others_out(by)

    @needs("mobile")
    @rule(which=WHICH, other=WHICH)
    def revoke_by_id(self, which: int, other: int) -> None:
        """Any token of one's own, and nobody else's."""
        by, token = self.token(which, "mobile"), self.token(other, *NAMES)
        self.world.ask("DELETE", f"/v1/sessions/{token.id}/", by.text)
        self._revoked_by(by, token)

    @needs("management")
    @rule(which=WHICH, other=WHICH, personal=st.booleans())
    def revoke_by_manager(self, which: int, other: int, personal: bool) -> None:
        """Only one's own personal tokens."""
        by = self.token(which, "management")
        kinds = ("personal", "management") if personal else NAMES
        token = self.token(other, *kinds)
        self.world.ask("DELETE", f"/apiops/tokens/{token.id}/", by.text)
        if token.kind == "personal":
            self._revoked_by(by, token)

    def _revoked_by(self, by: Token, token: Token) -> None:
        if self.model.is_good(by) and by.user == token.user:
            self.model.delete(token)

    @needs(*NAMES)
    @rule(which=WHICH)
    def revoke_by_text(self, which: int) -> None:
        """Its holder may, whatever its kind and state."""
        token = self.token(which, *NAMES)
        assert self.world.ask("POST", "/v1/oauth/revoke/", data={"token": token.text}).status_code == 200
        self.model.delete(token)

    @precondition(lambda self: self.model.logins_with_pairs())
    @rule(which=WHICH, by_command=st.booleans())
    def revoke_login_with_pairs(self, which: int, by_command: bool) -> None:
        """The refresh token of a login at DeviceHive's door, which made further pairs: nothing of the family stays."""
        logins = self.model.logins_with_pairs()
        token = logins[which % len(logins)]
        if by_command:
            assert self.world.command("session", "revoke", str(token.id)) is not None
        else:
            self.world.ask("POST", "/v1/oauth/revoke/", data={"token": token.text})
        self.model.delete(token)

    @needs("api")
    @rule(which=WHICH, other=WHICH)
    def revoke_by_server(self, which: int, other: int) -> None:
        by, user = self.token(which, "api"), self.user(other)
        self.world.ask("POST", "/v1/oauth/revoke/", by.text, data={"user": user.name})
        if self.model.is_good(by) and by.scope == "revoke" and user.exists:
            self.model.delete_of_user(user.id)

    @needs("console")
    @rule(which=WHICH, other=WHICH, alike=st.booleans())
    def sign_device_out(self, which: int, other: int, alike: bool) -> None:
        by, token = self.token(which, "console"), self.token(other, *NAMES)
        more = {"alike": "1"} if alike else {}
        self.world.console("POST", f"/console/devices/{token.id}/sign-out/", by.text, by.id, **more)
        if self.model.is_good(by) and by.user == token.user:
            self.model.delete_alike(token, by) if alike else self.model.delete(token)

    @needs("console")
    @rule(which=WHICH, path=st.sampled_from(["sign-out", "devices/sign-out-others"]))
    def sign_out(self, which: int, path: str) -> None:
        by = self.token(which, "console")
        self.world.console("POST", f"/console/{path}/", by.text, by.id)
        if self.model.is_good(by):
            self.model.delete(by) if path == "sign-out" else self.model.sign_others_out(by)

    @needs("console")
    @rule(which=WHICH, other=WHICH)
    def revoke_own_personal_token(self, which: int, other: int) -> None:
        by, token = self.token(which, "console"), self.token(other, "personal", "console")
        self.world.console("POST", f"/console/tokens/{token.id}/revoke/", by.text, by.id)
        if token.kind == "personal":
            self._revoked_by(by, token)

    @needs("console")
    @rule(which=WHICH, other=st.integers(1, 6), fresh=FRESH)
    def disable_as_administrator(self, which: int, other: int, fresh: bool) -> None:
        self.act_as_administrator(which, other, "disable", fresh)

    @needs("console")
    @rule(which=WHICH, other=WHICH, act=ACTS, fresh=FRESH)
    def act_as_administrator(self, which: int, other: int, act: str, fresh: bool) -> None:
        by, user = self._session(which, fresh), self.user(other)
        self.world.console("POST", f"/console/users/{user.id}/{act}/", by.text, by.id)
        if not self._is_administrator(by) or not user.exists or act == "disable" and user.id == by.user:
            return
        match act:
            case "disable":
                self.model.disable(user)
            case "enable":
                self.model.enable(user)
            case "revoke-all":
                self.model.delete_of_user(user.id)
            case _:
                self.model.delete_of_user(user.id, REVOKED_WITH_PASSWORD)

    @needs("console")
    @rule(which=WHICH, other=WHICH, alike=st.booleans(), fresh=FRESH)
    def revoke_as_administrator(self, which: int, other: int, alike: bool, fresh: bool) -> None:
        """A token of a user; API tokens only after a question."""
        by, token = self._session(which, fresh), self.token(other, *NAMES)
        more = {"alike": "1"} if alike else {}
        path = f"/console/users/{token.user}/sessions/{token.id}/revoke/"
        self.world.console("POST", path, by.text, by.id, **more)
        owner = self.model.users.get(token.user)
        if self._is_administrator(by) and owner and owner.exists and not (token.row and token.kind in API_TOKENS):
            self.model.delete_alike(token, by) if alike and token.row else self.model.delete(token)

    @needs("console")
    @rule(which=WHICH, others=MANY, streams=st.booleans())
    def revoke_api_tokens(self, which: int, others: list[int], streams: bool) -> None:
        by = self.token(which, "console")
        tokens = [self.token(each, *API_TOKENS, "console") for each in others]
        query = "&".join(f"token={each.id}" for each in tokens)
        more = {"streams": "1"} if streams else {}
        self.world.console("POST", f"/console/tokens/revoke/?{query}", by.text, by.id, **more)
        for each in tokens if self._is_administrator(by) else ():
            if each.kind in API_TOKENS and each.row:
                self.model.delete(each)
                self.delete_streams(each if streams else None)

    def delete_streams(self, api: Token | None) -> None:
        """The stream tokens of this API token are revoked."""
        for each in self.model.rows(kinds=("stream",)):
            each.row = api is None or each.parent != api.id

    def _session(self, which: int, fresh: bool) -> Token:
        """A session of the console: `fresh` is one for which the first user has just signed in, if they can."""
        if fresh:
            self.log_in("console", 0, "right")
        return self.token(0 if fresh else which, "console")

    def _is_administrator(self, by: Token) -> bool:
        return self.model.is_good(by) and self.model.users[by.user].is_admin

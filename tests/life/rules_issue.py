"""Rules that issue tokens, at every door and by command."""

import re
from base64 import b64encode
from datetime import UTC, datetime

from hypothesis import strategies as st
from hypothesis.stateful import rule

from tests.life.model import NOTED, User
from tests.life.stage import NAMES, PASSWORDS, WHICH, Stage, needs
from tests.life.world import CAMERA, cookie, pair
from v1.tokens.issue import NEVER

DOORS = ("mobile", "management", "console", "jwt_refresh")
LIFETIMES = st.sampled_from([60, 600, 0, 86_400])
"""In seconds; 0 is for ever."""

PERSONAL = re.compile("gpp_[0-9A-Za-z]{46}")


class Issuing(Stage):
    """Logins, and what tokens make."""

    @rule(door=st.sampled_from(DOORS), which=WHICH, password=st.sampled_from(["right", "right", "right", *PASSWORDS]))
    def log_in(self, door: str, which: int, password: str) -> None:
        user = self.user(which)
        password = user.password if password == "right" else password
        wanted = self.model.can_log_in(user, password)
        if door == "jwt_refresh":
            newest = self._log_in_for_a_pair(user, password, wanted)
        else:
            newest = self.issued(self._log_in(door, user.name, password), door, user.id, wanted)
        if newest and door != "management":
            self.model.enforce_limit(newest)

    def _log_in(self, door: str, name: str, password: str) -> str | None:
        """The text of a new token of this kind."""
        given = {"username": name, "password": password}
        if door == "mobile":
            return self.world.ask("POST", "/v1/oauth/", data=given).json.get("data", {}).get("access_token")
        if door == "console":
            return cookie(self.world.console("POST", "/console/sign-in/", **given))
        basic = {"Authorization": f"Basic {b64encode(f'{name}:{password}'.encode()).decode()}"}
        form = {"grant_type": "client_credentials"}
        answer = self.world.app.test_client().post("/apiops/auth/token", headers=basic, data=form)
        return answer.json.get("access_token")

    def _log_in_for_a_pair(self, user: User, password: str, wanted: bool):
        found = pair(self.world.ask("POST", "/token", json={"login": user.name, "password": password}))
        refresh = self.issued(found and found[1], "jwt_refresh", user.id, wanted, unrestricted=user.is_admin)
        if found and refresh:
            refresh.login, more = refresh.id, {"login": refresh.id, "until": refresh.expiry}
            self.issued(found[0], "jwt_access", user.id, True, parent=refresh.id, unrestricted=user.is_admin, **more)
        return refresh

    @needs("jwt_refresh")
    @rule(which=WHICH)
    def renew(self, which: int) -> None:
        by = self.token(which, "jwt_refresh")
        answer = self.world.ask("POST", "/token/refresh", json={"refreshToken": by.text})
        text = answer.json.get("accessToken")
        rights = {"manages": by.manages, "sees_devices": by.sees_devices}
        rights |= {"unrestricted": by.unrestricted and self.model.users[by.user].is_admin}
        family = {"parent": by.id, "login": by.parent or by.id, "until": by.expiry}
        expiry = min(self.world.clock() + 1800, by.expiry)
        self.issued(text, "jwt_access", by.user, self.model.is_good(by), expiry=expiry, **rights, **family)

    @needs("jwt_access")
    @rule(which=WHICH, other=WHICH, own=st.booleans(), access=LIFETIMES, refresh=LIFETIMES, manages=st.booleans())
    def create_pair(self, which: int, other: int, own: bool, access: int, refresh: int, manages: bool) -> None:
        """An expiry of 0 is none that is asked for. Nobody gives a right that their token lacks."""
        by, now = self.token(which, "jwt_access"), self.world.clock()
        owner = self.model.users[by.user] if own else self.user(other)
        asked = {"userId": owner.id, "actions": ["ManageToken"] if manages else ["GetDevice"]}
        asked |= {"expiration": (now + access) * 1000} if access else {}
        asked |= {"refreshExpiration": (now + refresh) * 1000} if refresh else {}
        found = pair(self.world.ask("POST", "/token/create", by.text, json=asked))
        anybody = self.model.users[by.user].is_admin and by.unrestricted
        head, until = (0, NEVER) if anybody else (by.login, by.until)
        ends = {each: now + seconds if seconds else 0 for each, seconds in (("access", access), ("refresh", refresh))}
        wanted = self.model.is_good(by) and by.manages and (anybody or owner.id == by.user)
        wanted = wanted and (manages or by.sees_devices)
        wanted = wanted and owner.exists and not owner.disabled and max(ends.values()) <= until
        wanted = wanted and not (head and self.model.is_full(head))
        expiry = ends["refresh"] or ends["access"] or min(now + 182 * 86_400, until)
        rights = {"manages": manages, "sees_devices": not manages}
        more = {"expiry": expiry, "parent": head, **rights}
        made = self.issued(found and found[1], "jwt_refresh", owner.id, wanted, **more)
        if found and made:
            alone = bool(head) and ends["access"] > expiry
            family = {"parent": head if alone else made.id, "login": head or made.id, "alone": alone}
            more = {"until": ends["access"] if alone else expiry, **rights}
            more |= {"expiry": ends["access"] or min(now + 1800, expiry)}
            self.issued(found[0], "jwt_access", owner.id, True, **family, **more)

    @rule(scope=st.sampled_from(["introspect", "revoke", "stream"]), which=WHICH, owned=st.booleans(), days=LIFETIMES)
    def create_api_token(self, scope: str, which: int, owned: bool, days: int) -> None:
        owner, now = self.user(which), self.world.clock()
        words = ["--user", owner.name] if owned else []
        words += ["--days", str(days)] if 0 < days <= 600 else []
        printed = self.world.command("token", "create", "a server", "--scope", scope, *words)
        wanted = not owned or owner.exists and not owner.disabled
        expiry = now + days * 86_400 if 0 < days <= 600 else NEVER
        more = {"scope": scope, "expiry": expiry, "used": now - NOTED, "name": "a server"}
        self.issued(printed and printed.split()[0], "api", owner.id if owned else 0, wanted, **more)

    @rule(ttl=LIFETIMES)
    def create_api_token_by_rpc(self, ttl: int) -> None:
        now = self.world.clock()
        more = {"scope": "stream", "expiry": now + ttl if ttl else NEVER, "used": now - NOTED}
        text = self.world.rpc("Auth.CreateApiToken", ttl=ttl)["result"]
        self.issued(text, "api", 0, True, name="Auth.CreateApiToken", **more)

    @needs("api", scope="stream")
    @rule(which=WHICH, ttl=LIFETIMES)
    def create_stream_token(self, which: int, ttl: int) -> None:
        by, now = self.token(which, "api", scope="stream"), self.world.clock()
        text = self.world.rpc("Auth.CreateAccessToken", by.text, stream=CAMERA, ttl=ttl, live=True).get("result")
        expiry = min(now + ttl if ttl else NEVER, by.expiry)
        more = {"expiry": expiry, "parent": by.id, "name": CAMERA}
        self.issued(text, "stream", by.user, self.model.is_good(by), **more)

    @needs("management", "console")
    @rule(which=WHICH, name=st.sampled_from(NAMES), seconds=LIFETIMES)
    def create_personal_token(self, which: int, name: str, seconds: int) -> None:
        by, now = self.token(which, "management", "console"), self.world.clock()
        if by.kind == "management":
            end = datetime.fromtimestamp(now + seconds, UTC).isoformat().replace("+00:00", "Z") if seconds else "never"
            answer = self.world.ask("POST", "/apiops/tokens/", by.text, json={"name": name, "expires": end})
            text, expiry = answer.json.get("token"), now + seconds if seconds else NEVER
        else:
            given = {"name": name, "expiration": "30d" if seconds else "never", "date": ""}
            page = self.world.console("POST", "/console/tokens/new/", by.text, by.id, **given).get_data(as_text=True)
            found = PERSONAL.search(page)
            text = found and found[0]
            expiry = now + 30 * 86_400 if seconds else NEVER
        wanted = self.model.is_good(by) and not self.model.is_taken(by.user, name)
        more = {"expiry": expiry, "used": now - NOTED, "parent": by.id, "name": name}
        self.issued(text, "personal", by.user, wanted, **more)

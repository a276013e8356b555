"""Clients that do things at random, each on a thread of its own, and note in the history what came of it."""

import json
from collections.abc import Callable
from random import Random
from typing import Final

from tests.life.history import Ended, History, Made, Seen, Tried
from tests.life.stage import PASSWORDS
from tests.life.world import World, cookie, pair
from v1.kinds import DEVICES


class Client:
    """Somebody with apps and scripts of several users. `names` are the users' by their ids."""

    def __init__(self, world: World, history: History, names: dict[int, str], seed: str, inspector: str) -> None:
        self.world, self.history, self.names, self.inspector = world, history, names, inspector
        self.random = Random(seed)

    def act(self) -> None:
        """Do one thing."""
        self.random.choice(ACTS)(self)

    def begin(self) -> int:
        return next(self.history.ticks)

    def any_of(self, *kinds: str) -> Made | None:
        """One of the tokens, more often a late one."""
        found = [each for each in self.history.made[-60:] if each.kind in kinds or not kinds]
        return self.random.choice(found) if found else None

    def log_in(self) -> None:
        user, password = self.random.choice(list(self.names)), self.random.choice(PASSWORDS)
        begin = self.begin()
        made = LOGINS[door := self.random.choice(list(LOGINS))](self.world, self.names[user], password)
        span = self.history.span(begin)
        self.history.tried.append(Tried(user, password, span, bool(made)))
        if made:
            self.history.made.append(Made(made[0], door, user, span, (), password))
            above = (made[0],)
            self.history.made += [Made(text, "jwt_access", user, span, above, password) for text in made[1:]]

    def renew(self) -> None:
        if by := self.any_of("jwt_refresh"):
            begin = self.begin()
            answer = self.world.ask("POST", "/token/refresh", json={"refreshToken": by.text})
            self.derive(by, begin, "jwt_access", json.loads(answer.data).get("accessToken"), (*by.above, by.text))

    def create_pair(self) -> None:
        """The new pair is below the refresh token of the login."""
        if by := self.any_of("jwt_access"):
            begin, asked = self.begin(), {"userId": by.user, "actions": ["ManageToken"]}
            if found := pair(self.world.ask("POST", "/token/create", by.text, json=asked)):
                self.derive(by, begin, "jwt_refresh", found[1], by.above[:1])
                self.derive(by, begin, "jwt_access", found[0], (*by.above[:1], found[1]))

    def create_personal(self) -> None:
        if by := self.any_of("management"):
            begin, name = self.begin(), f"token {self.random.random()}"
            answer = self.world.ask("POST", "/apiops/tokens/", by.text, json={"name": name, "expires": "never"})
            self.derive(by, begin, "personal", answer.json.get("token"), ())

    def derive(self, by: Made, begin: int, kind: str, text: str | None, above: tuple[str, ...]) -> None:
        """Note a token that another made, if it was made: so that other was good then."""
        if text:
            self.history.made.append(Made(text, kind, by.user, self.history.span(begin), above))

    def look(self) -> None:
        if token := self.any_of():
            self.show(token)

    def show(self, token: Made) -> bool:
        """Ask the service about a token."""
        begin = self.begin()
        answer = self.world.ask("POST", "/v1/oauth/introspect/", self.inspector, data={"token": token.text})
        assert answer.status_code == 200, answer.data
        self.history.seen.append(Seen(token, self.history.span(begin), answer.json["active"]))
        return bool(answer.json["active"])

    def log_out(self) -> None:
        if by := self.any_of("mobile"):
            begin = self.begin()
            if self.world.ask("POST", "/v1/logout/", by.text).json["success"]:
                self.end("log out", by, begin, frozenset({by.text}))

    def revoke(self) -> None:
        if by := self.any_of():
            begin = self.begin()
            assert self.world.ask("POST", "/v1/oauth/revoke/", data={"token": by.text}).status_code == 200
            self.end("revoke", by, begin, frozenset({by.text}))

    def sign_others_out(self) -> None:
        if by := self.any_of("mobile"):
            begin = self.begin()
            if self.world.ask("DELETE", "/v1/sessions/", by.text).json["success"]:
                own = by.text
                self.end("others", by, begin, covers=lambda each: each.kind in DEVICES and each.text != own)

    def end(
        self,
        name: str,
        by: Made,
        begin: int,
        texts: frozenset[str] = frozenset(),
        covers: Callable[[Made], bool] = lambda each: False,
    ) -> None:
        """Note an answered revocation of tokens of this one's user."""
        user = by.user
        span = self.history.span(begin)
        self.history.ended.append(Ended(name, user, span, lambda each: each.user == user and covers(each), texts))


def _mobile(world: World, name: str, password: str) -> tuple[str, ...] | None:
    answer = world.ask("POST", "/v1/oauth/", data={"username": name, "password": password}).json
    assert answer["success"] or answer["errors"]["code"] == "1142", answer
    return (answer["data"]["access_token"],) if answer["success"] else None


def _management(world: World, name: str, password: str) -> tuple[str, ...] | None:
    form = {"grant_type": "client_credentials", "client_id": name, "client_secret": password}
    answer = world.ask("POST", "/apiops/auth/token", data=form)
    assert answer.status_code in (200, 401), answer.data
    return (answer.json["access_token"],) if answer.status_code == 200 else None


def _console(world: World, name: str, password: str) -> tuple[str, ...] | None:
    answer = world.console("POST", "/console/sign-in/", username=name, password=password)
    assert answer.status_code in (303, 403), answer.data
    return (cookie(answer),) if answer.status_code == 303 else None


def _pair(world: World, name: str, password: str) -> tuple[str, ...] | None:
    """The refresh token, and the access token below it."""
    found = pair(world.ask("POST", "/token", json={"login": name, "password": password}))
    return found and (found[1], found[0])


LOGINS: Final = {"mobile": _mobile, "management": _management, "console": _console, "jwt_refresh": _pair}
"""A login at the door of each kind: the text of the token, or tokens; None if it is refused."""

ACTS: Final = (
    *(Client.log_in, Client.log_in, Client.log_in, Client.renew, Client.create_pair, Client.create_personal),
    *(Client.look, Client.look, Client.look, Client.log_out, Client.revoke, Client.sign_others_out),
)

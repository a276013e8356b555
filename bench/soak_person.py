"""A client of every door for the soak, who knows what each answer must be"""

import random
import select
from collections import deque
from dataclasses import dataclass, field
from typing import Final

from bench.caller import Answer, Caller, get, post_form, post_json
from bench.client import BUSY, WRONG
from bench.minted import STREAM
from bench.place import CHECK, LOGIN, PASSWORD
from bench.report import BenchError
from bench.ways import rpc, token_in

HELD: Final = 3
"""Live mobile tokens of a client: beyond it a revocation follows each login."""

RENEWALS: Final = 40
"""How often a DeviceHive client renews its access token until it logs in anew, and revokes the old pair."""

STREAM_SECONDS: Final = 60
"""The lifetime of a stream token: what a purge finds."""

PAGES: Final = ("profile", "devices", "activity", "overview", "users/?search=soak", "tokens")
"""Pages of the console. Each client is an administrator here."""


class Busy(BenchError):
    """The service said so. Without pauses that is right, at a share of its capacity it is an error."""


@dataclass(frozen=True)
class Keys:
    """The API tokens of the servers that all clients ask through, and a client's own session of the console."""

    introspect: str
    stream: str
    session: str


@dataclass
class Person:
    """One user with several apps on one connection. Each method is one request or two; BenchError: a wrong answer."""

    port: int
    number: int
    keys: Keys
    live: deque[str]
    refresh: str
    dead: deque[str] = field(default_factory=lambda: deque(maxlen=20))
    renewed: int = 0
    streams: deque[str] = field(default_factory=lambda: deque(maxlen=5))
    _caller: Caller | None = None

    def ask(self, raw: bytes, status: int | None = 200) -> Answer:
        """One request, as a good client sends it: on a new connection if the service has closed the last one."""
        if self._caller and select.select([self._caller], [], [], 0)[0]:
            self.hang_up()
        self._caller = self._caller or Caller(self.port)
        answer = self._caller.ask(raw, status)
        if answer.headers.get("connection", "").lower() == "close":
            self.hang_up()
        return answer

    def hang_up(self) -> None:
        if self._caller:
            self._caller.__exit__(None, None, None)
            self._caller = None

    def check(self) -> None:
        """A token check: nine of ten of a live token."""
        token = random.choice(self.dead if self.dead and random.random() < 0.1 else self.live)
        self.ask(get(CHECK, token), 401 if token in self.dead else 200)

    def login(self) -> None:
        self.live.append(self._log_in())

    def wrong_login(self) -> None:
        answer = self._logged_in(post_form(LOGIN, username=f"soak{self.number}", password="wrong"), 200)
        must(answer.json.get("errors", {}).get("code") == WRONG, "a wrong login", answer)

    def revoke(self) -> None:
        """Revoke the oldest tokens over HELD, and find the last of them dead. A login if there is none."""
        if len(self.live) <= HELD:
            self.login()
        while len(self.live) > HELD:
            token = self.live.popleft()
            must(self.ask(_logout(token)).json["data"]["revoked"] == 1, "a logout", None)
            self.dead.append(token)
        if self.dead:
            self.ask(get(CHECK, self.dead[-1]), 401)

    def introspect(self) -> None:
        token = random.choice([*self.live, *self.dead])
        answer = self.ask(post_form("/v1/oauth/introspect/", _bearer(self.keys.introspect), token=token))
        must(answer.json["active"] == (token not in self.dead), "an introspection", answer)

    def page(self) -> None:
        path, cookie = random.choice(PAGES), f"Cookie: __Host-gatepass={self.keys.session}"
        answer = self.ask(get(f"/console/{path}{'' if '?' in path else '/'}", "", cookie))
        must(answer.body.rstrip().endswith(b"</html>"), "a page", answer)

    def mint_stream(self) -> None:
        """JSON-RPC: a new stream token."""
        wanted = {"stream": STREAM, "ttl": STREAM_SECONDS, "live": True}
        answer = self.ask(post_json("/api/", rpc("Auth.CreateAccessToken", wanted), self.keys.stream))
        self.streams.append(token_in(answer, "result"))

    def check_stream(self) -> None:
        """JSON-RPC: whether the newest stream token opens its stream."""
        if not self.streams:
            self.mint_stream()
        asked = {"token": self.streams[-1], "stream": STREAM, "action": "live"}
        answer = self.ask(post_json("/api/", rpc("Auth.CheckAccessToken", asked), self.keys.stream))
        must("allowed" in answer.json["result"], "a stream check", answer)

    def renew(self) -> None:
        """DeviceHive: another access token, and after RENEWALS of them another login."""
        if self.renewed == RENEWALS:
            old, name = self.refresh, {"login": f"soak{self.number}", "password": PASSWORD.decode()}
            self.refresh = token_in(self._logged_in(post_json("/token", name), 201), "refreshToken")
            self.renewed = 0
            self.ask(post_form("/v1/oauth/revoke/", token=old))
        self.renewed += 1
        access = token_in(self.ask(post_json("/token/refresh", {"refreshToken": self.refresh}), 201), "accessToken")
        self.ask(get("/user/current", access))

    def afterwards(self) -> None:
        """Every token is what it was promised to be."""
        for token in self.live:
            self.ask(get(CHECK, token), 200)
        for token in self.dead:
            self.ask(get(CHECK, token), 401)

    def _log_in(self) -> str:
        fields = {"username": f"soak{self.number}", "password": PASSWORD.decode(), "device-info": "soak"}
        return token_in(self._logged_in(post_form(LOGIN, **fields), 200), "data.access_token")

    def _logged_in(self, raw: bytes, status: int) -> Answer:
        """The answer to a login. Raises Busy if the service has more of them than it takes at once."""
        answer = self.ask(raw, None)
        if answer.status == 503 or answer.json.get("errors", {}).get("code") == BUSY:
            raise Busy("too many logins at once")
        must(answer.status == status, "a login", answer)
        return answer


def must(kept: bool, what: str, answer: Answer | None) -> None:
    if not kept:
        raise BenchError(f"{what} was answered {answer and answer.body[:300]!r}")


def _bearer(token: str) -> str:
    return f"Authorization: Bearer {token}"


def _logout(token: str) -> bytes:
    return post_form("/v1/logout/", f"Authorization: Token {token}")

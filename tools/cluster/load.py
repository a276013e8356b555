"""The load on a cluster: clients that log in, check and revoke through HAProxy, and keep a ledger of the answers."""

import json
import random
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from tools.cluster import http_client, ledger
from tools.cluster.gatepass import PORT, GatepassNode
from tools.cluster.ledger import Ledger, Promise
from tools.cluster.outages import Successes
from v1.auth import accounts
from v1.auth.core import Core

CLIENTS: Final = 16
PASSWORD: Final = "load-password"
PAUSE: Final = 0.05
"""Seconds until a client tries again after a failure."""

Address = tuple[str, int]


def add_users(parts: Core) -> None:
    """Make a user for each client."""
    for number in range(CLIENTS):
        accounts.add(parts, f"load{number}", PASSWORD.encode(), is_admin=False)


def log_in(address: Address, name: str, password: str = PASSWORD) -> tuple[http_client.Answer, str, str]:
    """Log in. The answer, the token in it and the code of the error in it."""
    form = urlencode({"username": name, "password": password, "device-info": "load"})
    answer = http_client.ask(address, "POST", "/v1/oauth/", form=form)
    data, code = _read(answer)
    return answer, str(data.get("access_token", "")), code


def check(address: Address, token: str) -> http_client.Answer:
    return http_client.ask(address, "GET", "/v1/verify/", token)


def revoke(address: Address, token: str) -> tuple[http_client.Answer, bool, str]:
    """Revoke a token by itself. The answer, whether it was done, and the code of the error in it."""
    answer = http_client.ask(address, "POST", "/v1/logout/", token)
    data, code = _read(answer)
    return answer, data.get("revoked") == 1, code


def _read(answer: http_client.Answer) -> tuple[dict[str, object], str]:
    """The data of an answer in the envelope of the mobile door, and the code of its error."""
    try:
        document = json.loads(answer.body)
        return dict(document.get("data", {})), str(document.get("errors", {}).get("code", ""))
    except (ValueError, AttributeError):
        return {}, ""


@dataclass(frozen=True)
class Door:
    """How a load logs in, checks and revokes; `check` is answered GOOD_AT_CHECK or BAD_AT_CHECK where all is well."""

    log_in: Callable[[Address, str], tuple[http_client.Answer, str, str]]
    check: Callable[[Address, str], http_client.Answer]
    revoke: Callable[[Address, str], tuple[http_client.Answer, bool, str]]


MOBILE: Final = Door(log_in, check, revoke)


class Client:
    """One user with many devices. It logs in, and asks about its tokens through HAProxy: each time at another node."""

    def __init__(self, number: int, address: Address, door: Door = MOBILE, book: Ledger | None = None) -> None:
        self.name, self._address, self._door = f"load{number}", address, door
        self.random = random.Random(number)
        self.ledger = book or Ledger()
        self.logins: list[float] = []
        self.checks: list[float] = []

    def turn(self) -> None:
        """A login, a check of its token and of an older one, and now and then a revocation."""
        if not (token := self.log_in()):
            time.sleep(PAUSE)
            return
        self.check(token)
        self.check(self.random.choice(list(self.ledger.tokens)))
        if self.random.random() < 1 / 3:
            self.revoke(self.random.choice([token, *self.good()]))

    def log_in(self) -> str:
        """Log in; the token, or nothing."""
        answer, token, code = self._door.log_in(self._address, self.name)
        if not self.ledger.login(answer, token or None, code):
            return ""
        self.logins.append(time.monotonic())
        return token

    def ask(self, token: str) -> http_client.Answer:
        """What its door answers about a token."""
        return self._door.check(self._address, token)

    def check(self, token: str) -> None:
        if self.ledger.check(token, self.ask(token)):
            self.checks.append(time.monotonic())
        else:
            time.sleep(PAUSE)

    def revoke(self, token: str) -> None:
        if self.ledger.revoke(token, *self._door.revoke(self._address, token)):
            self.check(token)
        else:
            time.sleep(PAUSE)

    def good(self) -> list[str]:
        """Its newest tokens that are promised to be good."""
        return [token for token, promise in self.ledger.tokens.items() if promise is Promise.GOOD][-20:]


class Load:
    """Clients on threads, from the moment it is made until `stop`."""

    def __init__(
        self, address: Address, clients: int = CLIENTS, make: Callable[[int, Address], Client] = Client
    ) -> None:
        self.clients = [make(number, address) for number in range(clients)]
        self._ended = threading.Event()
        self.begun = time.monotonic()
        self._threads = [threading.Thread(target=self._run, args=(client,), daemon=True) for client in self.clients]
        for thread in self._threads:
            thread.start()

    def _run(self, client: Client) -> None:
        while not self._ended.is_set():
            client.turn()

    def logins(self) -> int:
        """The number of logins so far."""
        return sum(len(client.logins) for client in self.clients)

    def stop(self) -> tuple[Ledger, Successes]:
        """Let each client finish its turn. What they were answered, and when they had success."""
        self.ended = time.monotonic()
        self._ended.set()
        for thread in self._threads:
            thread.join()
        successes = Successes()
        successes.add("login", [client.logins for client in self.clients])
        successes.add("check", [client.checks for client in self.clients])
        return ledger.joined([client.ledger for client in self.clients]), successes


def check_afterwards(book: Ledger, nodes: Sequence[GatepassNode]) -> None:
    """Ask every node about every token."""
    asked = [(token, node) for token in book.tokens for node in nodes]
    with ThreadPoolExecutor(8) as pool:
        answers = pool.map(lambda each: check((each[1].address, PORT), each[0]), asked)
        for (token, node), answer in zip(asked, answers):
            book.afterwards(token, answer, node.name)

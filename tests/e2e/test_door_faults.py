"""What every door says when MariaDB hangs, dies or only reads: come again in five seconds. Nothing is lost."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial

import pytest
from werkzeug.test import TestResponse

from tests.conftest import Service, add_user
from tests.doors import every_door
from tests.doors.console.signed_in import user_id
from tests.doors.contract import DoorContract, TokenContract
from tests.doors.contract.failures import exchange, holds
from tests.doors.every_door import Opening
from tests.doors.kinds import mint
from tests.doors.operations import bearer
from tests.e2e.faults import (
    GENEROUS,
    SOON,
    as_root,
    frozen,
    service_on,
    started_again,
    statements_running,
    until,
    while_hashing,
)
from tools import private_server
from tools.private_server import Server
from v1.db.pool import Database

ALSO = ("media make a stream token", "media the printed sample", "media check a stream token", "apiops hello")
"""What a token opens beside the one operation of each door, and what ends no other token."""

ENDS = ("mobile revoke others", "mobile revoke all", "mobile log out")
"""What ends tokens of its user."""


@dataclass(frozen=True)
class Asked:
    """One operation at a door, ready to be asked: with a proof and a client of its own."""

    door: DoorContract
    ask: Callable[[], TestResponse]
    writes: bool
    is_done: Callable[[TestResponse], bool]

    def is_busy(self, response: TestResponse) -> bool:
        """Does the door tell its caller to come again in five seconds?"""
        return holds(self.door.is_database_down, response) and response.headers["Retry-After"] == "5"


def service(server: Server, **settings: str) -> Service:
    client = service_on(server, **settings)
    return Service(client.application, client, server, lambda: int(time.time()))  # type: ignore[arg-type]


def everything(of: Service) -> dict[str, Asked]:
    """What each door is for, and what else is named above."""
    found = {each.name: opening(of, each) for each in every_door.openings() if each.door.use == each.ask}
    found |= {each.name: opening(of, each) for each in every_door.openings() if each.name in ALSO}
    found |= {each.name: ending(of, each) for each in every_door.openings() if each.name in ENDS}
    assert found.keys() >= {*ALSO, *ENDS}
    return found | logins(of) | {"an API token": local_call(of), "a pair": pair_of_a_pair(of)}


def logins(of: Service) -> dict[str, Asked]:
    return {
        every_door.name(door): Asked(door, partial(door.use, alone(of), door.proof(of)), True, door.is_opened)
        for door in every_door.logins()
    }


def opening(of: Service, each: Opening) -> Asked:
    """This operation with a new token that opens it."""
    own = each.door.use == each.ask
    proof = each.door.proof(of) if own else mint(of, each.opened_by[0])
    is_done = each.door.is_opened if own else partial(is_success, each.door)
    return Asked(each.door, partial(each.ask, alone(of), proof), each.writes, is_done)


def ending(of: Service, each: Opening) -> Asked:
    """This operation by a user of its own, who has two tokens."""
    add_user(of.server, each.name)
    proof, _ = (mint(of, "mobile", each.name) for _ in range(2))
    return Asked(each.door, partial(each.ask, alone(of), proof), True, partial(is_success, each.door))


def local_call(of: Service) -> Asked:
    """What a program on this machine may ask without any proof."""
    call = {"jsonrpc": "2.0", "method": "Auth.CreateApiToken", "params": {"ttl": 60}, "id": 1}
    (door,) = [each for each in every_door.doors(TokenContract) if each.prefix == "/api"]
    return Asked(door, partial(of.client.post, "/api/", json=call), True, partial(is_success, door))


def pair_of_a_pair(of: Service) -> Asked:
    """A pair of tokens that an access token makes for its own user."""
    (door,) = [each for each in every_door.doors(TokenContract) if each.prefix == "/token"]
    ask = bearer("POST", "/token/create", json={"userId": user_id(of)})
    return Asked(door, partial(ask, alone(of), mint(of, "jwt_access")), True, partial(is_success, door))


def alone(of: Service) -> Service:
    """The same service, asked by a client with cookies of its own."""
    return replace(of, client=of.app.test_client())


def is_success(door: TokenContract, response: TestResponse) -> bool:
    said = response.get_json(silent=True) or {}
    return response.status_code < 300 and "error" not in said and not holds(door.is_shut, response)


def all_at_once(asked: dict[str, Asked]) -> dict[str, TestResponse]:
    with ThreadPoolExecutor(len(asked)) as pool:
        calls = {name: pool.submit(each.ask) for name, each in asked.items()}
        return {name: call.result(timeout=GENEROUS) for name, call in calls.items()}


def not_busy(asked: dict[str, Asked], answers: dict[str, TestResponse]) -> dict[str, str]:
    """The answers that do not tell their caller to come again, by operation."""
    return {name: exchange(answer) for name, answer in answers.items() if not asked[name].is_busy(answer)}


def not_done(asked: dict[str, Asked], answers: dict[str, TestResponse]) -> dict[str, str]:
    return {name: exchange(answer) for name, answer in answers.items() if not holds(asked[name].is_done, answer)}


def test_a_frozen_database_is_wait_and_retry_at_every_door_and_all_goes_on_afterwards(database: Server) -> None:
    add_user(database, "admin")
    asked = everything(service(database, **SOON))
    with frozen(database):
        assert not_busy(asked, all_at_once(asked)) == {}
    until(lambda: statements_running(database) == 0, "what the thawed server still finds is over")
    done_already = names_taken(database)
    again = {name: each.ask() for name, each in asked.items() if name not in ENDS}
    assert not_done(asked, again).keys() == done_already


def names_taken(server: Server) -> set[str]:
    """What the thawed server still did for a caller who was told to come again: the name of the token is taken then."""
    names = {"apiops NewPersonalToken": "name LIKE 'program %'", "console Form": "LENGTH(name) = 5"}
    count = "SELECT COUNT(*) FROM auth_tokens WHERE kind = 'personal' AND "
    return {each for each, where in names.items() if int(server.sql(count + where, "gatepass"))}


def test_a_database_that_only_reads_refuses_what_writes_and_nothing_else(database: Server) -> None:
    add_user(database, "admin")
    asked = everything(service(database))
    writers = {name: each for name, each in asked.items() if each.writes}
    readers = {name: each for name, each in asked.items() if not each.writes}
    with only_reads(database):
        assert not_done(readers, all_at_once(readers)) == {}, "a door whose `use` writes says `writes = True`"
        assert not_busy(writers, all_at_once(writers)) == {}
    assert not_done(asked, {name: each.ask() for name, each in asked.items()}) == {}


@contextmanager
def only_reads(server: Server):
    with as_root(server) as root:
        root("SET GLOBAL read_only = 1")
        try:
            yield
        finally:
            root("SET GLOBAL read_only = 0")


def test_a_database_that_dies_while_logins_are_hashed_leaves_no_token(
    own_server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A login at every door at once; the database dies when all of them have read their user."""
    add_user(own_server, "admin")
    asked = logins(service(own_server, HASH_THREADS="16"))
    with monkeypatch.context() as patch:
        die = threading.Barrier(len(asked), lambda: private_server.stop(own_server, kill=True), timeout=GENEROUS)
        while_hashing(patch, die.wait)
        assert not_busy(asked, all_at_once(asked)) == {}
    with started_again(own_server) as again:
        assert again.sql("SELECT COUNT(*) FROM auth_tokens", "gatepass") == "0\n"
        assert not_done(asked, {name: each.ask() for name, each in asked.items()}) == {}


def test_a_database_that_dies_between_the_tokens_of_a_pair_leaves_one_that_nobody_holds(
    own_server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_user(own_server, "admin")
    pair = logins(service(own_server))["devicehive Login"]
    with monkeypatch.context() as patch:
        write = Database.write

        def dying(self: Database, name: str, /, **values: object) -> object:
            written = write(self, name, **values)
            private_server.stop(own_server, kill=True)
            return written

        patch.setattr(Database, "write", dying)
        assert pair.is_busy(pair.ask())
    with started_again(own_server) as again:
        assert again.sql("SELECT kind FROM auth_tokens", "gatepass") == "jwt_refresh\n"
        assert pair.is_done(pair.ask())

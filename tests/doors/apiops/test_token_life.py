"""A personal token's life: its name unique among the live ones, what is listed of it, and how it ends."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from tests.conftest import NOW, Service, add_user
from tests.db.in_line import running, wait_for
from tests.doors.apiops.test_login import hello, refused
from tests.doors.apiops.test_tokens import ask, create, listed, manager
from tests.doors.contract import MakeService
from tests.doors.kinds import mint
from tests.e2e.faults import as_root, until
from tests.numbers import numbers
from tools.private_server import Server

__all__ = ["manager"]

ADD, DELETE = "auth_tokens.add_named", "auth_tokens.delete_of_user"
COUNT = "SELECT COUNT(*) FROM auth_tokens WHERE kind = 'personal'"


def test_a_name_is_unique_among_ones_live_tokens_as_the_column_compares_names(service: Service, manager: str) -> None:
    add_user(service.server, "other")
    made = create(service, manager, "Bäckup 1").json
    for name in ("Bäckup 1", "bäckup 1", "BACKUP 1", " Backup 1 ", "Ba\u0308ckup 1"):
        assert refused(create(service, manager, name), 409, "invalid_request"), name
    for name in ("Backup", "Backup 2", "Back up 1", "Backup  1", "📱", "📷"):
        assert create(service, manager, name).status_code == 201, name
    assert create(service, mint(service, "management", "other"), "Bäckup 1").status_code == 201
    ask(service, manager, "DELETE", f"/apiops/tokens/{made['id']}/")
    assert create(service, manager, "BACKUP 1", "2023-11-14").status_code == 201
    service.clock.now = NOW + 86_400
    later = mint(service, "management")
    assert create(service, later, "backup 1").status_code == 201
    names = {each["name"]: each["status"] for each in listed(service, later)}
    assert (names["BACKUP 1"], names["backup 1"]) == ("expired", "active")


@contextmanager
def locked(server: Server, change: str = "SELECT * FROM users FOR UPDATE") -> Iterator[None]:
    """Whoever is to have a token waits while the block lasts, and goes on once this change is committed."""
    with as_root(server) as root:
        root("BEGIN")
        root(change)
        yield
        root("COMMIT")


@pytest.mark.parametrize("isolation", ["REPEATABLE READ", "READ COMMITTED"])
def test_of_those_made_at_once_under_one_name_one_comes_to_be(
    make_service: MakeService, database: Server, isolation: str
) -> None:
    database.sql(f"SET GLOBAL TRANSACTION ISOLATION LEVEL {isolation}")
    try:
        service = make_service()
        add_user(service.server, "admin")
        manager = mint(service, "management")
        with ThreadPoolExecutor(4) as pool:
            with locked(database):
                made = [pool.submit(create, service, manager, name) for name in ("a", "A", "a ", "ä")]
                wait_for(database, ADD, 4)
            statuses = sorted(each.result().status_code for each in made)
        assert statuses == [201, 409, 409, 409]
        assert service.server.sql(COUNT, "gatepass") == "1\n"
    finally:
        database.sql("SET GLOBAL TRANSACTION ISOLATION LEVEL REPEATABLE READ")


def test_threads_that_make_a_token_of_one_name_again_and_again_never_get_two_or_an_error(
    service: Service, manager: str
) -> None:
    start = threading.Barrier(4)

    def make(number: int) -> list[int]:
        found = []
        for turn in range(10):
            start.wait(60)
            found.append(create(service, manager, f"name {turn}").status_code)
        return found

    with ThreadPoolExecutor(4) as pool:
        turns = zip(*pool.map(make, range(4)), strict=True)
    assert [sorted(each) for each in turns] == [[201, 409, 409, 409]] * 10


def test_a_token_made_while_all_of_its_users_are_revoked_is_not_left_behind(service: Service, manager: str) -> None:
    """Who holds a stolen management token must not keep a personal one by being quick. (As the optimizer pleases, the
    revocation ends while the other waits, or it waits too, behind the locks of the other: then there is a token, and it
    goes.)"""
    phone = mint(service, "mobile")
    with ThreadPoolExecutor(2) as pool:
        with locked(service.server):
            making = pool.submit(create, service, manager)
            wait_for(service.server, ADD)
            revoking = pool.submit(ask, service, phone, "DELETE", "/v1/sessions/?all=1")
            until(lambda: revoking.done() or running(service.server, DELETE), "the revocation is under way")
        made, revoked = making.result(), revoking.result()
    assert revoked.json["success"]
    assert made.status_code == 201 or refused(made, 401, "unauthorized_client")
    assert service.server.sql("SELECT COUNT(*) FROM auth_tokens", "gatepass") == "0\n"


def test_at_most_200_are_listed_the_live_ones_first_and_more_cannot_be_made(service: Service, manager: str) -> None:
    service.server.sql(
        "INSERT INTO auth_tokens (auth_key, user_id, creation_time, expiry, last_access, device_info, kind, name)"
        f" SELECT LEFT(SHA2(seq, 256), 40), id, {NOW}, {NOW} + IF(seq < 200, seq, -1), {NOW}, '', 'personal', seq"
        f" FROM users, {numbers(250)}",
        "gatepass",
    )
    found = listed(service, manager)
    assert [each["name"] for each in found] == [*(str(number) for number in range(199, 0, -1)), "250"]
    assert create(service, manager, "30").status_code == 409, "one that is live"
    assert create(service, manager, "250").status_code == 201, "one that has expired"
    answer = create(service, manager, "one more")
    said = {"error": "access_denied", "error_description": "There are 200 tokens already. Revoke one."}
    assert (answer.status_code, answer.json) == (403, said)
    bearer = {"Authorization": f"Bearer {manager}"}
    service.client.delete(f"/apiops/tokens/{found[0]['id']}/", headers=bearer)
    assert create(service, manager, "one more").status_code == 201


def test_an_expired_token_is_shown_as_such_and_so_is_its_last_use(service: Service, manager: str) -> None:
    made = create(service, manager, expires="2023-11-14T23:13:20Z").json
    service.clock.now = NOW + 100
    assert hello(service, made["token"]).status_code == 200
    service.core.write_behind.write()
    (found,) = listed(service, manager)
    assert (found["last_used"], found["status"]) == ("2023-11-14T22:15:00Z", "active")
    service.clock.now = NOW + 3600
    (found,) = listed(service, mint(service, "management"))
    assert (found["last_used"], found["status"], found["id"]) == ("2023-11-14T22:15:00Z", "expired", made["id"])
    assert hello(service, made["token"]).status_code == 401
    assert ask(service, mint(service, "management"), "DELETE", f"/apiops/tokens/{made['id']}").json == {"revoked": 1}


def test_an_expiry_that_a_dba_set_beyond_the_year_9999_is_listed_as_never(service: Service, manager: str) -> None:
    create(service, manager)
    service.server.sql("UPDATE auth_tokens SET expiry = 9223372036854775807 WHERE kind = 'personal'", "gatepass")
    assert [each["expires"] for each in listed(service, manager)] == ["never"]


def test_a_user_disabled_while_a_token_is_made_gets_none_and_no_word_of_credentials(
    service: Service, manager: str
) -> None:
    with ThreadPoolExecutor(1) as pool:
        with locked(service.server, "UPDATE users SET password = CONCAT('!', password)"):
            making = pool.submit(create, service, manager)
            wait_for(service.server, ADD)
        made = making.result()
    assert refused(made, 401, "unauthorized_client")
    assert service.server.sql(COUNT, "gatepass") == "0\n"
    assert made.json["error_description"] == "Invalid token"

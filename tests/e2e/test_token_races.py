"""Pins what keeps true of tokens when the clock goes back, workers race, or a purge or a failed login meets a fault."""

import subprocess
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from tests import processes
from tests.conftest import BIN, NOW, ROOT, Clock, Gunicorn, Service, add_user, environment, flask
from tests.db.in_line import wait_for
from tests.e2e import wire
from tests.e2e.faults import SOON, as_root, digests, log_in, service_on, started_again, until
from tools import private_mariadb
from tools.private_mariadb import Server

ROUNDS = 40
EXPIRED = 40


def test_with_the_clock_set_back_tokens_stay_good_and_last_access_never_falls(service: Service, clock: Clock) -> None:
    token = log_in(service.client).json["data"]["access_token"]
    expiry = NOW + 2_592_000
    for now, good in ((NOW + 1000, True), (NOW - 86_400, True), (expiry, False), (expiry - 1, True), (1, True)):
        clock.now = now
        headers = {"Authorization": f"Token {token}"}
        assert service.client.get("/v1/verify/", headers=headers).status_code == (200 if good else 401)
        listed = service.client.get("/v1/sessions/", headers=headers).json
        assert [each["current"] for each in listed["data"]] == [True] if good else listed["errors"]["code"] == "1403"
        service.core.write_behind.write()
    assert last_access(service.server) == [expiry - 1]
    assert log_in(service.client).code == "ok"
    assert last_access(service.server) == [1, expiry - 1]


def last_access(server: Server) -> list[int]:
    return [int(row) for row in server.sql("SELECT last_access FROM auth_tokens ORDER BY 1", "gatepass").split()]


def test_a_token_revoked_on_one_worker_is_never_accepted_on_another_once_that_was_answered(
    database: Server, gunicorn: Callable[..., Gunicorn]
) -> None:
    add_user(database, "admin")
    here, there = gunicorn(database), gunicorn(database)
    before_or_after = []
    for _ in range(ROUNDS):
        token = wire.log_in(here).json["data"]["access_token"].encode()
        revoked, begun = threading.Event(), threading.Semaphore(0)
        with ThreadPoolExecutor(3) as pool, wire.connect(here) as connection:
            checks = [pool.submit(check_again_and_again, there, token, revoked, begun) for _ in range(3)]
            assert all(begun.acquire(timeout=60) for _ in checks)
            connection.sendall(request(b"POST", b"/v1/logout/", token))
            assert wire.read_answer(connection).json == {"success": True, "data": {"revoked": 1}}
            revoked.set()
            connection.sendall(request(b"GET", b"/v1/verify/", token))
            assert wire.read_answer(connection).status == 401
            before_or_after += [check.result() for check in checks]
    assert all(set(before) <= {200, 401} and after == [401, 401] for before, after in before_or_after)
    assert all(before == sorted(before) for before, _ in before_or_after)  # and not good again after it was not
    assert digests(database) == []


def check_again_and_again(
    service: Gunicorn, token: bytes, revoked: threading.Event, begun: threading.Semaphore
) -> tuple[list[int], list[int]]:
    """The statuses of checks that began before the revocation was answered, and of two that began after."""
    statuses: tuple[list[int], list[int]] = ([], [])
    with wire.connect(service) as connection:
        while len(statuses[1]) < 2:
            known = revoked.is_set()
            connection.sendall(request(b"GET", b"/v1/verify/", token))
            statuses[known].append(wire.read_answer(connection).status)
            begun.release()
    return statuses


def request(method: bytes, path: bytes, token: bytes) -> bytes:
    return method + b" " + path + b" HTTP/1.1\r\nHost: a\r\nAuthorization: Token " + token + b"\r\n\r\n"


def test_a_failure_that_cannot_be_counted_is_wait_and_retry_and_no_verdict(database: Server) -> None:
    client = service_on(database, THROTTLE_PAIR="2", **SOON)
    add_user(database, "admin")
    wrong = {"username": "admin", "password": "wrong"}
    assert client.post("/v1/oauth/", data=wrong).json["errors"]["code"] == "1142"
    with as_root(database) as root:
        root("BEGIN")
        root("SELECT * FROM login_throttle FOR UPDATE")
        assert client.post("/v1/oauth/", data=wrong).json["errors"]["code"] == "5501"
        assert log_in(client).code == "5501"  # its failures cannot be forgotten

    counted = "SELECT failures FROM login_throttle"
    assert (database.sql(counted, "gatepass"), digests(database)) == ("1\n", [])
    assert log_in(client).code == "ok"
    assert database.sql(counted, "gatepass") == ""


def test_a_purge_cut_off_says_so_in_a_sentence_and_the_next_one_ends_it(own_mariadb: Server) -> None:
    add_user(own_mariadb, "admin")
    rows = f"FROM (SELECT seq FROM seq_1_to_{EXPIRED}) AS numbers"
    values = "SELECT SHA1(seq), 1, 1, IF(seq > 10, 2, 4000000000), 1, ''"
    columns = "auth_key, user_id, creation_time, expiry, last_access, device_info"
    own_mariadb.sql(f"INSERT INTO auth_tokens ({columns}) {values} {rows}", "gatepass")
    command, pipe = [str(BIN / "flask"), "session", "purge", "--batch", "5"], subprocess.PIPE
    with as_root(own_mariadb) as root:
        root("BEGIN")
        root("SELECT * FROM auth_tokens WHERE id = 30 FOR UPDATE")  # so that the purge is not over by then
        purge = processes.start(command, environment(own_mariadb), cwd=ROOT, stderr=pipe, text=True)
        until(lambda: len(digests(own_mariadb)) < EXPIRED, "it has begun")
        wait_for(own_mariadb, "auth_tokens.delete_expired")
        private_mariadb.stop(own_mariadb, kill=True)
    said = purge.communicate(timeout=120)[1]
    assert purge.returncode == 1 and "Error: database error 2" in said and "Traceback" not in said
    # A process of its own: the driver leaves a socket unclosed that finds no server.
    refused = subprocess.run(command, env=environment(own_mariadb), cwd=ROOT, capture_output=True, text=True)
    assert refused.returncode == 1 and "Error: database error 200" in refused.stderr

    with started_again(own_mariadb) as again:
        assert 10 < len(digests(again)) < EXPIRED
        assert flask(again, "session", "purge").startswith("expired tokens")
        assert len(digests(again)) == 10

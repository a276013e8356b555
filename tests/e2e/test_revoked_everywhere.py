"""A token that was revoked is dead on every other worker once that was answered."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from tests.conftest import Gunicorn, add_user
from tests.e2e import wire
from tests.e2e.faults import digests
from tools.private_mariadb import Server

ROUNDS = 40


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

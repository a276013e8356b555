"""A check that is sent after the token's revocation was answered refuses it, on whatever worker and connection."""

import random
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from hashlib import sha1

from tests.conftest import Gunicorn
from tests.e2e import wire
from tests.e2e.faults import as_root, until
from tests.e2e.test_balance import wait_for_workers
from tests.e2e.test_hostile_connections import peers
from tools.private_server import Server

TRIES = 2000
CHECKERS = 4
"""Clients that check tokens without pause meanwhile."""


def token(number: int) -> str:
    return f"{number:040d}"


def digest(number: int) -> str:
    return sha1(token(number).encode()).hexdigest()


def filled() -> str:
    """Tokens 1 to TRIES of the one user."""
    columns = "auth_key, user_id, creation_time, expiry, last_access, device_info"
    digests = " UNION ALL ".join(f"SELECT '{digest(number)}' AS auth_key" for number in range(1, TRIES + 1))
    values = f"SELECT auth_key, users.id, 0, 4000000000, UNIX_TIMESTAMP(), '' FROM ({digests}) digests, users"
    return f"INSERT INTO auth_tokens ({columns}) {values}"


def test_a_revoked_token_is_refused_from_then_on_among_many_other_checks(
    admin: Server, gunicorn: Callable[..., Gunicorn]
) -> None:
    admin.sql(filled(), "gatepass")
    service = gunicorn(admin, WORKERS="2", KEEPALIVE_SECONDS="3600")
    with as_root(admin) as root, ExitStack() as stack:
        root("SET autocommit = 1")
        clients, revoking = on_both_workers(service, stack)
        for number in checked_meanwhile(service, stack):
            asking = random.choice(clients)
            if number % 2:
                asking.sendall(wire.check(token(number)))
                assert wire.read_answer(asking).status == 200
                revoking.sendall(wire.post(b"token=" + token(number).encode(), b"/v1/oauth/revoke/"))
                assert wire.read_answer(revoking).status == 200
            else:
                root(f"DELETE FROM auth_tokens WHERE auth_key = '{digest(number)}'")
            asking.sendall(wire.check(token(number)))
            assert wire.read_answer(asking).status == 401, f"token {number} was revoked"


def on_both_workers(service: Gunicorn, stack: ExitStack) -> tuple[list[socket.socket], socket.socket]:
    """Kept connections, of which each worker has some, and one more."""
    pids, clients = wait_for_workers(service, 2), [stack.enter_context(wire.connect(service))]

    def both() -> bool:
        clients.append(stack.enter_context(wire.connect(service)))
        return all(peers(pid, service.port) for pid in pids)

    until(both, "both workers have connections")
    return clients, stack.enter_context(wire.connect(service))


def checked_meanwhile(service: Gunicorn, stack: ExitStack) -> Iterator[int]:
    """The numbers of the tokens. While a number is the latest, other clients check its token, again and again."""
    latest, over = [1], threading.Event()
    pool = stack.enter_context(ThreadPoolExecutor(CHECKERS))
    stack.callback(over.set)
    checkers = [pool.submit(check_the_latest, service, latest, over) for _ in range(CHECKERS)]
    for latest[0] in range(1, TRIES + 1):
        yield latest[0]
    over.set()
    assert [each.result() for each in checkers] == [None] * CHECKERS


def check_the_latest(service: Gunicorn, latest: list[int], over: threading.Event) -> None:
    """A token that was refused once is never accepted again."""
    refused = 0
    with wire.connect(service) as client:
        while not over.is_set():
            number = latest[0]
            client.sendall(wire.check(token(number)))
            status = wire.read_answer(client).status
            assert status == 401 or (status == 200 and number != refused)
            refused = number if status == 401 else refused

"""A storm of logins costs token checks nothing: no answer, no thread, and no priority of their own."""

import os
import re
import signal
import socket
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.conftest import Gunicorn, add_user, environment
from tests.e2e import wire
from tests.e2e.faults import GENEROUS, digests, until, workers
from tests.e2e.ordinary import as_ordinary_user, verify
from tests.ports import free_port
from tools.private_server import Server
from v1.passwords.hashes import Passwords
from v1.passwords.hashing_threads import NICER

CLIENTS = 32

COST_15 = "$2y$15$G8HRvK/uWFKQD/JApHTyCurO0doYsl38oLcB/n7PnBBER8Gr8Vvem"
"""The hash of "password" at the highest cost that is checked: a login of seconds."""


@pytest.fixture
def ordinary(database: Server, tmp_path: Path) -> Iterator[Callable[..., Gunicorn]]:
    """`ordinary(HASH_THREADS="2")` starts a gunicorn without root's rights: root may raise a priority again."""
    started: list[Gunicorn] = []

    def start(**settings: str) -> Gunicorn:
        given = {"DATABASE_URL": database.url(tcp=True), "PORT": str(free_port()), "WORKERS": "1", **settings}
        started.append(as_ordinary_user(tmp_path / "gunicorn.log", environment(database, **given)))
        return started[-1]

    yield start
    for running in started:
        running.stop()


def gauge(service: Gunicorn) -> float:
    """What /metrics says of the logins that wait."""
    text = service.send(b"GET /metrics HTTP/1.0\r\nHost: localhost\r\n\r\n", finish=False).decode()
    return float(re.findall(r"^gatepass_hash_waiting (\S+)$", text, re.MULTILINE)[0])


@contextmanager
def storm(service: Gunicorn) -> Iterator[list[wire.Answer]]:
    """So many clients that log in without pause while the block runs; their answers."""
    answers: list[wire.Answer] = []
    over = threading.Event()

    def again_and_again() -> None:
        while not over.is_set():
            answers.append(wire.log_in(service))

    with ThreadPoolExecutor(CLIENTS) as clients:
        calls = [clients.submit(again_and_again) for _ in range(CLIENTS)]
        try:
            yield answers
        finally:
            over.set()
    assert [call.exception() for call in calls] == [None] * CLIENTS


def test_every_check_is_answered_while_32_clients_log_in_without_pause(
    database: Server, ordinary: Callable[..., Gunicorn]
) -> None:
    add_user(database, "admin", Passwords(10).hash(b"password").decode())
    service = ordinary(BCRYPT_COST="10", ERROR_STATUS="http", THROTTLE_PAIR="1")
    token = wire.log_in(service).json["data"]["access_token"]

    with storm(service) as answers:
        until(lambda: len(answers) > CLIENTS, "the storm is on")
        checks = [verify(service, token) for _ in range(40)]
        until(lambda: sum(answer.code == "ok" for answer in answers) > 10, "logins get through")
    assert checks == [200] * 40
    assert Counter(answer.code for answer in answers).keys() == {"ok", "5501"}
    refused = [answer for answer in answers if answer.code != "ok"]
    assert {(answer.status, answer.headers["retry-after"]) for answer in refused} == {(503, "2")}
    assert len(digests(database)) == 1 + len(answers) - len(refused)
    assert database.sql("SELECT COUNT(*) FROM login_throttle", "gatepass") == "0\n"
    assert gauge(service) == 0


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a thread has no priority of its own")
def test_of_an_ordinary_user_s_worker_the_hashing_threads_alone_are_nicer_and_go_on_working(
    database: Server, ordinary: Callable[..., Gunicorn]
) -> None:
    add_user(database, "admin")
    service = ordinary(HASH_THREADS="2", HASH_WAIT_SECONDS="60")
    with ThreadPoolExecutor(6) as clients:
        for _ in range(3):
            assert [each.code for each in clients.map(lambda _: wire.log_in(service), range(12))] == ["ok"] * 12
            (worker,) = workers(service)
            assert Path(f"/proc/{worker}").stat().st_uid != 0
            found = Counter(niceness(worker))
            own = niceness(service.process.pid)[0]
            assert found.keys() == {own, own + NICER}
            assert 1 <= found[own + NICER] <= 2 and found[own] > 2


def niceness(pid: int) -> list[int]:
    """That of each thread of the process: field 19 of proc(5)'s stat."""
    stats = [stat.read_text() for stat in Path(f"/proc/{pid}/task").glob("*/stat")]
    return [int(stat.rpartition(")")[2].split()[16]) for stat in stats]


def test_logins_that_wait_are_on_the_gauge_and_not_for_a_worker_that_was_killed(
    database: Server, ordinary: Callable[..., Gunicorn]
) -> None:
    add_user(database, "slow", COST_15)
    service = ordinary(HASH_THREADS="1", HASH_WAIT_SECONDS="60", THREADS="5")
    (worker,) = workers(service)
    with ExitStack() as stack:
        clients = [stack.enter_context(wire.connect(service)) for _ in range(5)]
        for client in clients:
            client.sendall(wire.post(b"username=slow&password=password"))
        until(lambda: gauge(service) == 2, "one hashes, two wait, two request threads stay free")
        until(lambda: sum(map(answered, clients)) == 2, "the two beyond them are told at once")
        busy = [client for client in clients if answered(client)]
        assert [wire.read_answer(client).code for client in busy] == ["5501"] * 2

        os.kill(worker, signal.SIGKILL)
        until(lambda: workers(service) - {worker} and verify(service, "") == 401, "another takes over")
        assert gauge(service) == 0


def answered(client: socket.socket) -> bool:
    client.setblocking(False)
    try:
        return bool(client.recv(1, socket.MSG_PEEK))
    except BlockingIOError:
        return False
    finally:
        client.settimeout(GENEROUS)

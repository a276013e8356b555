"""A stop and a reload under load: no answered login is lost, no answer is cut off, and nothing is left behind.

What holds for a client, whatever the moment:

- a request that the service has begun to read is answered in full, with `Connection: close`;
- a kept-alive connection stays open for two more seconds: a request on it is still answered, an idle one is closed;
- while it stops, a connection that the kernel has taken already is answered, and a later one is refused;
- during a reload all are answered.
"""

import hashlib
import os
import signal
import socket
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.conftest import Gunicorn, add_user
from tests.db.in_line import wait_for
from tests.e2e import wire
from tests.e2e.faults import as_root, digests, until, workers
from tools.private_server import Server

CLIENTS = 10


@dataclass
class Seen:
    """What became of the clients' requests; a cut-off answer is an error of its client's thread."""

    tokens: list[str] = field(default_factory=list)
    checks: int = 0
    refused: int = 0
    closed: int = 0
    over: threading.Event = field(default_factory=threading.Event)


def ask_again_and_again(service: Gunicorn, seen: Seen, kept: bool, token: str = "") -> None:
    """Log in until the test is over, or check this token; on one connection for as long as it is kept, or on one for
    each."""
    connection: socket.socket | None = None
    while not seen.over.is_set():
        try:
            connection = connection or wire.connect(service)
        except ConnectionRefusedError:
            seen.refused += 1
            return
        except ConnectionError:  # reset by the end of the listener before connect() has returned
            seen.closed += 1
            continue
        login = wire.post(version=b"HTTP/1.1" if kept else b"HTTP/1.0")
        answer = whole_answer(connection, wire.check(token) if token else login)
        if answer is None:
            seen.closed += 1
        elif token:
            assert answer.status == 200
            seen.checks += 1
        else:
            assert answer.code == "ok"
            seen.tokens.append(answer.json["data"]["access_token"])
        if answer is None or answer.headers["connection"] == "close" or not kept:
            connection.close()
            connection = None
    if connection:
        connection.close()


def whole_answer(connection: socket.socket, request: bytes) -> wire.Answer | None:
    """The answer, or None where not a byte of it came. Anything between fails."""
    raw = b""
    try:
        connection.sendall(request)
        while b"\r\n\r\n" not in raw or len(wire.parse(raw).body) < int(wire.parse(raw).headers["content-length"]):
            if not (data := connection.recv(65536)):
                break
            raw += data
    except ConnectionError:
        pass
    assert not raw or len(wire.parse(raw).body) == int(wire.parse(raw).headers["content-length"]), raw
    return wire.parse(raw) if raw else None


@contextmanager
def load(service: Gunicorn, kept: bool) -> Iterator[Seen]:
    """Clients that log in and check a token without pause; they have begun when the block begins."""
    token = wire.log_in(service).json["data"]["access_token"]
    seen = Seen([token])
    with ThreadPoolExecutor(CLIENTS) as pool:
        clients: list[Future[None]] = [
            pool.submit(ask_again_and_again, service, seen, kept, ["", token][number % 2]) for number in range(CLIENTS)
        ]
        try:
            until(lambda: min(len(seen.tokens), seen.checks) > 3 * CLIENTS, "the service is under load")
            yield seen
        except AssertionError as error:
            error.add_note(f"{seen}; " + str([client.done() and client.exception() for client in clients]))
            raise
        finally:
            seen.over.set()
    assert [client.exception() for client in clients] == [None] * CLIENTS


@pytest.fixture
def start(database: Server, gunicorn: Callable[..., Gunicorn], tmp_path: Path) -> Callable[..., Gunicorn]:
    """A service of two workers whose temporary files go to a directory of their own."""
    add_user(database, "admin")
    (tmp_path / "tmp").mkdir()
    given = {"WORKERS": "2", "TMPDIR": str(tmp_path / "tmp"), "HASH_WAIT_SECONDS": "60"}
    return lambda **settings: gunicorn(database, **given | settings)


def nothing_is_lost(server: Server, again: Gunicorn, tokens: list[str]) -> None:
    """Each token that a client was given has its row and is good, and each login that was let in is counted."""
    rows = digests(server)
    assert {hashlib.sha1(token.encode()).hexdigest() for token in tokens} <= set(rows)
    assert Counter(verify(again, token).status for token in tokens) == {200: len(tokens)}
    counted = "SELECT SUM(logins) FROM login_stats WHERE outcome = 'ok'"
    assert int(server.sql(counted, "gatepass")) == len(rows)


def verify(service: Gunicorn, token: str) -> wire.Answer:
    request = f"GET /v1/verify/ HTTP/1.0\r\nAuthorization: Token {token}\r\n\r\n".encode()
    return wire.parse(service.send(request, finish=False))


@pytest.mark.parametrize("kept", [False, True], ids=["a connection each", "kept alive"])
def test_a_stop_under_load_answers_in_full_or_not_at_all_and_loses_no_login(
    database: Server, start: Callable[..., Gunicorn], kept: bool
) -> None:
    service = start()
    with load(service, kept) as seen:
        service.process.send_signal(signal.SIGTERM)
        assert service.process.wait(timeout=60) == 0
        until(lambda: seen.refused == CLIENTS, "every client has noticed")
    nothing_is_lost(database, start(WORKERS="1"), seen.tokens)


@pytest.mark.parametrize("kept", [False, True], ids=["a connection each", "kept alive"])
def test_a_reload_under_load_answers_every_request(
    database: Server, start: Callable[..., Gunicorn], kept: bool
) -> None:
    service = start()
    with load(service, kept) as seen:
        reload(service)
        behind, checks = len(seen.tokens), seen.checks
        until(lambda: len(seen.tokens) > behind + CLIENTS and seen.checks > checks + CLIENTS, "it serves on")
    assert (seen.refused, seen.closed) == (0, 0)
    service.stop()
    nothing_is_lost(database, start(WORKERS="1"), seen.tokens)


def reload(service: Gunicorn) -> None:
    """Wait until new workers have taken the place of all old ones."""
    until(lambda: len(workers(service)) == 2, "both workers are there")
    before = workers(service)
    service.process.send_signal(signal.SIGHUP)
    until(lambda: len(new := workers(service)) == 2 and not new & before, "new workers alone")


def test_what_the_kernel_has_taken_before_a_stop_is_answered(
    database: Server, gunicorn: Callable[..., Gunicorn]
) -> None:
    add_user(database, "admin")
    service = gunicorn(database, WORKERS="1")
    (worker,) = workers(service)
    os.kill(worker, signal.SIGSTOP)
    with ExitStack() as stack:
        connections = [stack.enter_context(wire.connect(service)) for _ in range(CLIENTS)]
        for connection in connections:
            connection.sendall(wire.post())
        service.process.terminate()
        os.kill(worker, signal.SIGCONT)
        answers = [whole_answer(connection, b"") for connection in connections]
    assert [answer and answer.code for answer in answers] == ["ok"] * CLIENTS
    until(lambda: service.process.poll() == 0, "it ends well")


def test_a_stopping_service_refuses_connections_at_once(database: Server, gunicorn: Callable[..., Gunicorn]) -> None:
    """Also while it still has a request to finish: a proxy that is refused tries another node."""
    add_user(database, "admin")
    service = gunicorn(database, WORKERS="1")
    with as_root(database) as run:
        run("LOCK TABLES users WRITE")
        with wire.connect(service) as connection:
            connection.sendall(wire.post())
            wait_for(database, "login.find")
            service.process.terminate()
            until(lambda: is_refused(service), "connections are refused")
            run("UNLOCK TABLES")
            answer = whole_answer(connection, b"")
            assert answer and answer.code == "ok"


def is_refused(service: Gunicorn) -> bool:
    try:
        wire.connect(service).close()
    except ConnectionRefusedError:
        return True
    except ConnectionError:  # reset by the end of the listener
        return False
    return False

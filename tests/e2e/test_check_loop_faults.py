"""A database that stalls, fails or is gone holds up token checks, and nothing else that a worker does."""

import re
import signal
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress

import pytest

from tests.conftest import Gunicorn, add_user
from tests.e2e import wire
from tests.e2e.faults import GENEROUS, SOON, as_root, frozen, over_tcp, until, workers
from tests.e2e.test_hostile_connections import peers
from tools.private_server import Server

CHECK = "auth_tokens.check"
MANY = 40
"""More checks than a service has threads."""

Start = Callable[..., Gunicorn]


@pytest.fixture
def start(gunicorn: Start) -> Callable[..., tuple[Gunicorn, str]]:
    """`start(server)` makes a service of one worker and two threads, and a token that it has checked already."""

    def made(server: Server, **settings: str) -> tuple[Gunicorn, str]:
        add_user(server, "admin")
        service = gunicorn(server, **over_tcp(server, THREADS="2", **settings))
        token = wire.log_in(service).json["data"]["access_token"]
        assert verify(service, token) == 200
        return service, token

    return made


def verify(service: Gunicorn, token: str) -> int:
    return wire.parse(service.send(wire.check(token))).status


@contextmanager
def checks(service: Gunicorn, token: str, number: int = MANY) -> Iterator[list[socket.socket]]:
    """So many clients that have each sent a check."""
    with ExitStack() as stack:
        clients = [stack.enter_context(wire.connect(service)) for _ in range(number)]
        for client in clients:
            client.sendall(wire.check(token))
        yield clients


def answers(clients: list[socket.socket]) -> list[wire.Answer]:
    return [wire.read_answer(client) for client in clients]


def serves_what_needs_no_database(service: Gunicorn) -> bool:
    """Whether /healthz, two malformed logins and a check of no token are answered, on new connections."""
    health = wire.parse(service.send(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")).status
    logins = [wire.parse(service.send(wire.post(body))).code for body in (b"", b"x" * 20_000)]
    return (health, *logins, verify(service, "")) == (200, "1157", "2400", 401)


def test_a_frozen_database_holds_up_the_checks_and_nothing_else(own_server: Server, start: Callable) -> None:
    service, token = start(own_server, DATABASE_QUERY_SECONDS="60")
    with ExitStack() as stack:
        with frozen(own_server):
            clients = stack.enter_context(checks(service, token))
            for _ in range(3):
                assert serves_what_needs_no_database(service)
        assert [answer.status for answer in answers(clients)] == [200] * MANY
    assert len(workers(service)) == 1 and "WORKER TIMEOUT" not in service.log.read_text()


def test_checks_of_a_database_that_stays_frozen_are_refused_and_the_next_are_answered(
    own_server: Server, start: Callable
) -> None:
    service, token = start(own_server, **SOON)
    with frozen(own_server), checks(service, token) as clients:
        refused = answers(clients)
    assert {(answer.status, answer.code, answer.headers["retry-after"]) for answer in refused} == {(503, "5501", "5")}
    assert verify(service, token) == 200
    assert "database error" in service.log.read_text() and token not in service.log.read_text()


def test_a_locked_table_holds_up_the_checks_and_nothing_else(database: Server, start: Callable) -> None:
    service, token = start(database)
    with locked(database) as unlock, checks(service, token) as clients:
        until(lambda: at_the_check(database), "a check waits for the lock")
        assert serves_what_needs_no_database(service)
        unlock()
        assert [answer.status for answer in answers(clients)] == [200] * MANY
    assert len(workers(service)) == 1 and "WORKER TIMEOUT" not in service.log.read_text()


@contextmanager
def locked(server: Server) -> Iterator[Callable[[], object]]:
    """Nobody can read users until the block ends, or calls what it gets."""
    with as_root(server) as root:
        root("LOCK TABLES users WRITE")
        yield lambda: root("UNLOCK TABLES")


def at_the_check(server: Server, connections: int = 1) -> list[str]:
    """The connections that are at the check, the oldest first, once there are at least so many; none before."""
    like = f"info LIKE '/* {CHECK} */%' AND command = 'Execute'"
    found = server.sql(f"SELECT id FROM information_schema.processlist WHERE {like} ORDER BY id").split()
    return found if len(found) >= connections else []


def test_a_select_that_fails_fails_its_own_checks_and_no_others(database: Server, start: Callable) -> None:
    service, token = start(database)
    with locked(database) as unlock, checks(service, token, 1) as failing:
        until(lambda: at_the_check(database), "the first SELECT is under way")
        first, *_ = at_the_check(database)
        with checks(service, token, 5) as others:
            until(lambda: at_the_check(database, 2), "the second SELECT is under way")
            database.sql(f"KILL QUERY {first}")
            assert [(answer.status, answer.code) for answer in answers(failing)] == [(503, "5501")]
            unlock()
            assert [answer.status for answer in answers(others)] == [200] * 5
    assert service.log.read_text().count("database error") == 1


def test_checks_whose_connection_breaks_are_answered(database: Server, start: Callable) -> None:
    service, token = start(database)
    with locked(database) as unlock, checks(service, token) as clients:
        for connection in eventually(lambda: at_the_check(database), "a SELECT is under way"):
            database.sql(f"KILL {connection}")
        unlock()
        assert [answer.status for answer in answers(clients)] == [200] * MANY
    assert "database error" not in service.log.read_text()


def eventually(found: Callable[[], list[str]], what: str) -> list[str]:
    """What is found at last."""
    last: list[str] = []
    until(lambda: last.extend(found()) or last, what)
    return last


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP], ids=["SIGTERM", "SIGHUP"])
def test_a_worker_told_to_stop_answers_the_checks_that_it_has_begun(
    database: Server, start: Callable, number: signal.Signals
) -> None:
    service, token = start(database)
    with locked(database) as unlock, checks(service, token) as clients:
        until(lambda: at_the_check(database), "a SELECT is under way")
        assert serves_what_needs_no_database(service), "what came before was read"
        service.process.send_signal(number)
        unlock()
        assert [answer.status for answer in answers(clients)] == [200] * MANY
    service.stop()
    assert service.process.returncode == 0


@pytest.mark.parametrize("number", [signal.SIGQUIT, signal.SIGINT], ids=["SIGQUIT", "SIGINT"])
def test_a_service_told_to_end_at_once_waits_for_no_select(
    database: Server, start: Callable, number: signal.Signals
) -> None:
    """A worker that was killed in the end would not have written when the token was used."""
    service, token = start(database)
    database.sql("UPDATE auth_tokens SET last_access = 1", "gatepass")
    assert verify(service, token) == 200
    with locked(database), checks(service, token) as clients:
        until(lambda: at_the_check(database), "a SELECT is under way")
        service.process.send_signal(number)
        assert [wire.rest_of(client) for client in clients] == [b""] * MANY
        assert service.process.wait(GENEROUS) == 0
    assert database.sql("SELECT COUNT(*) FROM auth_tokens WHERE last_access > 1", "gatepass") == "1\n"
    assert "Traceback" not in service.log.read_text()


def test_clients_that_hang_up_while_their_token_is_looked_up_harm_nobody(database: Server, start: Callable) -> None:
    service, token = start(database)
    (worker,) = workers(service)
    with locked(database) as unlock, checks(service, token) as staying:
        with checks(service, token) as leaving:
            until(lambda: at_the_check(database), "a SELECT is under way")
            for client in leaving[::2]:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # close with a reset
        unlock()
        assert [answer.status for answer in answers(staying)] == [200] * MANY
    until(lambda: not peers(worker, service.port), "all their connections are closed")
    assert verify(service, token) == 200 and workers(service) == {worker}
    assert "Traceback" not in service.log.read_text()


NUMBER = 1000
NUMBERED = re.compile(rb"HTTP/1.1 (\d+) .*?\r\nX-Request-Id: n(\d+)\r\n", re.DOTALL)


def numbered(token: str, number: int) -> bytes:
    return wire.check(token, b"Host: a\r\nX-Request-Id: n%d\r\n" % number)


def late_reader(service: Gunicorn) -> socket.socket:
    """A client whose own buffer is full after a few answers, and the service's after some hundred."""
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 536)  # the kernel's buffer has room for some segments
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # what is sent apart arrives apart
    client.settimeout(120)
    client.connect(("127.0.0.1", service.port))
    return client


@pytest.mark.parametrize("together", [1, 50], ids=["one after another", "pipelined"])
def test_a_client_that_asks_on_and_reads_late_holds_up_nobody_and_gets_all_in_order(
    database: Server, start: Callable, together: int
) -> None:
    service, token = start(database, RECEIVE_SECONDS="300")
    with late_reader(service) as client, ThreadPoolExecutor(1) as pool:
        asking = pool.submit(ask_on, service, client, token, together)
        while not asking.done():
            assert wire.log_in(service).code == "ok"
        asking.result()
        client.shutdown(socket.SHUT_WR)
        expected = [(b"200", b"%d" % number) for number in range(NUMBER)]
        assert NUMBERED.findall(wire.rest_of(client)) == expected


def ask_on(service: Gunicorn, client: socket.socket, token: str, together: int) -> None:
    """Send all checks, so many at a time. Between them another client is answered, so that they arrive apart."""
    with wire.connect(service) as other:
        for begin in range(0, NUMBER, together):
            client.sendall(b"".join(numbered(token, number) for number in range(begin, begin + together)))
            other.sendall(wire.check(token))
            assert wire.read_answer(other).status == 200


def test_a_client_that_reads_no_answers_of_checks_is_dropped(database: Server, start: Callable) -> None:
    service, token = start(database, RECEIVE_SECONDS="1")
    (worker,) = workers(service)
    with late_reader(service) as client, suppress(ConnectionError):
        ask_on(service, client, token, 1)
        until(lambda: client.getsockname()[1] not in peers(worker, service.port), "the connection is closed")
    assert verify(service, token) == 200

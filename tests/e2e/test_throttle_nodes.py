"""Pins that the limits on guessing are those of all workers, nodes and restarts together."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.auth.test_throttle import THROTTLED
from tests.conftest import Gunicorn, add_user
from tests.e2e import wire
from tools.private_mariadb import Server

Start = Callable[..., Gunicorn]
SLOW = {**THROTTLED, "THROTTLE_DELAY_SECONDS": "600"}
"""The first delay outlasts the test: the clock is the machine's."""

AT_ONCE = {"WORKERS": "2", "THREADS": "64", "HASH_WAIT_SECONDS": "60"}
"""Room for 50 logins at once even if one worker takes them all."""


def guess(service: Gunicorn, password: str = "wrong") -> str:
    return wire.parse(service.send(wire.post(f"username=admin&password={password}".encode()))).code


def guesses(services: list[Gunicorn], times: int) -> Counter[str]:
    """The codes of so many wrong guesses at once, shared out over these nodes."""
    with ThreadPoolExecutor(times) as clients:
        return Counter(clients.map(guess, (services * times)[:times]))


def failures(server: Server) -> set[str]:
    """What the keys have counted."""
    return set(server.sql("SELECT failures FROM login_throttle", "gatepass").split())


@pytest.fixture
def server(database: Server) -> Server:
    add_user(database, "admin")
    return database


def test_50_guesses_at_once_at_two_workers_count_as_50(server: Server, gunicorn: Start) -> None:
    service = gunicorn(server, **AT_ONCE, **{**THROTTLED, "THROTTLE_PAIR": "1000"})
    assert guesses([service], 50) == {"1142": 50}
    assert failures(server) == {"50"}


def test_50_guesses_at_once_at_two_nodes_are_counted_or_refused(server: Server, gunicorn: Start) -> None:
    nodes = [gunicorn(server, **AT_ONCE, **SLOW) for _ in range(2)]
    found = guesses(nodes, 50)
    assert set(found) <= {"1142", "5501"} and found.total() == 50
    assert failures(server) == {str(found["1142"])} and found["1142"] >= 6
    assert guesses(nodes, 10) == {"5501": 10}


def test_failures_at_one_node_delay_at_another_and_a_good_login_clears_at_both(
    server: Server, gunicorn: Start
) -> None:
    one, other = (gunicorn(server, **SLOW) for _ in range(2))
    assert [guess(node) for node in (one, other, one, other, one)] == ["1142"] * 5
    assert guess(other, "password") == "ok"
    assert [guess(node) for node in (one, other) * 3] == ["1142"] * 6
    assert [guess(node, "password") for node in (one, other)] == ["5501"] * 2


def test_a_restart_forgets_nothing(server: Server, gunicorn: Start) -> None:
    before = gunicorn(server, **SLOW)
    assert [guess(before) for _ in range(5)] == ["1142"] * 5
    before.stop()
    after = gunicorn(server, **SLOW)
    assert [guess(after), guess(after, "password")] == ["1142", "5501"]

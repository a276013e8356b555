"""The limits on guessing are those of all workers and nodes together."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from tests.auth.guessing import THROTTLED
from tests.conftest import Gunicorn
from tests.e2e import wire
from tools.private_server import Server

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


def test_50_guesses_at_once_at_two_nodes_are_counted_or_refused(admin: Server, gunicorn: Start) -> None:
    nodes = [gunicorn(admin, **AT_ONCE, **SLOW) for _ in range(2)]
    found = guesses(nodes, 50)
    assert set(found) <= {"1142", "5501"} and found.total() == 50
    counted = set(admin.sql("SELECT failures FROM login_throttle", "gatepass").split())
    assert counted == {str(found["1142"])} and found["1142"] >= 6
    assert guesses(nodes, 10) == {"5501": 10}


def test_failures_at_one_node_delay_at_another_and_a_good_login_clears_at_both(
    admin: Server, gunicorn: Start
) -> None:
    one, other = (gunicorn(admin, **SLOW) for _ in range(2))
    assert [guess(node) for node in (one, other, one, other, one)] == ["1142"] * 5
    assert guess(other, "password") == "ok"
    assert [guess(node) for node in (one, other) * 3] == ["1142"] * 6
    assert [guess(node, "password") for node in (one, other)] == ["5501"] * 2

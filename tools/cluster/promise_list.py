"""What is promised without faults: a node knows at once what another has answered, and guesses count everywhere."""

import itertools
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

from tools.cluster.cluster import Cluster
from tools.cluster.gatepass import PORT, GatepassNode
from tools.cluster.http_client import Answer
from tools.cluster.ledger import BAD_AT_CHECK, GOOD_AT_CHECK
from tools.cluster.load import check, log_in, revoke

TIMES, CLIENTS = 800, 8
GUESSES: Final = 1000


@dataclass(frozen=True)
class Asked:
    """The answers about tokens, at once, of another node than the one that logged in or revoked."""

    right: int
    wrong: int
    other: int
    """Neither good nor bad: 503 or no answer."""
    milliseconds: tuple[float, float]
    """The median time of these answers, and the time that 99 of 100 stayed within."""

    def line(self) -> str:
        median, most = self.milliseconds
        return f"{self.right} right, {self.wrong} wrong, {self.other} others; {median:.1f} and {most:.1f} ms"


def _address(node: GatepassNode) -> tuple[str, int]:
    return node.address, PORT


def logins_elsewhere(cluster: Cluster, times: int = TIMES) -> Asked:
    """Log in at one node, and ask another at once whether the token is good."""

    def once(number: int) -> tuple[Answer, float]:
        one, other = _pair(cluster.gatepasses, number)
        return _timed_check(other, _logged_in(one, number))

    return _asked(once, times, GOOD_AT_CHECK)


def revocations_elsewhere(cluster: Cluster, times: int = TIMES) -> Asked:
    """Revoke at one node a token that another knows, and ask that one at once."""

    def once(number: int) -> tuple[Answer, float]:
        one, other = _pair(cluster.gatepasses, number)
        token = _logged_in(one, number)
        check(_address(other), token)
        while not revoke(_address(one), token)[1]:
            pass
        return _timed_check(other, token)

    return _asked(once, times, BAD_AT_CHECK)


def _pair(nodes: Sequence[GatepassNode], number: int) -> tuple[GatepassNode, GatepassNode]:
    pairs = list(itertools.permutations(nodes, 2))
    return pairs[number % len(pairs)]


def _logged_in(node: GatepassNode, number: int) -> str:
    token = ""
    while not token:  # busy, with so many logins on so few cores
        token = log_in(_address(node), f"load{number % CLIENTS}")[1]
    return token


def _timed_check(node: GatepassNode, token: str) -> tuple[Answer, float]:
    started = time.perf_counter()
    answer = check(_address(node), token)
    return answer, 1000 * (time.perf_counter() - started)


def _asked(once: Callable[[int], tuple[Answer, float]], times: int, expected: int) -> Asked:
    with ThreadPoolExecutor(CLIENTS) as pool:
        answers = list(pool.map(once, range(times)))
    found = Counter(answer.status for answer, _ in answers)
    taken = sorted(milliseconds for _, milliseconds in answers)
    wrong = sum(found[status] for status in (GOOD_AT_CHECK, BAD_AT_CHECK) if status != expected)
    shown = taken[len(taken) // 2], taken[len(taken) * 99 // 100]
    return Asked(found[expected], wrong, times - found[expected] - wrong, shown)


def guesses(cluster: Cluster, nodes: int) -> Counter[str]:
    """Wrong guesses for one account, sprayed over so many nodes by 8 clients at once: how often each code was answered.

    1142 is a guess that was let through to the password, 5501 one that was refused.
    """

    def once(number: int) -> str:
        return log_in(_address(cluster.gatepasses[number % nodes]), "load0", f"wrong {number}")[2]

    with ThreadPoolExecutor(CLIENTS) as pool:
        codes = Counter(pool.map(once, range(GUESSES)))
    cluster.databases[0].sql("DELETE FROM login_throttle", "gatepass")
    return codes

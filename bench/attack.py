"""What an attack on everyone does to newcomers: guesses from four networks, and twenty who know their passwords.

1,008 guesses come in five seconds; as many a second go on from ever new networks. Each newcomer comes from a network of
its own and comes again as `Retry-After` says.
"""

import http.client
import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median
from urllib.parse import urlencode

from bench.place import LOGIN, LOW_COST, PASSWORD, Place
from bench.processes import HOST
from bench.report import BenchError, Table, progress

GUESSES, NETWORKS, SECONDS = 1008, 4, 5
NEWCOMERS = 20
TARGET_DURING, TARGET_AFTER = 60, 10


@dataclass(frozen=True)
class Found:
    """How a newcomer got in: after how many seconds and tries, and what they were told to wait at the most."""

    seconds: float
    tries: int
    longest: int


@dataclass
class Attack:
    """Wrong guesses at names of nobody, a share of them by each of four threads, until it is ended."""

    port: int
    ended: threading.Event = field(default_factory=threading.Event)
    answers: list[str] = field(default_factory=list)

    def run(self, thread: int) -> None:
        connection = http.client.HTTPConnection(HOST, self.port, timeout=60)
        begun, number = time.monotonic(), 0
        while not self.ended.is_set():
            network = thread if number * NETWORKS < GUESSES else NETWORKS + number
            name, address = f"nobody-{thread}-{number}", f"2001:db8:{thread:x}:{network:x}::{number + 1:x}"
            self.answers.append(_try(connection, name, "wrong", address)[0])
            number += 1
            time.sleep(max(0.0, begun + number * NETWORKS * SECONDS / GUESSES - time.monotonic()))


def measure(place: Place) -> list[Table]:
    """Newcomers while the attack lasts, and others from its end on."""
    limits = dict.fromkeys(("THROTTLE_PAIR", "THROTTLE_ADDRESS", "THROTTLE_ACCOUNT", "THROTTLE_EVERYONE"), "")
    settings = {"APP_ENV": "development", "BCRYPT_COST": str(LOW_COST), "TRUSTED_PROXIES": "127.0.0.1/32"}
    with place.gatepass(**limits, **settings) as (page, _), ThreadPoolExecutor(NEWCOMERS) as pool:
        with _attacked(page.port) as answers:
            progress("attack: newcomers while it lasts")
            during = list(pool.map(lambda number: _newcomer(page.port, number, 0xA), range(NEWCOMERS)))
        after = list(pool.map(lambda number: _newcomer(page.port, number, 0xB), range(NEWCOMERS)))
    place.server.sql("DELETE FROM login_throttle", "gatepass")
    rows = [_row("while it lasts", during, TARGET_DURING), _row("from its end on", after, TARGET_AFTER)]
    told = ", ".join(f"{answers.count(each):,} {each}" for each in sorted(set(answers)))
    title = f"An attack on everyone: {GUESSES:,} guesses from {NETWORKS} networks in {SECONDS} s, and on"
    columns = (f"{NEWCOMERS} newcomers", "in after s, median", "at most", "tries at most", "told s at most", "target s")
    return [Table(title, columns, rows, [f"The attack was answered: {told}."])]


@contextmanager
def _attacked(port: int) -> Iterator[list[str]]:
    """While the block runs an attack is under way, which is over its limit already."""
    attack = Attack(port)
    threads = [threading.Thread(target=attack.run, args=(number,)) for number in range(NETWORKS)]
    for thread in threads:
        thread.start()
    try:
        progress("attack: the first thousand guesses")
        while attack.answers.count("5501 everyone") < NETWORKS:
            time.sleep(0.05)
        yield attack.answers
    finally:
        attack.ended.set()
        for thread in threads:
            thread.join()


def _newcomer(port: int, number: int, network: int) -> Found:
    connection, begun = http.client.HTTPConnection(HOST, port, timeout=60), time.monotonic()
    tries, longest = 0, 0
    while time.monotonic() - begun < 2 * TARGET_DURING:
        tries += 1
        code, wait = _try(connection, f"quick{number % 8}", PASSWORD.decode(), f"2001:db8:{network:x}000:{number:x}::1")
        if code == "in":
            return Found(time.monotonic() - begun, tries, longest)
        longest = max(longest, wait)
        time.sleep(wait)
    raise BenchError("a newcomer was shut out")


def _try(connection: http.client.HTTPConnection, name: str, password: str, address: str) -> tuple[str, int]:
    """The code of the answer, `everyone` behind it where it is told to wait two seconds at most, and the wait."""
    head = {"Content-Type": "application/x-www-form-urlencoded", "X-Forwarded-For": address}
    connection.request("POST", LOGIN, urlencode({"username": name, "password": password}), head)
    response = connection.getresponse()
    said, wait = json.loads(response.read()), int(response.headers.get("Retry-After", 0))
    if said["success"]:
        return "in", 0
    code = str(said["errors"]["code"])
    return (f"{code} everyone" if code == "5501" and wait <= 2 else code), wait


def _row(what: str, found: list[Found], target: int) -> tuple[str, ...]:
    seconds = [each.seconds for each in found]
    most = (max(each.tries for each in found), max(each.longest for each in found))
    return (what, f"{median(seconds):.1f}", f"{max(seconds):.1f}", *map(str, most), str(target))

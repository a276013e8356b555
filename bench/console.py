"""What a page of the console takes: time beside a token check, the same with many users, and a sign-in's."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from statistics import median
from typing import Any

from bench import console_bytes, console_crowd, console_pages, hashes
from bench.caller import Caller, post_form
from bench.console_pages import TOKEN_CHECK, Visitors
from bench.place import COST, LOGIN, PASSWORD, Place
from bench.processes import children, thread_seconds
from bench.report import BenchError, Table, ms
from bench.stats import difference, percentile
from bench.turns import in_turns, times

BARE = "the bare hash"
MOBILE = f"mobile: POST {LOGIN}"
SIGN_IN = "console: POST /console/sign-in/"
CROWDED = "crowded: "
"""In front of a page's name where it is that of the database with the crowd."""

SETTLES = 0.002
"""Seconds that a worker has after its answer for what it does then: its log line, waiting for the next request."""


@dataclass(frozen=True)
class Service:
    """One that runs: a connection to it, its processes with MariaDB's, and whose pages it has."""

    caller: Caller
    own: list[int]
    mariadb: int
    visitors: Visitors


@dataclass(frozen=True)
class Taken:
    """The seconds of a request on the clock, and of the service's processor time and MariaDB's."""

    clock: float
    own: float
    mariadb: float


def measure(place: Place) -> list[Table]:
    """Every page of both databases in turns, a request each; then sign-ins beside the bare hash and a mobile login."""
    rounds, logins = place.repeats(60, 5), place.repeats(100, 3)
    users, sessions = place.repeats(console_crowd.USERS, 2000), place.repeats(console_crowd.SESSIONS, 20_000)
    many, few = console_pages.many(place, users, sessions), console_pages.few(place)
    with _running(place, few) as service, _running(place, many) as crowded:
        found = in_turns("console: pages", _runs(service, crowded), rounds)
        signed_in = in_turns("console: signing in", _sign_ins(service.caller), logins)
        weights = console_bytes.measure(place, service.caller, few)
    return [_pages(found), _crowded(found, users, sessions), _signing_in(signed_in), weights]


@contextmanager
def _running(place: Place, visitors: Visitors) -> Iterator[Service]:
    with place.gatepass(database=visitors.database) as (page, pid), Caller(page.port) as caller:
        yield Service(caller, [pid, *children(pid)], place.server.process.pid, visitors)


def _runs(service: Service, crowded: Service) -> dict[str, Callable[[], Taken]]:
    """The two services alternate, so that each request finds its own idle; all were asked for before, so that templates
    are compiled."""
    found: dict[str, Callable[[], Taken]] = {}
    requests = console_pages.requests(crowded.caller, crowded.visitors)
    for name, raw in console_pages.requests(service.caller, service.visitors).items():
        found[name] = partial(_taken, service, raw)
        found[CROWDED + name] = partial(_taken, crowded, requests[name])
    return found


def _taken(service: Service, raw: bytes) -> Taken:
    own, mariadb = thread_seconds(service.own), thread_seconds([service.mariadb])
    clock = service.caller.ask(raw, 200).seconds
    time.sleep(SETTLES)
    return Taken(clock, thread_seconds(service.own) - own, thread_seconds([service.mariadb]) - mariadb)


def _seconds(caller: Caller, raw: bytes) -> float:
    return caller.ask(raw, 200).seconds


def _sign_ins(caller: Caller) -> dict[str, Callable[[], float]]:
    name, password = "bench0", PASSWORD.decode()
    mobile = post_form(LOGIN, **{"username": name, "password": password, "device-info": "bench"})
    console = post_form("/console/sign-in/", "Sec-Fetch-Site: same-origin", username=name, password=password)

    def sign_in() -> float:
        answer = caller.ask(console, 303)
        if not answer.headers["location"].startswith("/console/sign-in/?signed="):
            raise BenchError(f"signing in led to {answer.headers['location']}")
        return answer.seconds

    return {BARE: hashes.once, MOBILE: partial(_seconds, caller, mobile), SIGN_IN: sign_in}


def _pages(found: Mapping[str, list[Taken]]) -> Table:
    rows = []
    for name, taken in found.items():
        if not name.startswith(CROWDED):
            to_check = "" if name == TOKEN_CHECK else times(_clock(taken), _clock(found[TOKEN_CHECK]))
            rows.append((name, *_spread(_clock(taken)), to_check, *_processor(taken)))
    users, devices = console_pages.USERS, console_pages.DEVICES
    amounts = f"{devices:,} devices, {users:,} users, {users // 2:,} sessions of others"
    title = f"The console's pages: one client, keep-alive, {amounts} ({_rounds(found)} rounds in turns)"
    columns = ("page", "median ms", "99 % ms", "to a token check", "processor ms", "MariaDB's ms")
    note = "Lists have 25 rows a page; on Overview few wait. Each answer had the right status, else there is no table."
    return Table(title, columns, rows, [f"{note} Processor time is the median too, and MariaDB's is beside the first."])


def _crowded(found: Mapping[str, list[Taken]], users: int, sessions: int) -> Table:
    rows = []
    for name, taken in found.items():
        if crowded := found.get(CROWDED + name):
            ratio = times(_clock(crowded), _clock(taken))
            rows.append((name, ms(median(_clock(taken))), *_spread(_clock(crowded)), ratio, *_processor(crowded)))
    title = f"The same beside {users:,} users more with {sessions:,} sessions (in the same turns)"
    columns = ("page", "without, median ms", "median ms", "99 % ms", "to without them", "processor ms", "MariaDB's ms")
    return Table(title, columns, rows)


def _signing_in(found: Mapping[str, list[float]]) -> Table:
    rows = []
    for name, taken in found.items():
        rows.append((name, *_spread(taken), "" if name == MOBILE else times(taken, found[MOBILE])))
    more = difference(found[SIGN_IN], found[MOBILE])
    note = f"A sign-in minus a mobile login: {ms(more.value)} ms (95 % interval {ms(more.low)} to {ms(more.high)})."
    title = f"Signing in: one client, keep-alive, cost {COST} ({_rounds(found)} rounds in turns)"
    return Table(title, ("what", "median ms", "99 % ms", "to a mobile login"), rows, [note])


def _clock(taken: list[Taken]) -> list[float]:
    return [each.clock for each in taken]


def _processor(taken: list[Taken]) -> tuple[str, str]:
    return ms(median(each.own for each in taken)), ms(median(each.mariadb for each in taken))


def _spread(seconds: list[float]) -> tuple[str, str]:
    return ms(median(seconds)), ms(percentile(seconds, 99))


def _rounds(found: Mapping[str, list[Any]]) -> int:
    return len(next(iter(found.values())))

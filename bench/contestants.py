"""Who checks tokens, all on one database server, and what one round of checks costs each."""

import http.client
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial

from bench import wrk
from bench.apache import apache, apache_pid, variant
from bench.client import Page
from bench.django_knox import LENGTH as KNOX_LENGTH
from bench.django_knox import knox
from bench.fastify import Absent, fastify
from bench.place import CHECK, Place
from bench.processes import HOST, children, processor_seconds
from bench.report import BenchError, say
from bench.sessions import LENGTH, filled, make_stale, text
from bench.wrk import Checks, Numbers

FRESH = "Gatepass, tokens checked less than a minute ago"
STALE = "Gatepass, last_access of every token over a minute old"
PHP = "PHP page, a connection each time"
KEPT = "PHP page, persistent connection"
KNOX = "django-rest-knox (gunicorn, 2 workers of 8 threads)"
FASTIFY = "Fastify 5 and mysql2 (Node, 2 processes)"
ALL = (STALE, FRESH, PHP, KEPT, KNOX, FASTIFY)

PHP_CHILDREN = 48
"""A child of Apache for every connection, of 32 clients or of nginx, else some would never be served."""


@dataclass(frozen=True)
class Contestant:
    """A page that checks tokens, the sessions it is asked for, and the first process of those that serve it.

    `front` is the first process of nginx, if the page is guarded by what checks behind it. `prepare` is called before
    each round.
    """

    page: Page
    pid: int
    numbers: Numbers
    length: int = LENGTH
    front: int | None = None
    prepare: Callable[[], None] = lambda: None


@dataclass(frozen=True)
class Round:
    """What it gave, and the processor seconds a check: of the page's own processes, of MariaDB, and of nginx in front.

    `busiest` is the share that the busiest own process had: with two workers that share well, a little over half.
    """

    checks: Checks
    own: float
    mariadb: float
    front: float
    busiest: float


@contextmanager
def contestants(
    place: Place, rows: int, wanted: Collection[str] = ALL
) -> Iterator[tuple[dict[str, Contestant], list[str]]]:
    """Those who are wanted, up at once; who is not asked is idle. With them notes on who cannot be here."""
    database, notes = filled(place, rows), []
    stale, fresh = Numbers(1, 2, rows // 2), Numbers(2, 2, rows // 2)
    with ExitStack() as stack:
        page, pid = stack.enter_context(place.gatepass(database=database))
        php = stack.enter_context(apache(place, "check.php", database, PHP_CHILDREN))
        check, old_way = Contestant(Page(page.port, CHECK), pid, fresh), Contestant(php, apache_pid(place), stale)
        make = partial(make_stale, place.server, database)
        found = {STALE: replace(check, numbers=stale, prepare=make), FRESH: check, PHP: old_way}
        found[KEPT] = replace(old_way, page=variant(php, "persistent"))
        if KNOX in wanted:
            django, django_pid = stack.enter_context(knox(place, rows))
            found[KNOX] = Contestant(django, django_pid, Numbers(1, 1, rows), KNOX_LENGTH)
        try:
            node, node_pid = stack.enter_context(fastify(place, database))
            found[FASTIFY] = Contestant(node, node_pid, fresh)
        except Absent as reason:
            notes.append(f"Fastify and mysql2 are left out: {reason}.")
            say(notes[-1])
        present = {name: found[name] for name in wanted if name in found}
        for one in present.values():
            ask(one)
        yield present, notes


def run_round(place: Place, contestant: Contestant, clients: int, seconds: int) -> Round:
    """So many seconds of checks by so many clients."""
    front = _family(contestant.front) if contestant.front else []
    pids = [place.server.process.pid, *front, *_family(contestant.pid)]
    before = [processor_seconds([pid]) for pid in pids]
    found = wrk.checks(contestant.page, contestant.numbers, clients, seconds, contestant.length)
    mariadb, *others = (processor_seconds([pid]) - start for pid, start in zip(pids, before, strict=True))
    own = others[len(front) :]
    spent, first = (sum(own) / found.number, mariadb / found.number), sum(others[: len(front)]) / found.number
    return Round(found, *spent, first, max(own) / (sum(own) or 1))


def _family(pid: int) -> list[int]:
    return [pid, *children(pid)]


def ask(contestant: Contestant) -> None:
    """A token of ours is good there, and another of its form is not: else a wrong page would win."""
    good = text(contestant.numbers.first, contestant.length)
    for token, expected in ((good, 200), ("c" * contestant.length, 401)):
        connection = http.client.HTTPConnection(HOST, contestant.page.port, timeout=30)
        connection.request("GET", contestant.page.path, headers={"Authorization": f"Token {token}"})
        status = connection.getresponse().status
        connection.close()
        if status != expected:
            raise BenchError(f"{contestant.page} answered {status} and not {expected}")

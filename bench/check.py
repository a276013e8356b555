"""The rate of token checks on a million live sessions: Gatepass, a PHP page under Apache, django-rest-knox."""

import http.client
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from statistics import median

from bench import wrk
from bench.apache import apache, apache_pid, variant
from bench.client import Page
from bench.django_knox import LENGTH as KNOX_LENGTH
from bench.django_knox import knox
from bench.place import CHECK, Place
from bench.processes import HOST, children, processor_seconds
from bench.report import BenchError, Table, ms, progress, verdict
from bench.sessions import LENGTH, MILLION, filled, text
from bench.throughput import CLIENTS, ratio, ratios
from bench.wrk import Checks, Numbers

FRESH = "Gatepass, tokens checked less than a minute ago"
STALE = "Gatepass, last_access of every token over a minute old"
PHP = "PHP page, a connection each time"
KEPT = "PHP page, persistent connection"
KNOX = "django-rest-knox (gunicorn, 2 workers of 8 threads)"
TARGETS = ((PHP, 1.5), (KEPT, 1.5), (KNOX, 6.0))
SCATTER = 0.1
"""How far apart the rounds' ratios may lie, as a share of their median; beyond it the machine was not quiet."""


@dataclass(frozen=True)
class Contestant:
    """A page that checks tokens, the sessions it is asked for, and the first process of those that serve it."""

    page: Page
    pid: int
    numbers: Numbers
    length: int = LENGTH


@dataclass(frozen=True)
class Round:
    """What it gave, the processor seconds a check (of the page's own processes and of MariaDB), and how much of the
    own ones the busiest process had: with two workers that share the clients well, a little over half."""

    checks: Checks
    own: float
    mariadb: float
    busiest: float


def measure(place: Place) -> list[Table]:
    """Rounds of all contestants, the order turned by one each round; every ratio is taken within a round."""
    rows, seconds, rounds = place.repeats(MILLION, 20_000), place.repeats(10, 1), place.repeats(3, 2)
    with contestants(place, rows) as found:
        taken: dict[str, list[Round]] = {name: [] for name in found}
        for name, contestant in found.items():
            progress(f"check: warming up: {name}")
            _ask(contestant)
            run_round(place, contestant, max(seconds // 3, 1))
        for number in range(rounds):
            names = list(found)
            first = number % len(names)
            for name in names[first:] + names[:first]:
                progress(f"check: round {number + 1} of {rounds}: {name}")
                taken[name].append(run_round(place, found[name], seconds))
    title = f"Token checks: {CLIENTS} clients, keep-alive, {rows:,} live sessions, random tokens"
    return [_table(f"{title} ({rounds} rounds of {seconds} s)", taken)]


@contextmanager
def contestants(place: Place, rows: int) -> Iterator[dict[str, Contestant]]:
    """All of them up at once on one database server; who is not asked is idle."""
    database = filled(place, rows)
    stale = Numbers(1, 2, rows // 2)
    with ExitStack() as stack:
        page, pid = stack.enter_context(place.gatepass(database=database))
        php = stack.enter_context(apache(place, "check.php", database))
        django, django_pid = stack.enter_context(knox(place, rows))
        check = Contestant(Page(page.port, CHECK), pid, stale)
        old_way = Contestant(php, apache_pid(place), stale)
        yield {
            STALE: check,
            FRESH: replace(check, numbers=Numbers(2, 2, rows // 2)),
            PHP: old_way,
            KEPT: replace(old_way, page=variant(php, "persistent")),
            KNOX: Contestant(django, django_pid, Numbers(1, 1, rows), KNOX_LENGTH),
        }


def run_round(place: Place, contestant: Contestant, seconds: int) -> Round:
    """So many seconds of checks by eight clients."""
    pids = [place.server.process.pid, contestant.pid, *children(contestant.pid)]
    before = [processor_seconds([pid]) for pid in pids]
    found = wrk.checks(contestant.page, contestant.numbers, CLIENTS, seconds, contestant.length)
    mariadb, *own = (processor_seconds([pid]) - start for pid, start in zip(pids, before, strict=True))
    return Round(found, sum(own) / found.number, mariadb / found.number, max(own) / (sum(own) or 1))


def _ask(contestant: Contestant) -> None:
    """A token of ours is good there, and another of its form is not: else a wrong page would win."""
    good = text(contestant.numbers.first, contestant.length)
    for token, expected in ((good, 200), ("c" * contestant.length, 401)):
        connection = http.client.HTTPConnection(HOST, contestant.page.port, timeout=30)
        connection.request("GET", contestant.page.path, headers={"Authorization": f"Token {token}"})
        status = connection.getresponse().status
        connection.close()
        if status != expected:
            raise BenchError(f"{contestant.page} answered {status} and not {expected}")


def _table(title: str, taken: dict[str, list[Round]]) -> Table:
    rates = {name: [one.checks.rate for one in found] for name, found in taken.items()}
    rows = []
    for name, found in taken.items():
        waits = (ms(median(one.checks.median for one in found)), ms(median(one.checks.high for one in found)))
        spent = (ms(median(one.own for one in found)), ms(median(one.mariadb for one in found)))
        shares = " ".join(f"{one.busiest:.0%}" for one in found)
        spread = f"{min(rates[name]):.0f} to {max(rates[name]):.0f}"
        to_it = "" if name == STALE else ratio(rates[STALE], rates[name])
        rows.append((name, f"{median(rates[name]):.0f}", spread, to_it, *waits, *spent, shares))
    notes = [_judged(rates, ours, other, target) for ours in (STALE, FRESH) for other, target in TARGETS]
    notes.append(_by_processor(taken) + " Every answer was 200, else there is no table.")
    notes.append("Processor time is that of a check; the last column is the busiest process's part of it, by rounds.")
    columns = ("what", "median a second", "rounds", "first row to it", "median ms", "99 % ms")
    return Table(title, (*columns, "own processor ms", "MariaDB's ms", "busiest process"), rows, notes)


def _by_processor(taken: dict[str, list[Round]]) -> str:
    """With all cores busy this decides, and other load on the machine changes it less than the rates."""
    spent = {name: median(one.own + one.mariadb for one in found) for name, found in taken.items()}
    others = [f"{spent[other] / spent[STALE]:.2f} of: {other} (rate target {target})" for other, target in TARGETS]
    return f"By processor time, MariaDB's included, the first row would do {'; '.join(others)}."


def _judged(rates: dict[str, list[float]], ours: str, other: str, target: float) -> str:
    found = ratios(rates[ours], rates[other])
    middle, low, high = median(found), min(found), max(found)
    met = verdict(middle >= target, (high - low) / middle, SCATTER)
    return f"**{ours}: {middle:.2f} of: {other}** (rounds {low:.2f} to {high:.2f}); target {target}: {met}."

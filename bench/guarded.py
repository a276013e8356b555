"""Token checks as most people deploy them: nginx serves a static file, and its auth_request asks for each request."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from statistics import median

from bench.check import COLUMNS, Taken, cells, in_rounds
from bench.contestants import FASTIFY, FRESH, PHP, Contestant, ask, contestants
from bench.nginx import nginx
from bench.place import Place
from bench.report import Table
from bench.sessions import MILLION

WANTED = (FRESH, PHP, FASTIFY)
OPEN = "nginx alone, without a check"
CLIENTS = (8, 32)


def measure(place: Place) -> list[Table]:
    """As bench/check.py, one nginx before all contestants."""
    rows, seconds, rounds = place.repeats(MILLION, 20_000), place.repeats(4, 1), place.repeats(5, 2)
    with contestants(place, rows, WANTED) as (found, notes), _guarded(place, found) as guarded:
        taken = in_rounds(place, guarded, CLIENTS, rounds, seconds)
    how = f"{rows:,} live sessions, random tokens ({rounds} rounds of {seconds} s)"
    return [_table(clients, how, rates, notes) for clients, rates in taken.items()]


@contextmanager
def _guarded(place: Place, found: dict[str, Contestant]) -> Iterator[dict[str, Contestant]]:
    """The same contestants behind nginx, and nginx alone."""
    with nginx(place, [one.page for one in found.values()]) as (pages, pid):
        guarded = {
            name: replace(one, page=page, front=pid)
            for (name, one), page in zip(found.items(), pages, strict=False)
        }
        for one in guarded.values():
            ask(one)
        yield guarded | {OPEN: replace(guarded[FRESH], page=pages[-1])}


def _table(clients: int, how: str, taken: Taken, absent: list[str]) -> Table:
    fronts = {name: f"{median(one.front for one in found) * 1000:.3f}" for name, found in taken.items()}
    rows = [(name, *cells(taken, name), fronts[name]) for name in taken]
    notes = ["The check's location is that of config/nginx.conf, with keep-alive to what checks; nginx writes no log."]
    title = f"Through nginx's auth_request: {clients} clients, keep-alive, a static file, {how}"
    return Table(title, (*COLUMNS, "nginx's ms"), rows, [*notes, *absent])

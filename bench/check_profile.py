"""Where a token check's microseconds go: in the main loop, on a thread, and in gunicorn around them."""

import time
from collections.abc import Callable
from contextlib import closing
from statistics import median
from typing import Any

import pymysql
from flask import Flask
from gunicorn.config import Config  # type: ignore[import-untyped]
from gunicorn.http import get_parser  # type: ignore[import-untyped]

from bench import loop_steps, wrk
from bench.client import Page
from bench.contestants import Contestant, run_round
from bench.loop_steps import HEAD
from bench.place import CHECK, Place
from bench.processes import HOST
from bench.profile import application, repeated, span_table
from bench.report import BenchError, Table, progress
from bench.sessions import filled, text
from bench.spans import CHECK as STEPS
from bench.spans import Spans
from bench.throughput import CLIENTS
from bench.wrk import Numbers
from v1.db import statements
from v1.tokens.text import digest

ROWS = 100_000
NUMBERS = Numbers(2, 2, ROWS // 2)
STATEMENT = statements.for_column("auth_tokens.check", "utf8mb4", "utf8mb4_unicode_520_ci")


def measure(place: Place) -> list[Table]:
    """One thread in this process, where nothing waits for another; then over HTTP, with one client and with eight."""
    repeats = place.repeats(5000, 100)
    database = filled(place, ROWS)
    app = application(place, database=database)
    check = lambda: _check(app)  # noqa: E731
    repeated(check, 50)
    spans = Spans(STEPS)
    with spans.installed():
        repeated(check, repeats)
    title = f"Where a token check goes on a thread: own time of each step ({repeats} checks)"
    layers, outside = _layers(place, database, check, repeats), _outside(place, database)
    return [loop_steps.measure(app, repeats), span_table(title, spans), layers, outside]


def _check(app: Flask) -> None:
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": CHECK, "QUERY_STRING": "", "REMOTE_ADDR": HOST}
    said: list[str] = []

    def start(status: str, headers: object, error: object = None, /) -> Callable[[bytes], object]:
        said.append(status)
        return lambda data: None

    app(environ | {"HTTP_AUTHORIZATION": f"Token {text(2)}"}, start)
    if said != ["200 OK"]:
        raise BenchError(f"the check was answered {said}")


def _layers(place: Place, database: str, check: Callable[[], object], repeats: int) -> Table:
    """What each layer takes in one thread: on the clock, and of the processor."""
    progress("checkprofile: layers")
    layers: dict[str, Callable[[], object]] = {"WSGI function, its SELECT and log line included": check}
    with closing(_connection(place, database)) as connection:
        layers["the same SELECT alone, by PyMySQL"] = lambda: _select(connection)
        layers["reading the request's head, by gunicorn's parser"] = _parse
        rows = [(name, *_both(run, repeats)) for name, run in layers.items()]
    title = f"Layers of a check in this process (median, and mean of the processor time; {repeats} each)"
    return Table(title, ("layer", "µs", "of its processor µs"), rows)


def _outside(place: Place, database: str) -> Table:
    """Beside the emptiest application under the same gunicorn: what it takes before ours does anything."""
    seconds, rounds = place.repeats(5, 1), place.repeats(3, 1)
    with place.gatepass(database=database) as (page, pid), place.gatepass("bench.empty:application") as (empty, other):
        names = {"an empty application": (Page(empty.port, "/"), other), "the check": (Page(page.port, CHECK), pid)}
        rows = []
        for name, (where, first) in names.items():
            progress(f"checkprofile: {name} under gunicorn")
            contestant = Contestant(where, first, NUMBERS)
            run_round(place, contestant, CLIENTS, 1)
            alone = median(wrk.checks(where, NUMBERS, 1, seconds).median for _ in range(rounds))
            taken = [run_round(place, contestant, CLIENTS, seconds) for _ in range(rounds)]
            rate = median(one.checks.rate for one in taken)
            spent = (alone, median(one.own for one in taken), median(one.mariadb for one in taken))
            rows.append((name, f"{rate:.0f}", *(f"{one * 1e6:.0f}" for one in spent)))
    columns = ("under gunicorn", "8 clients, a second", "1 client, median µs", "processor µs at 8", "MariaDB's µs at 8")
    title = f"Around a check: HTTP and the hand-over between threads ({rounds} rounds of {seconds} s)"
    return Table(title, columns, rows)


def _both(run: Callable[[], object], repeats: int) -> tuple[str, str]:
    repeated(run, 20)
    started = time.thread_time()
    wall = repeated(run, repeats)
    return f"{wall * 1e6:.0f}", f"{(time.thread_time() - started) / repeats * 1e6:.0f}"


def _connection(place: Place, database: str) -> "pymysql.Connection[Any]":
    return pymysql.connect(
        unix_socket=str(place.server.socket),
        user="gatepass",
        password=place.server.password,
        database=database,
        autocommit=True,
        ssl_disabled=True,
    )


def _select(connection: "pymysql.Connection[Any]") -> None:
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT, {"auth_keys": [digest(text(2))]})
        if not cursor.fetchall():
            raise BenchError("the session is not there")


def _parse() -> None:
    next(get_parser(_CONFIG, iter([HEAD]), (HOST, 1)))


_CONFIG = Config()

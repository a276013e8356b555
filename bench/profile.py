"""Where a login's milliseconds beside the hash go: spans inside the process, the network, the disk."""

import cProfile
import io
import logging
import pstats
import time
from collections.abc import Callable
from statistics import median

from flask import Flask
from flask.testing import FlaskClient

from bench import hashes
from bench.client import Client
from bench.place import LOGIN, LOW_COST, PASSWORD, Place
from bench.report import BenchError, Table, ms, progress
from bench.spans import LOGIN as LOGIN_STEPS
from bench.spans import Spans
from v1 import create_app
from v1.observe import logs
from v1.passwords.hashes import Passwords
from v1.settings import load

LOOSE = "SET GLOBAL innodb_flush_log_at_trx_commit = {}"
TOP = 14


def measure(place: Place) -> list[Table]:
    """All at the lowest cost: the hash is then a millisecond and the rest stands out."""
    repeats = place.repeats(1000, 50)
    progress("profile: spans")
    client = application(place, APP_ENV="development", BCRYPT_COST=str(LOW_COST)).test_client()
    login = lambda: _login(client)  # noqa: E731
    repeated(login, 20)
    spans = Spans(LOGIN_STEPS)
    with spans.installed():
        repeated(login, repeats)
    progress("profile: outside")
    title = f"Where a login goes inside the process: own time of each step, cost {LOW_COST} ({repeats} logins)"
    return [span_table(title, spans), _layers(place, login, repeats), functions("logins", login, repeats)]


def application(place: Place, **settings: str) -> Flask:
    """The service in this process, its log in a file as under gunicorn."""
    app, log = create_app(load(place.environment(**settings))), (place.directory / "profile.log").open("a")
    setattr(logs, "write", log.write)  # the access log
    for handler in logging.getLogger("v1").handlers:
        if isinstance(handler, logging.StreamHandler):
            handler.setStream(log)
    return app


def _login(client: FlaskClient) -> None:
    form = {"username": "quick0", "password": PASSWORD.decode(), "device-info": "bench"}
    answer = client.post(LOGIN, data=form)
    if b"access_token" not in answer.data:
        raise BenchError(f"the login was answered {answer.data!r}")


def repeated(run: Callable[[], object], repeats: int) -> float:
    """The median seconds."""
    samples = []
    for _ in range(repeats):
        started = time.perf_counter()
        run()
        samples.append(time.perf_counter() - started)
    return median(samples)


def span_table(title: str, spans: Spans) -> Table:
    """The median of every step."""
    rows = [(label, f"{median(samples) * 1000:.3f}") for label, samples in spans.own.items() if samples]
    notes = [f"Not met in v1, so within the step around it: {', '.join(spans.missing)}."] if spans.missing else []
    return Table(title, ("step", "median ms"), rows, notes)


def _layers(place: Place, login: Callable[[], object], repeats: int) -> Table:
    """The same login from further and further outside, and with a disk that need not answer."""
    stored = Passwords(LOW_COST).hash(PASSWORD)
    rows = [("the hash alone", ms(repeated(lambda: hashes.loaded(PASSWORD, stored), repeats)))]
    rows.append(("in process, Flask's test client", ms(repeated(login, repeats))))
    with place.gatepass(APP_ENV="development", BCRYPT_COST=str(LOW_COST)) as (page, _), Client(page) as client:
        over_http = lambda: client.login("quick0", PASSWORD)  # noqa: E731
        repeated(over_http, 20)
        rows.append(("over HTTP, gunicorn, keep-alive", ms(repeated(over_http, repeats))))
        place.server.sql(LOOSE.format(2))
        try:
            rows.append(("the same, no fsync a commit (not the default)", ms(repeated(over_http, repeats))))
        finally:
            place.server.sql(LOOSE.format(1))
    return Table(f"A login at cost {LOW_COST} from further outside (median of {repeats})", ("what", "ms"), rows)


def functions(what: str, run: Callable[[], object], repeats: int) -> Table:
    """cProfile's view of what was repeated."""
    progress("profile: functions")
    profiler = cProfile.Profile()
    profiler.runcall(repeated, run, repeats)
    stats = pstats.Stats(profiler, stream=io.StringIO())
    ranked = sorted(stats.stats.items(), key=lambda item: -item[1][2])[:TOP]  # type: ignore[attr-defined]
    rows = []
    for (file, line, name), (_, calls, own, total, _) in ranked:
        where = f"{'/'.join(file.split('/')[-2:])}:{line} {name}" if line else name
        spent = (f"{seconds / repeats * 1000:.3f}" for seconds in (own, total))
        rows.append((f"`{where}`", f"{calls / repeats:.1f}", *spent))
    title = f"The functions with the most time of their own (cProfile slows Python down; {repeats} {what})"
    return Table(title, ("function", "calls each", "own ms", "with callees ms"), rows)

"""Where the main loop's microseconds for a token check go: its own steps, without system calls and the SELECT."""

import gc
import time
from collections.abc import Callable
from typing import Any

from flask import Flask

from bench.place import CHECK
from bench.processes import HOST
from bench.report import Table
from bench.sessions import text
from v1.doors import pre_flask
from v1.doors.pre_flask import Endpoint
from v1.observe import logs, metrics
from v1.server.request import plain_check
from v1.server.worker import answer_bytes

HEAD = f"GET {CHECK} HTTP/1.1\r\nHost: {HOST}\r\nUser-Agent: bench\r\nAuthorization: Token {text(2)}\r\n\r\n".encode()


def measure(app: Flask, repeats: int) -> Table:
    """Processor time of each step in one thread of this process: the least of five means."""
    endpoint: Endpoint = app.extensions[pre_flask.EXTENSION][CHECK]
    environ = plain_check.read(HEAD) or {}
    begun = endpoint.begin(environ)
    row = f"12 7 mobile {int(time.time())} 1999999999 0  61646D696E 1 0"
    found = endpoint.unpack(begun, row)
    answer, _ = endpoint.finish(begun, found)
    timer = metrics.request_seconds.labels(CHECK, "200")
    steps: dict[str, Callable[[], Any]] = {
        "read the request by the pattern": lambda: plain_check.read(HEAD),
        "begin: the request id, the header, the digest": lambda: endpoint.begin(environ),
        "unpack the row": lambda: endpoint.unpack(begun, row),
        "finish: kind and scope, the answer, metrics, the log line": lambda: endpoint.finish(begun, found),
        "of it the histogram of seconds (in memory; a worker keeps it in a file)": lambda: timer.observe(0.001),
        "of it the log line": lambda: logs.access_line("GET", CHECK, 200, 0.001),
        "write the answer": lambda: answer_bytes.encode(*answer, keep=True),
    }
    rows = [(name, f"{_microseconds(step, repeats):.1f}") for name, step in steps.items()]
    title = f"Where a check's processor time goes in the main loop, beside system calls ({repeats} each)"
    notes = [f"Python's garbage collector ran {_collections(steps, repeats)} times in {repeats} checks."]
    return Table(title, ("step", "µs"), rows, notes)


def _microseconds(step: Callable[[], Any], repeats: int) -> float:
    found = []
    for _ in range(5):
        started = time.thread_time()
        for _ in range(repeats):
            step()
        found.append((time.thread_time() - started) / repeats * 1e6)
    return min(found)


def _collections(steps: dict[str, Callable[[], Any]], repeats: int) -> int:
    """How often the collector runs while so many checks take all steps."""
    before = sum(each["collections"] for each in gc.get_stats())
    for _ in range(repeats):
        for step in steps.values():
            step()
    return sum(each["collections"] for each in gc.get_stats()) - before

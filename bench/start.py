"""The time to the first answer: of gunicorn from its exec, and of a whole `make run`."""

import os
import shutil
import signal
import sys
import time
from pathlib import Path
from statistics import median

from bench.place import LOGIN, Place
from bench.processes import ROOT, running, wait_for_answer
from bench.report import Table, progress
from tools.private_server import free_port

COPIED = ("v1", "sql", "config", "docs", "tools", "wsgi.py")


def measure(place: Place) -> list[Table]:
    """Each from nothing running to the first HTTP answer."""
    gunicorn = [_gunicorn(place, number) for number in range(place.repeats(5, 2))]
    checkout = _copy(place.directory / "checkout")
    first, *later = [_make_run(checkout, number) for number in range(place.repeats(4, 2))]
    rows = [
        _row("gunicorn, 2 workers", gunicorn),
        _row("`make run` in a new checkout (makes the database, the tables and the demo user)", [first]),
        _row("`make run`, second start and later", later),
    ]
    notes = ["`make run` without the installation of packages, in a copy of the checkout with a `var/` of its own."]
    return [Table("Start to the first answer", ("what", "median s", "all"), rows, notes)]


def _row(name: str, seconds: list[float]) -> tuple[str, str, str]:
    return name, f"{median(seconds):.2f}", " ".join(f"{one:.2f}" for one in seconds)


def _gunicorn(place: Place, number: int) -> float:
    progress(f"start: gunicorn {number + 1}")
    place.server  # is not part of it
    started = time.perf_counter()
    with place.gatepass():
        return time.perf_counter() - started


def _copy(checkout: Path) -> Path:
    """What `make run` needs, elsewhere: it allows one run a checkout and keeps its data there."""
    checkout.mkdir()
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, checkout / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, checkout / name)
    return checkout


def _make_run(checkout: Path, number: int) -> float:
    progress(f"start: make run {number + 1}")
    port, log = free_port(), checkout / "run.log"
    environ = {"PATH": os.environ["PATH"], "PORT": str(port)}
    started = time.perf_counter()
    with running([sys.executable, "-m", "tools.run"], environ, log, checkout, signal.SIGINT) as process:
        wait_for_answer(process, port, LOGIN, log)
        return time.perf_counter() - started

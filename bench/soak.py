"""The soak: half an hour at 70 % of capacity, with reloads and purges, while everything that could grow is watched."""

import os
import signal
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bench import sessions, soak_fill, soak_people, soak_samples, soak_verdict
from bench.place import Place, new_database, workers_of
from bench.processes import BIN, running
from bench.report import BenchError, Table, progress, say
from bench.soak_load import Load
from bench.soak_samples import Sample

SECONDS: Final = 1800
SHARE: Final = 0.7
EVERY: Final = 10.0
"""Seconds between two samples."""

RELOADS: Final = (0.1, 0.2, 0.3, 0.4, 0.5)
"""When workers are replaced, as shares of the whole: so the last generation lives for its second half."""

FILLS: Final = (0.0, *(share + 0.02 for share in RELOADS))
"""When the pools of the workers are filled: once in each generation."""

PURGES: Final = (0.06, 0.16, 0.26, 0.36, 0.46, 0.6, 0.75, 0.9)
DATABASE: Final = "gatepass_soak"
LIMITS: Final = {f"THROTTLE_{key}": "1000000" for key in ("PAIR", "ADDRESS", "ACCOUNT", "EVERYONE")}
"""Failures are counted, as in a deployment, and nobody waits."""


@dataclass
class Soak:
    """What happened: the capacity and the rate, samples, and when it was reloaded and purged (seconds)."""

    seconds: int
    capacity: float
    load: Load
    samples: list[Sample] = field(default_factory=list)
    born: dict[int, float] = field(default_factory=dict)
    """The workers, and when the generation of each was started."""
    reloads: list[float] = field(default_factory=list)
    purges: list[str] = field(default_factory=list)
    logged: list[str] = field(default_factory=list)
    """Lines of the service's log that tell of an error."""


def measure(place: Place) -> list[Table]:
    """Capacity first: the same people without pauses."""
    seconds, metrics = place.seconds or place.repeats(SECONDS, 60), place.directory / "soak-metrics"
    _fill(place)
    metrics.mkdir()
    log = place.directory / "gunicorn.log"
    before = log.stat().st_size if log.exists() else 0
    with place.gatepass(database=DATABASE, PROMETHEUS_MULTIPROC_DIR=str(metrics), **LIMITS) as (page, pid):
        workers_of(pid, 2)
        load = Load(people := soak_people.people(place, DATABASE, page.port))
        with load:
            soak = Soak(seconds, _capacity(place, load), load)
            load.pace(SHARE * soak.capacity)
            _watch(place, soak, pid, page.port, metrics, people[0].keys.introspect)
        load.afterwards()
    lines = log.read_bytes()[before:].decode(errors="replace").splitlines()
    soak.logged = [line for line in lines if '"level": "error"' in line or not line.startswith("{")]
    return soak_verdict.tables(soak, SHARE)


def _fill(place: Place) -> None:
    """Sessions enough to fill MariaDB's buffer pool, so that its memory does not grow by reading them."""
    new_database(place.server, DATABASE)
    rows = place.repeats(400_000, 20_000)
    sessions.add(place.server, DATABASE, 1, rows)
    sessions.add(place.server, DATABASE, rows + 1, rows + rows // 20, expired=True)
    place.server.sql("CHECKSUM TABLE auth_tokens; SELECT COUNT(*) FROM auth_tokens WHERE last_access > 0", DATABASE)


def _capacity(place: Place, load: Load) -> float:
    """Requests a second without pauses, after a warm-up."""
    for what, seconds in (("warming up", place.repeats(20, 5)), ("capacity", place.repeats(40, 5))):
        load.pace(0)
        started = time.monotonic()
        while time.monotonic() < started + seconds:
            progress(f"soak: {what}")
            time.sleep(0.5)
        done = load.done() / (time.monotonic() - started)
    say(f"soak: {done:.0f} requests a second without pauses, {SHARE * done:.0f} from now on")
    return done


def _watch(place: Place, soak: Soak, pid: int, port: int, metrics: Path, api_token: str) -> None:
    began = time.monotonic()
    reloads, fills, purges = ([share * soak.seconds for share in shares] for shares in (RELOADS, FILLS, PURGES))
    every = min(EVERY, soak.seconds / 60)
    due = began
    while (now := time.monotonic() - began) < soak.seconds:
        if reloads and now >= reloads[0]:
            reloads.pop(0)
            soak.reloads.append(now)
            os.kill(pid, signal.SIGHUP)  # as ExecReload= in config/gatepass.service
        if fills and now >= fills[0]:
            fills.pop(0)
            with soak.load.held():
                soak_fill.fill(place, DATABASE, port, api_token)
        if purges and now >= purges[0]:
            purges.pop(0)
            soak.purges.append(_purge(place))
        _sample(place, soak, pid, port, metrics, began)
        errors = sum(soak.load.errors.values())
        progress(f"soak: {now:.0f} of {soak.seconds} s, {soak.load.done():,} answers, {errors} errors")
        due += every
        time.sleep(max(0.0, due - time.monotonic()))


def _sample(place: Place, soak: Soak, pid: int, port: int, metrics: Path, began: float) -> None:
    try:
        sample = soak_samples.take(place, pid, port, metrics, began)
    except (OSError, BenchError) as error:
        soak.load.fail("/metrics", error)
        return
    soak.samples.append(sample)
    for worker in sample.workers:
        soak.born.setdefault(worker, soak.reloads[-1] if soak.reloads else 0.0)


def _purge(place: Place) -> str:
    """Purge as the timer does. What the command said."""
    log = place.directory / "soak-purge.log"
    log.unlink(missing_ok=True)
    with running([str(BIN / "gatepass"), "session", "purge"], place.environment(DATABASE), log) as process:
        process.wait(timeout=600)
    if process.returncode:
        raise BenchError(f"gatepass session purge ended with {process.returncode}:\n{log.read_text()[-1000:]}")
    return log.read_text().splitlines()[-1]

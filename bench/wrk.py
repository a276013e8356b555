"""The load of token checks, and a storm of logins: by `wrk`, which takes little of the processor itself."""

import random
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.client import Page
from bench.processes import HOST, ROOT, stop
from bench.report import BenchError
from bench.sessions import LENGTH

MISSING = "wrk is not installed: apt-get install wrk"


@dataclass(frozen=True)
class Checks:
    """What a round of checks gave: how many a second, and the seconds of the median one and of the 99th percentile."""

    number: int
    rate: float
    median: float
    high: float


@dataclass
class Storm:
    """What logins without pause were answered, each a second; known after the block."""

    good: float = 0.0
    busy: float = 0.0


@dataclass(frozen=True)
class Numbers:
    """Which sessions are asked for: `count` numbers from `first` on, each `step` further."""

    first: int
    step: int
    count: int


def checks(page: Page, numbers: Numbers, clients: int, seconds: int, length: int = LENGTH) -> Checks:
    """Checks of random tokens by so many clients. Raises BenchError if any fails or is refused (400 or more).

    wrk counts what a slow answer held back as slow too, so its percentiles do not flatter.
    """
    seed = random.randrange(1_000_000)
    arguments = (numbers.first, numbers.step, numbers.count, length, seed)
    return _checks(page, "check.lua", clients, seconds, arguments)


def requests(page: Page, file: Path, status: int, kind: str, clients: int, seconds: int) -> Checks:
    """Random ones of the whole requests in a file. Raises BenchError if any is answered with another status or another
    X-Auth-Token-Kind ("" for an answer without one)."""
    arguments = (file, status, kind or "-", random.randrange(1_000_000))
    return _checks(page, "requests.lua", clients, seconds, arguments)


@contextmanager
def storm(page: Page, name: str, clients: int, seconds: int) -> Iterator[Storm]:
    """Logins without pause for so many seconds; leaving the block waits for their end."""
    found = Storm()
    with _wrk(page, "login.lua", clients, seconds, (name, random.randrange(1_000_000))) as process:
        yield found
        micros, good, busy, failed = _said(process, seconds)
    if failed:
        raise BenchError(f"{failed} logins at {page} failed or were answered neither a token nor 5501")
    found.good, found.busy = good / (micros / 1e6), busy / (micros / 1e6)


def _checks(page: Page, script: str, clients: int, seconds: int, arguments: Sequence[object]) -> Checks:
    with _wrk(page, script, clients, seconds, arguments) as process:
        number, micros, middle, high, failed = _said(process, seconds)
    if failed or not number:
        raise BenchError(f"of {number} checks at {page} {failed} failed or were refused")
    return Checks(number, number / (micros / 1e6), middle / 1e6, high / 1e6)


@contextmanager
def _wrk(
    page: Page, script: str, clients: int, seconds: int, arguments: Sequence[object]
) -> Iterator[subprocess.Popen[str]]:
    program = shutil.which("wrk")
    if not program:
        raise BenchError(MISSING)
    command = [program, "-t1", f"-c{clients}", f"-d{seconds}s", "--timeout=30s"]
    command += ["-s", str(ROOT / "bench" / "lua" / script), f"http://{HOST}:{page.port}{page.path}", "--"]
    command += [str(argument) for argument in arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        yield process
    finally:
        stop(process)  # type: ignore[arg-type]


def _said(process: subprocess.Popen[str], seconds: int) -> list[int]:
    """The numbers of the line that our script prints at its end."""
    output, _ = process.communicate(timeout=seconds + 60)
    for line in output.splitlines():
        if line.startswith("BENCH "):
            return [int(word) for word in line.split()[1:]]
    raise BenchError(f"wrk ended with {process.returncode}:\n{output[-1000:]}")

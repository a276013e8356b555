"""A `gatepass db migrate` that a test watches, lets wait and kills."""

import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tests import processes
from tests.commands import flask
from tests.conftest import ROOT, environment
from tests.e2e.faults import GENEROUS, until
from tests.environments import BIN
from tools.private_server import Server

ALTERING = "SELECT COUNT(*) FROM information_schema.processlist WHERE info LIKE 'ALTER TABLE%'"
WAITING = "SELECT COUNT(*) FROM information_schema.processlist WHERE state = 'Waiting for table metadata lock'"


@contextmanager
def migrating(server: Server, database: str) -> Iterator[subprocess.Popen[str]]:
    """A running `gatepass db migrate`; killed at the end if it still runs."""
    pipe = subprocess.PIPE
    command, environ = [str(BIN / "flask"), "db", "migrate"], environment(server, database)
    options = {"cwd": ROOT, "stdout": pipe, "stderr": pipe, "text": True}
    with processes.start(command, environ, end=signal.SIGKILL, **options) as process:
        yield process
        process.kill()


def read_until_announced(process: subprocess.Popen[str], number: int) -> str:
    """Read its output up to the line that announces the statement of this number (from 1); that line."""
    assert process.stdout is not None
    for line in process.stdout:
        number -= "writers wait for about" in line
        if number == 0:
            return line
    raise AssertionError(f"it ended before: {process.communicate()}")


def wait_until(ready: Callable[[], object]) -> None:
    until(ready, "what the test waits for")


def finish(server: Server, database: str) -> str:
    """Run the migration again. A killed one's statement may go on in the server and hold the lock for as long."""
    end = time.monotonic() + GENEROUS
    while True:
        try:
            return flask(server, "db", "migrate", database=database)
        except subprocess.CalledProcessError as error:
            assert "another migration of this database is running" in error.stderr, error.stderr
            assert time.monotonic() < end, "the lock is held for ever"
            time.sleep(0.2)

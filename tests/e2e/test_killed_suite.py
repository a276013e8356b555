"""A suite which is killed leaves nothing running: one that holds a server of every kind, killed for real."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import processes
from tests.conftest import ROOT, installed
from tests.e2e import browser, nginx
from tests.e2e.checkout import alive, command_line, family
from tests.e2e.faults import until

HOLDS = """
import os
import signal
import subprocess
from pathlib import Path

from tests.db.migrating import migrating
from tests.e2e import checkout, nginx
from tests.e2e.faults import until
from tests.e2e.test_php_forms import ask
from tests.ports import free_port

def test_everything(ask, chromium, gunicorn, migrated, tmp_path):
    gunicorn(migrated, WORKERS="2")
    run = checkout.start(checkout.copy(tmp_path / "checkout"), {"PATH": os.environ["PATH"], "PORT": str(free_port())})
    with nginx.running(tmp_path / "nginx", 1, 2), migrating(migrated, "gatepass") as command:
        os.kill(command.pid, signal.SIGSTOP)
        run.wait_for_welcome()
        Path("begun").touch()
        signal.pause()
"""

KINDS = ("mariadbd", "gunicorn", "nginx: worker", "php -", "chrom", "tools.run", "db migrate")

(SUITE,) = re.findall(r"^suite = (.*) \S+python -m pytest$", (ROOT / "Makefile").read_text(), re.MULTILINE)
PYTEST = f"{SUITE} {sys.executable} -m pytest -q -n 1 --max-worker-restart=0"
PYTEST += " -p tests.conftest -p tests.e2e.conftest"


@pytest.fixture
def suite(tmp_path: Path, php: str, kept_servers: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A `make` that runs a suite of one test, which holds its servers by now."""
    nginx.command(), browser.command()
    (tmp_path / "test_holds.py").write_text(HOLDS)
    options = f"--rootdir=. --basetemp=base -o cache_dir={kept_servers.parent.parent}"
    (tmp_path / "Makefile").write_text(f"test:\n\t@{PYTEST} {options} test_holds.py\n")
    environ = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    command, log = [installed("make", "make"), "test"], tmp_path / "output"
    with log.open("wb") as out, processes.start(command, environ, cwd=tmp_path, stdout=out, stderr=out) as made:
        try:
            until(lambda: (tmp_path / "begun").exists() or made.poll() is not None, "the suite holds its servers")
            assert made.poll() is None, log.read_text()
            yield made
        finally:
            made.kill()


def test_a_killed_suite_leaves_nothing_running(suite: subprocess.Popen[bytes]) -> None:
    """The suite ends with `make`, a worker with the suite, and all servers with the worker."""
    started = family(suite.pid)
    assert [kind for kind in KINDS if not any(kind in command_line(pid) for pid in started)] == []
    suite.kill()
    suite.wait(timeout=60)
    until(lambda: not any(map(alive, started)), "all that it started ends")

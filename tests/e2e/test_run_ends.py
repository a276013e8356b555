"""`make run` leaves nothing running, however it ends; the next start finds the data as they were."""

import os
import re
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.e2e import checkout
from tests.e2e.checkout import Run, alive, command_line, family
from tests.e2e.faults import until
from tests.ports import free_port


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return checkout.copy(tmp_path_factory.mktemp("ends") / "checkout")


@pytest.fixture(scope="module")
def runs() -> Iterator[list[Run]]:
    """All that the tests of this file have started."""
    started: list[Run] = []
    yield started
    for run in started:
        run.stop()


@pytest.fixture
def start(place: Path, runs: list[Run]) -> Callable[..., Run]:
    """`start()` runs the program on a free port, `start(other)` in another checkout."""

    def begin(where: Path = place, code: str = "") -> Run:
        environ = {"PATH": os.environ["PATH"], "PORT": str(free_port()), "BCRYPT_COST": "4"}
        runs.append(checkout.start(where, environ, code))
        return runs[-1]

    return begin


@pytest.fixture
def running(runs: list[Run], start: Callable[..., Run]) -> Callable[[], Run]:
    """`running()` is the run that a test before left, or a new one."""

    def find() -> Run:
        alive = [run for run in runs if run.process.poll() is None]
        return alive[0] if alive else start().wait_for_welcome()

    return find


def named(pids: set[int], name: str) -> list[int]:
    return sorted(pid for pid in pids if name in command_line(pid))


def gone(pids: set[int]) -> bool:
    return not any(map(alive, pids))


def sql(place: Path, text: str) -> str:
    """What the client that the welcome names prints."""
    command = ["mariadb", f"--defaults-file={place}/var/mariadb/client.cnf", "--batch", "--skip-column-names"]
    return subprocess.run(command, input=text, capture_output=True, text=True, check=True, timeout=60).stdout


def users(place: Path) -> set[str]:
    return set(sql(place, "SELECT username FROM users").splitlines())


def add(place: Path, name: str) -> None:
    columns = "username, password, creation_time, remote_ip, access_level"
    sql(place, f"INSERT INTO users ({columns}) VALUES ('{name}', '', NOW(), '', 1)")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
def test_a_signal_stops_everything_in_order_and_keeps_the_data(
    place: Path, running: Callable[[], Run], number: int
) -> None:
    run = running()
    name = f"kept-over-{number}"
    add(place, name)
    until(lambda: len(named(family(run.process.pid), "gunicorn")) >= 3, "both workers are there")
    children = family(run.process.pid)
    assert named(children, "mariadbd") and len(named(children, "gunicorn")) >= 3

    os.kill(run.process.pid, number)
    assert run.process.wait(timeout=120) == 0
    assert gone(children)
    assert run.said.endswith("stopped; the data stay in var/\n")
    assert not (place / "var/private.env").exists()
    running()
    assert {"demo", name} <= users(place)


def test_ctrl_c_in_the_terminal_reaches_all_of_them_and_is_no_traceback(running: Callable[[], Run]) -> None:
    run = running()
    children = family(run.process.pid)
    os.killpg(run.process.pid, signal.SIGINT)

    assert run.process.wait(timeout=120) == 0
    assert gone(children)
    assert "Traceback" not in run.err.read_text()


def test_ctrl_c_at_any_moment_of_the_start_leaves_nothing_running(tmp_path: Path, start: Callable[..., Run]) -> None:
    """In a new checkout, so that the data are being made too; each round comes further than the one before."""
    new = checkout.copy(tmp_path / "checkout")
    for stage in ("mariadb-install-db", "mariadbd --no-defaults --datadir", "db migrate", "gunicorn"):
        run = start(new)
        seen: set[int] = set()
        until(lambda run=run, seen=seen, stage=stage: reached(run, seen, stage), f"it comes to {stage}")
        os.killpg(run.process.pid, signal.SIGINT)
        assert run.process.wait(timeout=120) == 0, run.err.read_text()
        until(lambda seen=seen: gone(seen), f"all is gone after {stage}")
        assert "Traceback" not in run.err.read_text()


IN_A_DESTRUCTOR = """
import os, signal, sys
from tools import demo, run

class Last:
    def __del__(self):
        os.kill(os.getpid(), signal.SIGINT)

prepare = demo.prepare
demo.prepare = lambda core: Last() and prepare(core)
sys.exit(run.main())
"""


def test_ctrl_c_while_python_destroys_an_object_is_not_lost(runs: list[Run], start: Callable[..., Run]) -> None:
    for run in runs:
        run.stop()
    run = start(code=IN_A_DESTRUCTOR)
    assert run.process.wait(timeout=120) == 0
    assert "Exception ignored in" in run.err.read_text() and "KeyboardInterrupt" in run.err.read_text()
    assert run.said.endswith("stopped; the data stay in var/\n")


def reached(run: Run, seen: set[int], stage: str) -> bool:
    seen |= family(run.process.pid)
    return bool(named(seen, stage))


@pytest.mark.parametrize("also", [(), ("mariadbd", "gunicorn")], ids=["alone", "with its children"])
def test_killed_it_leaves_nothing_running_and_the_next_start_works(
    place: Path, running: Callable[[], Run], also: tuple[str, ...]
) -> None:
    run = running()
    name = f"killed with {len(also)}"
    add(place, name)
    short = Path(re.findall("^socket=(.*)$", (place / "var/mariadb/client.cnf").read_text(), re.MULTILINE)[0]).parent
    own = run.process.pid
    children = family(own)
    for each in [own, *(pid for word in also for pid in named(children, word))]:
        with suppress(ProcessLookupError):
            os.kill(each, signal.SIGKILL)
    run.process.wait(timeout=60)
    until(lambda: gone(children), "what it started ends too")

    again = running()
    assert not short.exists()
    assert {"demo", name} <= users(place)
    assert again.post(username="demo", password="demo-password")["success"] is True


def test_a_service_that_is_killed_ends_the_database_too_and_is_no_success(running: Callable[[], Run]) -> None:
    run = running()
    children = family(run.process.pid)
    for pid in named(children, "gunicorn"):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    assert run.process.wait(timeout=120) == 1
    assert gone(children)
    assert "gunicorn" in run.err.read_text().splitlines()[-1]

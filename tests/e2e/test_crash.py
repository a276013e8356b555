"""Kills under load, one of each kind, and faults that once stopped Gatepass; `make crash` does the rest."""

import fcntl
import os
import random
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import secrecy
from tests.conftest import Gunicorn, add_user
from tests.database_servers import QUICK
from tests.e2e import wire
from tests.e2e.faults import until, workers
from tools.crash import kills, machine
from tools.private_server import Server

CLOSED = ("sh", "-c", 'exec "$@" >&- 2>&-', "sh")


def test_kills_lose_no_answered_login_and_revive_no_revoked_token(own_server: Server, tmp_path: Path) -> None:
    with machine.served(own_server, QUICK, tmp_path / "gatepass.log") as running:
        secrecy.watch(running.log)
        found = list(kills.rounds(running, random.Random(16), len(kills.KILLS)))
        again = kills.asked_again(running, [load for _, load in found])
    for result in [*(result for result, _ in found), again]:
        assert result.kept, result.line() + "\n" + "\n".join(result.examples)
    for result, _ in found:
        assert result.counts["revocations"] and result.counts["afterwards"] >= result.counts["logins"] > 0


def test_a_killed_service_leaves_its_port_and_its_files_to_the_next(
    database: Server, gunicorn: Callable[..., Gunicorn], tmp_path: Path
) -> None:
    """Its workers end by themselves. (A service beside it keeps its files.)"""
    add_user(database, "admin")
    (tmp_path / "tmp").mkdir()
    settings = {"TMPDIR": str(tmp_path / "tmp"), "WORKERS": "2"}
    beside = gunicorn(database, **settings)
    killed = gunicorn(database, **settings)
    orphans = workers(killed)
    os.kill(killed.process.pid, signal.SIGKILL)
    killed.process.wait()
    until(lambda: not any(map(kills.lives, orphans)), "the workers of the killed service end")
    (kept,) = set((tmp_path / "tmp").iterdir()) - {left := left_behind(tmp_path / "tmp")}
    next_one = gunicorn(database, PORT=str(killed.port), **settings)
    assert wire.log_in(next_one).code == wire.log_in(beside).code == "ok"
    assert kept.exists() and not left.exists() and len(list((tmp_path / "tmp").iterdir())) == 2


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make files of another account")
def test_what_another_account_has_put_into_tmp_is_left_alone(
    database: Server, gunicorn: Callable[..., Gunicorn], tmp_path: Path
) -> None:
    planted = tmp_path / "tmp" / "gatepass-metrics-planted"
    planted.mkdir(parents=True)
    os.mkfifo(planted / "lock")  # whoever opens it waits
    os.chown(planted, 65534, 65534)
    add_user(database, "admin")
    assert wire.log_in(gunicorn(database, TMPDIR=str(tmp_path / "tmp"))).code == "ok"
    assert (planted / "lock").is_fifo()


def left_behind(directory: Path) -> Path:
    """The directory whose lock nobody holds."""
    (found,) = [each.parent for each in directory.glob("*/lock") if is_free(each)]
    return found


def is_free(lock: Path) -> bool:
    with lock.open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def test_logins_work_where_standard_error_is_closed(
    database: Server, gunicorn: Callable[..., Gunicorn]
) -> None:
    add_user(database, "admin")
    service = gunicorn(database, by=CLOSED)
    answer = wire.log_in(service)
    assert answer.code == "ok"
    assert wire.parse(service.send(b"GET /v1/verify/ HTTP/1.0\r\n\r\n", finish=False)).status == 401

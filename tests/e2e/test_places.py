"""Where the service may be and may write: a root that is read-only, and a place for its numbers that is named."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import ROOT, Gunicorn, environment
from tests.e2e.nginx import ask
from tests.environments import BIN
from tests.ports import free_port
from tools.private_server import Server

GUNICORN = ["gunicorn", "-c", "config/gunicorn.conf.py", "wsgi:application"]
READ_ONLY = "mount -t tmpfs none /mnt && mount -o remount,bind,ro / && ! touch config/x 2>/dev/null"


def refused(server: Server, *command: str, **settings: str) -> str:
    """What a program that cannot start says."""
    program, *words = command
    environ = environment(server, PORT=str(free_port()), **settings)
    words = [str(BIN / program), *words]
    done = subprocess.run(words, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=120)
    assert done.returncode != 0 and "Traceback" not in done.stderr, done.stderr
    return done.stderr


@pytest.mark.parametrize("command", [GUNICORN, ["flask", "user", "list"]], ids=["gunicorn", "flask"])
def test_a_place_for_the_numbers_that_is_missing_is_named(migrated: Server, tmp_path: Path, command: list[str]) -> None:
    (tmp_path / "file").touch()
    for name, reason in (("missing", "No such file or directory"), ("file", "Not a directory")):
        place = str(tmp_path / name)
        assert f"  - PROMETHEUS_MULTIPROC_DIR: {place}: {reason}; " in refused(
            migrated, *command, PROMETHEUS_MULTIPROC_DIR=place
        )
    assert os.listdir(tmp_path) == ["file"]


def test_an_empty_name_for_that_place_is_none(database: Server, gunicorn: Callable[..., Gunicorn]) -> None:
    assert ask(gunicorn(database, PROMETHEUS_MULTIPROC_DIR=""), "/metrics", host="localhost").status == 200
    assert not list(ROOT.glob("*.db"))


def test_without_any_place_to_write_to_it_says_so(migrated: Server, gunicorn: Callable[..., Gunicorn]) -> None:
    if not may_mount():
        pytest.skip("this needs the right to mount")
    by = ["unshare", "-m", "sh", "-c", f'{READ_ONLY} && umount /mnt && exec "$0" "$@"']
    with pytest.raises(AssertionError, match="  - TMPDIR: no directory can be written to"):
        gunicorn(migrated, by=by, TMPDIR="/mnt")


def may_mount() -> bool:
    """May this test make a root of its own that is read-only?"""
    return subprocess.run(["unshare", "-m", "sh", "-c", READ_ONLY], cwd=ROOT, capture_output=True).returncode == 0


def test_with_a_read_only_root_it_serves_and_counts(database: Server, gunicorn: Callable[..., Gunicorn]) -> None:
    if not may_mount():
        pytest.skip("this needs the right to mount")
    by = ["unshare", "-m", "sh", "-c", f'{READ_ONLY} && exec "$0" "$@"']
    running = gunicorn(database, by=by, WORKERS="2", TMPDIR="/mnt", PYTHONDONTWRITEBYTECODE="1")
    assert ask(running, "/readyz").status == 200
    assert b'gatepass_request_seconds_count{route="/readyz"' in ask(running, "/metrics", host="localhost").body
    running.stop()
    assert running.process.returncode == 0 and "Read-only" not in running.log.read_text()

"""`make run` needs nothing of where the checkout lies and of who runs it."""

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import flask
import pytest

from tests.e2e import checkout
from tests.ports import free_port

NOBODY = 65534
AS_NOBODY: dict[str, Any] = {"user": NOBODY, "group": NOBODY, "extra_groups": []}


def environment() -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "PORT": str(free_port())}


@pytest.fixture
def open_place() -> Iterator[Path]:
    """A directory that an ordinary user may enter: pytest's own are for their owner alone."""
    path = Path(tempfile.mkdtemp(prefix="gatepass-", dir="/tmp"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


def test_an_ordinary_user_runs_it_in_a_path_with_a_space_and_the_printed_commands_work(open_place: Path) -> None:
    identity, python = (AS_NOBODY, for_everybody()) if os.geteuid() == 0 else ({}, "")
    place, user = checkout.copy(open_place / "my checkout", python), identity.get("user", os.geteuid())
    subprocess.run(["chown", "-R", f"{user}:{identity.get('group', os.getegid())}", place], check=True)
    run = checkout.start(place, environment(), **identity)
    try:
        assert run.wait_for_welcome().post(username="demo", password="demo-password")["success"] is True
        (client,) = re.findall(r"^  database: +(.*)$", run.said, re.MULTILINE)
        for command in (".venv/bin/gatepass user list --json", f'{client} --batch -e "SELECT username FROM users"'):
            options: dict[str, Any] = {"cwd": place, "env": environment(), "capture_output": True, "timeout": 60}
            done = subprocess.run(shlex.split(command), check=True, **options, **identity)
            assert b"demo" in done.stdout
        owners = {path.stat().st_uid for path in (place / "var").rglob("*")}
        assert owners == {user}
    finally:
        assert run.stop() == 0


def for_everybody() -> str:
    """A Python of this version that any user may run."""
    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    for path in (Path(sys.executable).resolve(), Path("/usr/bin") / name, Path("/usr/local/bin") / name):
        if path.exists() and may_run(path):
            return str(path)
    pytest.skip(f"no {name} that an ordinary user may run: this one lies under {Path(sys.executable).resolve()}")


def may_run(path: Path) -> bool:
    """May an ordinary user run it, with the packages that are installed for the one that runs the tests?"""
    program = f"import sys, venv; sys.path.append({str(Path(flask.__file__).parent.parent)!r}); import flask, bcrypt"
    try:
        return subprocess.run([path, "-c", program], capture_output=True, **AS_NOBODY).returncode == 0
    except PermissionError:
        return False

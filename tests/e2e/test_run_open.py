"""Pins `make run` where other machines reach it: no well-known password is good there, whatever ran before."""

import os
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.e2e import checkout
from tests.e2e.checkout import Run
from tests.ports import free_port

WELL_KNOWN = "demo-password"
Start = Callable[..., Run]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """`start(HOST="0.0.0.0")` runs the program in one checkout, after the run before has ended."""
    place = checkout.copy(tmp_path / "checkout")
    runs: list[Run] = []

    def begin(**environ: str) -> Run:
        for run in runs:
            run.stop()
        given = {"PATH": os.environ["PATH"], "PORT": str(free_port()), **environ}
        runs.append(checkout.start(place, given).wait_for_welcome())
        return runs[-1]

    yield begin
    for run in runs:
        run.stop()


def printed(run: Run) -> list[str]:
    """The passwords that the welcome prints."""
    return re.findall(r"password=(\S+)", run.said)


def is_in(run: Run, password: str) -> bool:
    return bool(run.post(username="demo", password=password)["success"])


def test_off_loopback_the_demo_user_has_a_random_password_that_is_printed_once(start: Start) -> None:
    run = start(HOST="0.0.0.0")
    (password,) = printed(run)
    assert len(password) >= 16 and password != WELL_KNOWN and WELL_KNOWN not in run.said
    assert is_in(run, password) and not is_in(run, WELL_KNOWN)
    assert "WARNING: " in run.said and "debug=1" in run.said
    for again in (start(HOST="0.0.0.0"), start()):
        assert printed(again) == [] and password not in again.said + again.err.read_text()
        assert "flask user passwd demo" in again.said
        assert is_in(again, password) and not is_in(again, WELL_KNOWN)
    assert "WARNING" not in again.said


def test_the_well_known_password_of_an_earlier_run_ends_off_loopback(start: Start) -> None:
    run = start(HOST="localhost")
    assert printed(run) == [WELL_KNOWN] and is_in(run, WELL_KNOWN) and "WARNING" not in run.said
    run = start(HOST="0.0.0.0")
    (password,) = printed(run)
    assert is_in(run, password) and not is_in(run, WELL_KNOWN)


def test_a_disabled_demo_user_has_no_well_known_password_to_come_back_with(start: Start, tmp_path: Path) -> None:
    start()
    flask(tmp_path, "user", "disable", "demo")
    run = start(HOST="0.0.0.0")
    flask(tmp_path, "user", "enable", "demo")
    assert not is_in(run, WELL_KNOWN) and is_in(run, *printed(run))


def flask(tmp_path: Path, *words: str) -> None:
    place = tmp_path / "checkout"
    given = {"cwd": place, "env": {"PATH": os.environ["PATH"]}, "check": True, "timeout": 60, "capture_output": True}
    subprocess.run([f"{place}/.venv/bin/flask", *words], **given)

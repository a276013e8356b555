"""What `make run` gives a newcomer: a service that the printed commands work on, found by every command."""

import json
import os
import re
import shlex
import stat
import subprocess
from collections.abc import Iterator
from hashlib import sha1
from pathlib import Path

import pytest

from tests.database_servers import ENGINE
from tests.e2e import checkout
from tests.e2e.checkout import Run
from tests.environments import TOKEN_KEY
from tests.ports import free_port


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = checkout.copy(tmp_path_factory.mktemp("run") / "checkout")
    checkout.lend_mysql(made)
    return made


@pytest.fixture(scope="module")
def running(place: Path) -> Iterator[Run]:
    run = checkout.start(place, {"PATH": os.environ["PATH"], "PORT": str(free_port()), "ENGINE": ENGINE.name.lower()})
    yield run.wait_for_welcome()
    run.stop()


def printed(running: Run, what: str) -> list[str]:
    """The command that the welcome gives for this, as a shell reads it."""
    (line,) = re.findall(rf"^  {what}: +(.*)$", running.said, re.MULTILINE)
    return shlex.split(line)


def in_checkout(place: Path, *command: str) -> str:
    """Run it as in another terminal: with no variable that names the database."""
    environ = {"PATH": os.environ["PATH"]}
    done = subprocess.run(command, cwd=place, env=environ, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_copy_runs_its_own_code(place: Path, running: Run) -> None:
    assert in_checkout(place, ".venv/bin/python", "-c", "import v1; print(v1.__file__)") == f"{place}/v1/__init__.py\n"


@pytest.mark.usefixtures("curl")
def test_the_printed_curl_line_logs_in_and_its_row_is_there_for_the_printed_client(place: Path, running: Run) -> None:
    answer = json.loads(in_checkout(place, *printed(running, "log in")))
    assert answer["success"] is True
    ask = "SELECT u.username, t.device_info FROM auth_tokens t JOIN users u ON u.id = t.user_id WHERE auth_key = '%s'"
    digest = sha1(answer["data"]["access_token"].encode()).hexdigest()
    rows = in_checkout(place, *printed(running, "database"), "--batch", "--skip-column-names", "-e", ask % digest)
    assert rows == "demo\tcurl\n"


def test_a_wrong_password_is_refused_and_debug_says_why(running: Run) -> None:
    wrong = {"username": "demo", "password": "wrong"}
    assert running.post(**wrong)["errors"]["code"] == "1142"
    assert "debug" not in running.post(**wrong)
    assert running.post(**wrong, debug="1")["debug"] == {"password": "The password is incorrect"}
    assert "username" in running.post(username="nobody", password="wrong", debug="1")["debug"]


def test_the_commands_find_the_database_without_being_told(place: Path, running: Run) -> None:
    assert re.search(r"^ +1 +demo +enabled ", in_checkout(place, *printed(running, "commands")), re.MULTILINE)
    assert "due" not in in_checkout(place, ".venv/bin/flask", "db", "status")


def test_the_files_with_passwords_are_for_their_owner_alone(place: Path, running: Run) -> None:
    directory = place / "var" / ENGINE.name.lower()
    secret = (directory / "password").read_text()
    holding = [path for path in (place / "var").rglob("*") if path.is_file() and holds(path, secret)]
    assert len(holding) >= 4
    for path in holding:
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0 or "data" in path.parts, path
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700
    assert secret not in running.said + running.err.read_text()


def test_a_second_one_in_the_same_checkout_is_told_so(place: Path, running: Run) -> None:
    assert refused(place, PORT=str(free_port())) == "`make run` is already running in this checkout\n"
    assert running.post(username="demo", password="demo-password")["success"] is True


def test_a_busy_port_is_one_clear_line(place: Path, running: Run) -> None:
    (port,) = re.findall(r":(\d+)/v1/oauth/$", running.said, re.MULTILINE)[:1]
    line = refused(place, PORT=port, DATABASE_URL="mysql://a:b@127.0.0.1:1/x", TOKEN_KEYS=TOKEN_KEY)
    assert line == f"127.0.0.1:{port}: Address already in use; try PORT=8001 make run\n"


def test_an_engine_that_is_not_known_is_one_clear_line(tmp_path: Path) -> None:
    other = checkout.copy(tmp_path / "checkout")
    assert refused(other, PORT=str(free_port()), ENGINE="oracle") == "ENGINE must be mariadb or mysql, not 'oracle'\n"


def refused(place: Path, **environ: str) -> str:
    """What one that ends at once says on standard error."""
    command = [".venv/bin/python", "-m", "tools.run"]
    given = {"PATH": os.environ["PATH"], **environ}
    done = subprocess.run(command, cwd=place, env=given, capture_output=True, text=True, timeout=120)
    assert done.returncode == 1
    return done.stderr


def holds(path: Path, text: str) -> bool:
    return text.encode() in path.read_bytes()

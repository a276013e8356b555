"""DeviceHive's Python client works with the service: each of its calls for tokens, and what it is told."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from tests import processes
from tests.conftest import ROOT, Gunicorn, add_user
from tests.doors.devicehive.hive import payload
from tools.private_server import Server

FAR = 4_102_444_800_000
"""2100-01-01T00:00:00Z in milliseconds."""

SLACK = 120
"""Seconds that a test takes at most between two looks at the clock."""


class Hive:
    """The client in a process of its own. Every call is as good as a program's first."""

    def __init__(self, process: subprocess.Popen[str], url: str) -> None:
        self.process, self.url = process, url

    def call(self, name: str, options: dict[str, str], **arguments: Any) -> dict[str, Any]:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps([self.url, options, name, arguments]) + "\n")
        self.process.stdin.flush()
        found: dict[str, Any] = json.loads(self.process.stdout.readline())
        return found

    def found(self, name: str, options: dict[str, str], **arguments: Any) -> Any:
        """What a call that goes well returns."""
        outcome = self.call(name, options, **arguments)
        assert list(outcome) == ["found"], outcome
        return outcome["found"]

    def error(self, name: str, options: dict[str, str], **arguments: Any) -> tuple[int, str]:
        """The code and the text that the client's error has; its message has both."""
        outcome = self.call(name, options, **arguments)
        assert "found" not in outcome, outcome
        assert outcome["said"].endswith(f"Transport: http. Code: {outcome['code']}. Error: {outcome['error']}")
        return outcome["code"], outcome["error"]


@pytest.fixture(scope="module")
def process() -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, str(ROOT / "tests/devicehive/client.py")]
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with processes.start(command, {"NO_PROXY": "127.0.0.1"}, end=signal.SIGKILL, **pipes) as started:
        yield started
        started.kill()


@pytest.fixture(params=["", "/", "/auth/rest", "/auth/rest/", "/api/rest"], ids=lambda mount: mount or "root")
def everywhere(request: pytest.FixtureRequest, at: Callable[[str], Hive]) -> Hive:
    """The client with each of the addresses that it may be given."""
    return at(request.param)


@pytest.fixture
def at(running: Gunicorn, process: subprocess.Popen[str], database: Server) -> Callable[[str], Hive]:
    return lambda mount: Hive(process, f"http://127.0.0.1:{running.port}{mount}")


@pytest.fixture
def hive(at: Callable[[str], Hive]) -> Hive:
    return at("/auth/rest")


@pytest.fixture
def ann(database: Server) -> int:
    """The id of a client."""
    return add_user(database, "ann")


@pytest.fixture
def root(database: Server) -> int:
    """The id of an administrator."""
    user_id = add_user(database, "root")
    database.sql(f"UPDATE users SET is_admin = 1 WHERE id = {user_id}", "gatepass")
    return user_id


def login(name: str, password: str = "password") -> dict[str, str]:
    return {"login": name, "password": password}


def is_in(seconds: float, moment: float) -> bool:
    """Lies the moment so many seconds ahead of now?"""
    return abs(moment - time.time() - seconds) < SLACK


def moment(written: str) -> float:
    """What the service writes of a moment, in Unix seconds."""
    return datetime.fromisoformat(written).replace(tzinfo=UTC).timestamp()


def test_every_call_for_tokens_goes_well_wherever_the_client_is_pointed(everywhere: Hive, ann: int) -> None:
    options = login("ann")
    info = everywhere.found("get_info", options)
    assert list(info) == ["api_version", "server_timestamp", "rest_server_url", "websocket_server_url"]
    assert is_in(0, moment(info["server_timestamp"]))
    user = everywhere.found("get_current_user", options)
    assert is_in(0, moment(user.pop("last_login")))
    expected = {"id": ann, "login": "ann", "role": 1, "status": 0, "data": {}}
    assert user == expected | {"intro_reviewed": False, "all_device_types_available": True}
    tokens = everywhere.found("create_token", options, user_id=ann, actions=["ManageToken"])
    assert sorted(tokens) == ["access_token", "refresh_token"]
    renewed = everywhere.found("refresh_token", {"refresh_token": tokens["refresh_token"]})
    for options in ({"access_token": renewed}, *({name: token} for name, token in tokens.items())):
        assert everywhere.found("get_current_user", options)["login"] == "ann"


def test_a_token_is_created_with_each_argument(hive: Hive, ann: int, root: int) -> None:
    made = hive.found("create_token", login("root"), user_id=ann)
    assert payload(made["access_token"]) | {"e": 0} == {"a": [1], "e": 0, "t": 1, "u": ann, "n": None, "dt": None}
    given = {"actions": ["ManageToken", "getdevice", 10], "network_ids": [7, "8"], "device_type_ids": ["*"]}
    for expiration in (FAR, "2100-01-01", "2100-01-01T02:00+02:00"):
        made = hive.found("create_token", login("root"), user_id=ann, expiration=expiration, **given)
        for number, name in enumerate(("refresh_token", "access_token")):
            expected = {"a": [3, 10, 15], "e": FAR, "t": number, "u": ann, "n": ["7", "8"], "dt": None}
            assert payload(made[name]) == expected
    assert hive.found("create_token", login("root"), user_id=ann, device_ids=["x"]), "it is of an older server"


def test_what_is_refused_is_told_in_the_clients_own_error(hive: Hive, ann: int, root: int) -> None:
    for options in (login("ann", "wrong"), login("nobody")):
        for name in ("get_info", "get_current_user", "refresh_token"):
            assert hive.error(name, options) == (401, "Invalid credentials")
    assert hive.error("create_token", login("ann"), user_id=root) == (403, "Access is denied")
    assert hive.error("create_token", login("root"), user_id=999_999) == (404, "User not found")
    code, text = hive.error("create_token", login("root"), user_id=ann, expiration="2030-02-30")
    assert code == 400 and text.startswith("expiration must be a date")
    assert hive.error("get_user", login("root"), user_id=ann) == (404, "Not found"), "users are managed elsewhere"


def test_an_expired_access_token_is_renewed_by_the_client_itself(hive: Hive, ann: int) -> None:
    good = hive.found("create_token", login("ann"), user_id=ann)
    expired = hive.found("create_token", login("ann"), user_id=ann, expiration="2020-01-01")
    old = {"access_token": expired["access_token"], "refresh_token": good["refresh_token"]}
    found = hive.found("with_old_token", login("ann"), **old)
    assert found["user"]["login"] == "ann"
    assert found["access_token"] not in (old["access_token"], good["access_token"])
    assert hive.error("get_current_user", {"access_token": expired["access_token"]}) == (401, "Token expired")
    assert hive.error("refresh_token", {"refresh_token": expired["refresh_token"]}) == (401, "Token has expired")

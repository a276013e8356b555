"""Tests `gatepass user ...`: the output, the exit codes and the rows; some as real processes."""

import json
import os
import pty
import signal
import subprocess
from collections.abc import Callable

import pytest

from tests import commands, processes
from tests.commands import flask, flask_process
from tests.conftest import COST_4, ROOT, Service, add_user, environment
from tests.environments import BIN, TOKEN_KEY


def logs_in(service: Service, username: str, password: str) -> bool:
    response = service.client.post("/v1/oauth/", data={"username": username, "password": password})
    return bool(response.json["success"])


def refused(server, *words: str, stdin: str = "", by: Callable[..., str] = flask) -> str:
    """What a command that must fail says; it fails with exit code 1 and no traceback."""
    with pytest.raises(subprocess.CalledProcessError) as caught:
        by(server, "user", *words, stdin=stdin)
    assert caught.value.returncode == 1
    assert "Traceback" not in caught.value.stderr
    return caught.value.stderr


def test_a_user_added_with_a_line_of_standard_input_logs_in(service: Service) -> None:
    assert "added alice" in flask_process(service.server, "user", "add", "alice", stdin="s3cret pass\nnot this\n")
    assert logs_in(service, "alice", "s3cret pass")
    assert "equal" in refused(service.server, "add", "alice", stdin="a password\n", by=flask_process)


def test_a_password_on_a_terminal_is_asked_for_twice_and_never_shown(service: Service) -> None:
    master, slave = pty.openpty()
    command = [str(BIN / "flask"), "user", "add", "alice"]
    environ = environment(service.server)
    terminal = {"stdin": slave, "stdout": slave, "stderr": slave, "start_new_session": True}
    process = processes.start(command, environ, end=signal.SIGKILL, cwd=ROOT, **terminal)
    os.close(slave)
    shown = b""
    for prompt in (b"Password: ", b"confirmation: "):
        while not shown.endswith(prompt):
            shown += os.read(master, 1024)
        os.write(master, b"typed-secret\n")
    while b"added" not in shown:
        shown += os.read(master, 1024)
    assert process.wait(timeout=30) == 0
    os.close(master)
    assert b"typed-secret" not in shown
    assert logs_in(service, "alice", "typed-secret")


def test_a_new_password_replaces_the_old_one_and_leaves_a_disabled_user_disabled(service: Service) -> None:
    flask(service.server, "user", "passwd", "admin", stdin="second one\n")
    assert logs_in(service, "admin", "second one") and not logs_in(service, "admin", "password")
    flask(service.server, "user", "disable", "admin")
    flask(service.server, "user", "passwd", "admin", stdin="third one\n")
    assert not logs_in(service, "admin", "third one")
    flask(service.server, "user", "enable", "admin")
    assert logs_in(service, "admin", "third one")


def test_a_disabled_user_has_no_token_left_and_an_enabled_one_the_same_password(service: Service) -> None:
    assert logs_in(service, "admin", "password") and logs_in(service, "admin", "password")
    assert "tokens revoked: 2" in flask(service.server, "user", "disable", "admin")
    assert service.server.sql("SELECT COUNT(*) FROM auth_tokens", "gatepass") == "0\n"
    assert not logs_in(service, "admin", "password")
    flask(service.server, "user", "disable", "admin")  # again, as after an interruption
    flask(service.server, "user", "enable", "admin")
    flask(service.server, "user", "enable", "admin")
    assert service.server.sql("SELECT password FROM users", "gatepass") == COST_4 + "\n"
    assert logs_in(service, "admin", "password")


def test_an_administrator_is_made_and_unmade(service: Service) -> None:
    flask(service.server, "user", "admin", "admin")
    assert json.loads(flask(service.server, "user", "show", "admin", "--json"))["is_admin"] is True
    flask(service.server, "user", "admin", "admin", "--off")
    assert json.loads(flask(service.server, "user", "show", "admin", "--json"))["is_admin"] is False
    flask(service.server, "user", "add", "boss", "--admin", stdin="a password\n")
    assert json.loads(flask(service.server, "user", "show", "boss", "--json"))["is_admin"] is True


def test_a_list_is_bounded_and_goes_on_where_it_ended(service: Service) -> None:
    for name in ("b1", "b2", "b3"):
        add_user(service.server, name)
    first = json.loads(flask(service.server, "user", "list", "--limit", "2", "--json"))
    assert [user["username"] for user in first] == ["admin", "b1"]
    rest = json.loads(flask(service.server, "user", "list", "--after", str(first[-1]["id"]), "--json"))
    assert [user["username"] for user in rest] == ["b2", "b3"]
    assert "password" not in rest[0]


def test_a_name_with_control_characters_does_not_reach_the_terminal(service: Service) -> None:
    add_user(service.server, "evil\x1b[2Jname")
    shown = flask(service.server, "user", "list")
    assert "\x1b" not in shown and r"evil\x1b[2Jname" in shown


@pytest.mark.parametrize(
    ("name", "stdin", "told"),
    [
        *(("ADMIN", "a password\n", "equal"), ("admin\u200b", "x\n", "control characters")),
        *((name, "a password\n", "name") for name in ("", " alice", "alice ", "a\tb", "x" * 31)),
        *(("alice", "", "empty"), ("alice", "\n", "empty"), ("alice", "a\0b\n", "NUL")),
    ],
)
def test_an_unfit_name_or_password_is_refused(service: Service, name: str, stdin: str, told: str) -> None:
    assert told in refused(service.server, "add", name, stdin=stdin)


@pytest.mark.parametrize("command", ["passwd", "disable", "enable", "admin", "show"])
def test_an_unknown_user_is_one_clear_sentence(service: Service, command: str) -> None:
    assert "there is no user 'nobody'" in refused(service.server, command, "nobody", stdin="a password\n")


def test_a_database_that_is_down_is_one_clear_sentence() -> None:
    environ = {"PATH": os.environ["PATH"], "DATABASE_URL": "mysql://u:sekret@127.0.0.1:1/d", "TOKEN_KEYS": TOKEN_KEY}
    done = subprocess.run([str(BIN / "flask"), "user", "list"], cwd=ROOT, env=environ, capture_output=True, text=True)
    assert done.returncode == 1 and "Is the server running?" in done.stderr
    assert "Traceback" not in done.stderr and "sekret" not in done.stderr


@pytest.mark.parametrize("group", commands.GROUPS)
def test_every_group_is_found_by_flask_before_anything_is_configured(group: str) -> None:
    command = [str(BIN / "flask"), group, "--help"]
    done = subprocess.run(command, cwd=ROOT, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True)
    assert done.returncode == 0 and f"Example:  gatepass {group}" in done.stdout


@pytest.mark.parametrize("typed", ["p\u00e2t\u00e9 1", "pa\u0302te\u0301 1"], ids=["NFC", "NFD"])
def test_a_password_is_stored_as_nfc_whatever_form_it_was_typed_in(service: Service, typed: str) -> None:
    flask(service.server, "user", "add", "alice", stdin=typed + "\n")
    assert logs_in(service, "alice", "p\u00e2t\u00e9 1") and not logs_in(service, "alice", "pa\u0302te\u0301 1")
    flask(service.server, "user", "passwd", "admin", stdin=typed + "\n")
    assert logs_in(service, "admin", "p\u00e2t\u00e9 1")


OF_THE_SERVICE = "Error: this password is little more than the name of this service: choose another"


def test_a_password_that_is_guessed_first_is_refused_with_the_reason_and_nothing_is_written(service: Service) -> None:
    before = service.server.sql("SELECT * FROM users", "gatepass")
    for words, typed, said in (
        (("add", "alice"), "Password", "Error: this is one of the most common passwords: choose another"),
        (("passwd", "admin"), "QWERTYUIOP", "Error: this is one of the most common passwords: choose another"),
        (("add", "alice"), "ALICE2026", "Error: this password is little more than the username: choose another"),
        (("passwd", "admin"), "admin", "Error: this password is little more than the username: choose another"),
        (("add", "bob"), "gatepass1", OF_THE_SERVICE),
    ):
        assert refused(service.server, *words, stdin=typed + "\n").strip() == said
    assert service.server.sql("SELECT * FROM users", "gatepass") == before
    flask(service.server, "user", "passwd", "admin", stdin="nimda!admin\n")
    assert logs_in(service, "admin", "nimda!admin")

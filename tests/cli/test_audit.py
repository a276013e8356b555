"""The trail of what operators do: who did it, under sudo too; the system's log has it."""

import hashlib
import json
import logging
import os
import pwd
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha1
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import Result

from tests import secrecy
from tests.conftest import COST_4, NOW, Service
from v1.cli import audit
from v1.cli.sessions import session
from v1.cli.tokens import token
from v1.cli.users import user

AUTHPRIV_INFO = b"<86>"
PASSWORD, KEY = "typed-in-secret", "ab" * 20
HERE = pwd.getpwuid(os.getuid()).pw_name
ELSE = next(each for each in pwd.getpwall() if each.pw_uid not in (os.getuid(), audit.NO_LOGIN))


@dataclass(frozen=True)
class SystemLog:
    """What listens where a machine's log does."""

    socket: socket.socket

    def taken(self) -> list[bytes]:
        """The lines that came in since."""
        found = []
        while True:
            try:
                found.append(self.socket.recv(65536))
            except BlockingIOError:
                return found

    def acts(self) -> list[dict[str, Any]]:
        """The audit lines among them."""
        lines = (json.loads(raw.partition(b"gatepass: ")[2].rstrip(b"\0")) for raw in self.taken())
        return [line for line in lines if line["event"].startswith(("user.", "token.", "sessions."))]


@pytest.fixture
def system_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SystemLog]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(tmp_path / "log"))
        listener.setblocking(False)
        monkeypatch.setattr(audit, "SYSLOG", tmp_path / "log")
        yield SystemLog(listener)


@pytest.fixture(autouse=True)
def loginuid(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Somebody else than the one who runs this has signed in."""
    file = tmp_path / "loginuid"
    file.write_text(str(ELSE.pw_uid))
    monkeypatch.setattr(audit, "LOGINUID", file)
    return file


def run(service: Service, group: click.Group, *words: str) -> Result:
    """The command in this process; it succeeds, without a traceback, and leaves no handler behind."""
    before = list(logging.getLogger("v1").handlers)
    result = service.app.test_cli_runner().invoke(group, list(words), input=PASSWORD + "\n")
    assert result.exit_code == 0 and "Traceback" not in result.output + result.stderr, result.output
    assert "Logging error" not in result.stderr and logging.getLogger("v1").handlers == before
    return result


def add_session(service: Service) -> tuple[int, int]:
    """A session of `admin`, of the digest of KEY: its id, and the user's."""
    columns = "auth_key, user_id, creation_time, expiry, last_access, device_info, kind"
    values = f"SELECT '{sha1(KEY.encode()).hexdigest()}', id, 1, {NOW + 1000}, {NOW}, 'Pixel 9', 'mobile' FROM users"
    added = f"INSERT INTO auth_tokens ({columns}) {values}; SELECT id, user_id FROM auth_tokens"
    number, user_id = service.server.sql(added, "gatepass").split()
    return int(number), int(user_id)


@pytest.mark.parametrize("asked", [ELSE.pw_name, HERE], ids=["another", "oneself"])
def test_who_signed_in_on_the_machine_did_it_whoever_runs_the_command(loginuid: Path, asked: str) -> None:
    loginuid.write_text(str(pwd.getpwnam(asked).pw_uid))
    assert audit.who() == asked


@pytest.mark.parametrize("text", [str(2**32 - 1), "4294967295\n", "", "?", None])
def test_where_nobody_signed_in_the_account_that_runs_the_command_did_it(loginuid: Path, text: str | None) -> None:
    loginuid.unlink() if text is None else loginuid.write_text(text)
    assert audit.who() == HERE


def test_an_account_without_a_name_is_its_number(service: Service, loginuid: Path, system_log: SystemLog) -> None:
    loginuid.write_text("3987654321")
    run(service, user, "admin", "admin")
    assert [act["by"] for act in system_log.acts()] == ["3987654321"]


@pytest.mark.parametrize(
    "words, events",
    [
        ("add bob", ["user.added"]),
        ("add bob --admin", ["user.added", "user.admin_made"]),
        ("passwd admin", ["user.password_set"]),
        ("disable admin", ["user.disabled"]),
        ("enable admin", ["user.enabled"]),
        ("admin admin", ["user.admin_made"]),
        ("admin admin --off", ["user.admin_removed"]),
    ],
)
def test_every_act_on_a_user_is_logged(service: Service, system_log: SystemLog, words: str, events: list[str]) -> None:
    run(service, user, *words.split())
    about = f"SELECT id FROM users WHERE username = '{words.split()[1]}'"
    user_id = int(service.server.sql(about, "gatepass"))
    acts = system_log.acts()
    assert [(act["event"], act["user_id"], act["by"]) for act in acts] == [(e, user_id, ELSE.pw_name) for e in events]


def test_a_disabled_user_s_line_counts_the_tokens(service: Service, system_log: SystemLog) -> None:
    add_session(service)
    run(service, user, "disable", "admin")
    assert [act["revoked"] for act in system_log.acts()] == [1]


def test_a_revoked_session_s_line_says_whose_it_was_and_where(service: Service, system_log: SystemLog) -> None:
    number, user_id = add_session(service)
    run(service, session, "revoke", str(number))
    (act,) = system_log.acts()
    about = {"token_id": number, "user_id": user_id, "kind": "mobile", "device": "Pixel 9", "by": ELSE.pw_name}
    assert act["event"] == "token.revoked" and about.items() <= act.items()


def test_the_system_s_log_has_the_line_whole_and_no_secret(service: Service, system_log: SystemLog) -> None:
    number, _ = add_session(service)
    run(service, user, "add", "alice")
    printed = run(service, token, "create", "orders", "--scope", "revoke").stdout.strip()
    run(service, session, "revoke", str(number))
    lines = [line for line in system_log.taken() if b'"by"' in line]
    assert all(line.startswith(AUTHPRIV_INFO + b"gatepass: {") and line.endswith(b"}\0") for line in lines)
    events = [json.loads(line[len(AUTHPRIV_INFO) + 10 : -1])["event"] for line in lines]
    assert events == ["user.added", "token.created", "token.revoked"]
    text = b"\n".join(lines).decode()
    digests = [way(each.encode()).hexdigest() for each in (printed, KEY) for way in (hashlib.sha1, hashlib.sha256)]
    assert not [each for each in (PASSWORD, KEY, printed, COST_4, *digests) if each in text]
    assert secrecy.secrets_in(text) == [] and "*" not in text, "nothing secret came as far as the mask"


@pytest.mark.parametrize("listened", [False, True], ids=["no log", "a log that has ended"])
def test_without_a_log_of_the_system_a_command_is_the_same(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, listened: bool
) -> None:
    if listened:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
            listener.bind(str(tmp_path / "log"))
    monkeypatch.setattr(audit, "SYSLOG", tmp_path / "log")
    number, _ = add_session(service)
    assert run(service, user, "add", "alice").stdout.startswith("added alice (id ")
    assert run(service, token, "create", "orders", "--scope", "revoke").stdout.startswith("gpa_")
    assert run(service, session, "revoke", str(number)).stdout == f"revoked {number}\n"


def test_a_log_that_takes_nothing_holds_up_no_command(service: Service, system_log: SystemLog, tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as other, pytest.raises(BlockingIOError):
        other.setblocking(False)
        while True:
            other.sendto(b"x", str(tmp_path / "log"))
    assert "admin is an administrator" in run(service, user, "admin", "admin").output

"""The log: one JSON object a line, no text of an exception, and the suite's own search for secrets in it."""

import json
import logging
import os
import re
import select
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests import secrecy
from tests.conftest import ROOT, Service
from v1.observe import logs
from v1.observe.logs import JsonLines


def line(**extra: object) -> dict:
    record = logging.getLogger("v1").makeRecord("v1", logging.INFO, "f", 1, "hello", (), None, extra=extra)
    return json.loads(JsonLines().format(record))


def test_a_line_has_its_time_in_utc_and_only_known_fields() -> None:
    found = line(event="x", user_id=7, password="secret", body="secret")
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", found["time"])
    assert (found["event"], found["user_id"], found["message"]) == ("x", 7, "hello")
    assert "secret" not in json.dumps(found)


def test_a_path_with_a_newline_stays_in_its_line() -> None:
    record = logging.getLogger("v1").makeRecord("v1", 20, "f", 1, "m", (), None, extra={"path": '/v1/a\n{"x":1}\udcff'})
    text = JsonLines().format(record)
    assert "\n" not in text and json.loads(text)["path"].startswith("/v1/a\n")


def test_an_exception_is_named_without_its_text() -> None:
    try:
        raise ValueError("the password was hunter2")
    except ValueError as error:
        record = logging.getLogger("v1").makeRecord(
            "v1", 40, "f", 1, "m", (), (type(error), error, error.__traceback__)
        )
    text = JsonLines().format(record)
    assert "hunter2" not in text
    assert json.loads(text)["exception"] == "ValueError" and "test_logs.py" in json.loads(text)["at"][0]


@pytest.mark.parametrize("offered", ["a", "A-b_c.9", "x" * 64])
def test_a_well_formed_request_id_is_kept(offered: str) -> None:
    assert logs.choose_request_id(offered) == offered


@pytest.mark.parametrize("offered", ["", "a b", "a\n", "ü", "x" * 65, '"', "a/b"])
def test_any_other_request_id_is_replaced(offered: str) -> None:
    chosen = logs.choose_request_id(offered)
    assert chosen != offered and len(chosen) == 32


TOKEN = "0123456789abcdef0123456789abcdef01234567"


@pytest.mark.parametrize(
    "around", ["{}", "\n{}", "\t{}\r", "é{}", "\U0001f4f1{}x", "token{}", "00{}ff", "\ud83d{}", "{0} {0}"]
)
@pytest.mark.parametrize(
    "secret", [TOKEN, TOKEN.upper(), TOKEN + TOKEN[:24], "gpa_" + "x" * 46, "eyJhbGciOiJIUzI1NiJ9.eyJ1Ijox.x-_y"]
)
def test_a_token_is_masked_whatever_surrounds_it(around: str, secret: str) -> None:
    text = json.dumps(line(device=around.format(secret), path="/v1/" + around.format(secret)))
    assert secret not in text and secret[4:20] not in text


def test_a_request_id_and_a_text_that_is_no_token_are_kept() -> None:
    assert line(path="/v1/" + "f" * 39)["path"] == "/v1/" + "f" * 39
    assert line(device="0" * 32 + " gp_x gpa x")["device"] == "0" * 32 + " gp_x gpa x"


def test_a_log_that_cannot_be_written_fails_no_request(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    full = open("/dev/full", "w", buffering=1)
    monkeypatch.setattr(logs, "write", secrecy._write)  # the service's own
    monkeypatch.setattr(sys, "stderr", full)
    with suppress(OSError), full:
        for path, status in (("/v1/verify/", 401), ("/healthz", 200), ("/v1/sessions/", 200)):
            assert service.client.get(path).status_code == status


def test_many_lines_go_in_few_writes_that_other_workers_cannot_mix_with_theirs(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []
    monkeypatch.setattr(sys, "stderr", SimpleNamespace(write=written.append))
    lines = [f"{number} {'x' * (number % 700)}\n" for number in range(100)]
    logs.write(*lines)
    assert "".join(written) == "".join(lines) and len(written) < 15
    assert max(map(len, written)) <= select.PIPE_BUF and all(text.endswith("\n") for text in written)


def test_a_line_after_a_request_does_not_have_its_id(service: Service) -> None:
    for path in ("/v1/verify/", "/healthz"):
        service.client.get(path, headers={"X-Request-Id": "mine"})
        assert "request_id" not in line(event="x")


PLANTED = {
    "a token": "a" * 40,
    "a digest": "0123456789abcdef" * 4,
    "an API token": "gpa_" + "x" * 46,
    "a password": "hunter2",
    "a form": "username=a&password=b",
    "a hash": "$2y$04$CmaSFaeUzyfNCL4czC1qfu",
    "a header": "Authorization: Basic eA==",
    "a scheme": "Bearer abcdefghijklmnopqrstuvwxyz",
}


@pytest.mark.parametrize("secret", PLANTED.values(), ids=PLANTED)
def test_the_suite_finds_each_kind_of_secret_in_its_log(secret: str) -> None:
    line_ = f'{{"event": "x", "message": "it was {secret} then"}}'
    assert secrecy.secrets_in(line_) and secret not in secrecy.masked(line_)


def test_the_suite_takes_no_request_id_or_plain_path_for_a_secret() -> None:
    for harmless in ("f" * 32, "/v1/sessions/4711/", "the stored password is no hash", "sessions.purged", "a?"):
        assert secrecy.secrets_in(f'{{"path": "{harmless}", "request_id": "{"0" * 32}"}}') == []
    assert secrecy.secrets_in('{"path": "/v1/oauth/?username=a"}') == ["a query string"]


PLANTS = """
import logging
from tests import secrecy

def test_in_this_process():
    logging.getLogger("v1.some.module").debug("it was %s", "hunter2")

def test_a_gunicorn(tmp_path):
    secrecy.watch(tmp_path / "log")
    (tmp_path / "log").write_text('{"message": "hunter2"}\\n{"message": "half a li')

def test_a_command():
    secrecy.examine("hunter2", "gatepass user add")
"""


def test_a_planted_secret_fails_a_whole_run_and_is_reported_masked(tmp_path: Path) -> None:
    clean = sub_run(tmp_path / "clean", PLANTS.replace("hunter2", "nothing"))
    assert (clean.returncode, "secrets in the log" in clean.stdout) == (0, False)
    done = sub_run(tmp_path / "planted", PLANTS)
    assert done.returncode == pytest.ExitCode.TESTS_FAILED and "3 passed" in done.stdout
    places = (("v1.some.module", "in_this_process"), ("log", "a_gunicorn"), ("gatepass user add", "a_command"))
    for where, test in places:
        assert f"a known secret in what {where} logged, in test_planted.py::test_{test}" in done.stdout
    assert "***" in done.stdout and "hunter2" not in done.stdout + done.stderr


def sub_run(place: Path, body: str) -> subprocess.CompletedProcess[str]:
    """A run of pytest with one file of tests and nothing of this suite but the search."""
    place.mkdir()
    (place / "test_planted.py").write_text(body)
    command = [sys.executable, "-m", "pytest", "-p", "tests.secrecy", "-p", "no:cacheprovider", "--show-capture=no"]
    environ = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    options = {"cwd": place, "env": environ, "capture_output": True, "text": True, "timeout": 120}
    return subprocess.run([*command, f"--rootdir={place}", "test_planted.py"], **options)

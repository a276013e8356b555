"""Pins the wire byte for byte: raw requests and exact answers as files, each named after the rule it pins.

NAME.http is sent as it is to a real gunicorn; NAME.answer is what must come back, where {token}, {expiry}, {date} and
{id} stand for what differs each time. The folder names the door and the settings.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import COST_4, ROOT, Gunicorn, Server, add_user, serve

FOLDERS = {
    "oauth": {},
    "oauth_http": {"ERROR_STATUS": "http"},
    "oauth_production": {"APP_ENV": "production", "BCRYPT_COST": "10"},
}
CASES = sorted((ROOT / "tests/wire").glob("*/*.http"))
VARYING = {"token": rb"[0-9a-f]{40}", "expiry": rb"\d{10}", "date": rb"[^\r\n]+ GMT", "id": rb"[0-9a-f]{32}"}


@pytest.fixture(scope="module")
def running(migrated: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Gunicorn]]:
    """A service for each folder's settings, and the users that the requests name."""
    migrated.sql("DELETE FROM auth_tokens; DELETE FROM users;", "gatepass")
    add_user(migrated, "admin")
    add_user(migrated, "disabled", "!" + COST_4)
    add_user(migrated, "empty", "$2y$04$8jH5rHe8asmlrEOZ9ImYpOhjTsFZiMQirJHNUA/LdKzqH4kwFkpMW")
    log = tmp_path_factory.mktemp("wire")
    services = {name: serve(log / f"{name}.log", migrated, **settings) for name, settings in FOLDERS.items()}
    yield services
    for service in services.values():
        service.stop()


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.stem}")
def test_the_answer_is_exact(case: Path, running: dict[str, Gunicorn]) -> None:
    expected = re.escape(case.with_suffix(".answer").read_bytes())
    for name, pattern in VARYING.items():
        expected = expected.replace(rb"\{" + name.encode() + rb"\}", pattern)
    received = running[case.parent.name].send(case.read_bytes())
    assert re.fullmatch(expected, received), received.decode("latin1")


def test_every_request_has_its_answer_and_every_folder_its_settings() -> None:
    assert {case.parent.name for case in CASES} == set(FOLDERS)
    answers = sorted((ROOT / "tests/wire").glob("*/*.answer"))
    assert [case.with_suffix(".answer") for case in CASES] == answers

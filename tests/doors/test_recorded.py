"""The wire byte for byte: raw requests and exact answers as files, each named after the rule it pins.

NAME.http is sent as it is to a real gunicorn; NAME.answer is what must come back, where {token}, {api}, {gpm}, {jwt},
{expiry}, {date} and {id} stand for what differs each time. The folder names the door and the settings.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import COST_4, ROOT, Gunicorn, Server, add_user, serve

SETTINGS: dict[str, dict[str, str]] = {
    "http": {"ERROR_STATUS": "http"},
    "production": {"APP_ENV": "production", "BCRYPT_COST": "10"},
}
"""What the end of a folder's name stands for: `oauth_http` is the door `oauth` with ERROR_STATUS=http."""

CASES = sorted((ROOT / "tests/recorded").glob("*/*.http"))
FOLDERS = {case.parent.name: SETTINGS.get(case.parent.name.partition("_")[2], {}) for case in CASES}
PERSON, OTHER = 900_001, 900_002
SERVER_TOKEN, STREAM_TOKEN = "gpa_" + "0" * 40 + "4cMan1", "gpa_" + "1" * 40 + "0duY57"
TOKENS = (  # id, text, user, kind, device, used last, expiry, claims; used in the future, so that no use is noted
    (800_001, "01234567" * 5, PERSON, "mobile", "Pixel 9/📱", 4_000_000_009, 4_100_000_000, None),
    (800_002, "1" * 40, PERSON, "mobile", "tablet", 4_000_000_008, 4_100_000_000, None),
    (800_003, "2" * 40, OTHER, "mobile", "of another user", 4_000_000_007, 4_100_000_000, None),
    (800_007, "3" * 40, OTHER, "mobile", "their laptop", 4_000_000_003, 4_100_000_000, None),
    (800_004, "e" * 40, PERSON, "mobile", "expired", 4_000_000_006, 1_600_000_001, None),
    (800_005, SERVER_TOKEN, 0, "api", "", 4_000_000_005, 253_402_300_799, "introspect revoke"),
    (800_006, STREAM_TOKEN, PERSON, "api", "", 4_000_000_004, 4_100_000_000, "stream"),
)
VARYING = {"token": rb"[0-9a-f]{40}", "expiry": rb"\d{10}", "date": rb"[^\r\n]+ GMT", "id": rb"[0-9a-f]{32}"}
VARYING |= {"api": rb"gpa_[0-9A-Za-z]{46}", "gpm": rb"gpm_[0-9A-Za-z]{46}"}
VARYING |= {"jwt": rb"eyJ[\w-]+\.eyJ[\w-]+\.[\w-]{43}"}


@pytest.fixture(scope="module")
def running(migrated: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Gunicorn]]:
    """A service for each folder's settings, and the users that the requests name."""
    migrated.sql("DELETE FROM auth_tokens; DELETE FROM users;", "gatepass")
    add_user(migrated, "admin")
    person, other = add_user(migrated, "Jürgen & Co/100%"), add_user(migrated, "other")
    add_user(migrated, "disabled", "!" + COST_4)
    add_user(migrated, "empty", "$2y$04$8jH5rHe8asmlrEOZ9ImYpOhjTsFZiMQirJHNUA/LdKzqH4kwFkpMW")
    migrated.sql(f"UPDATE users SET id = {PERSON}, access_level = 7 WHERE id = {person}", "gatepass")
    migrated.sql(f"UPDATE users SET id = {OTHER} WHERE id = {other}", "gatepass")
    log = tmp_path_factory.mktemp("wire")
    settings = {str(each): each for each in FOLDERS.values()}
    services = {name: serve(log / f"{number}.log", migrated, **settings[name]) for number, name in enumerate(settings)}
    yield {folder: services[str(each)] for folder, each in FOLDERS.items()}
    for service in services.values():
        service.stop()


@pytest.fixture
def tokens(migrated: Server) -> None:
    """The tokens that the requests present, and no other: anew for each, as many end theirs or make one."""
    migrated.sql("DELETE FROM auth_tokens;" + "".join(map(row, TOKENS)), "gatepass")


def row(token: tuple) -> str:
    number, text, user_id, kind, device, last_access, expiry, scope = token
    digest = (hashlib.sha1 if kind == "mobile" else hashlib.sha256)(text.encode()).hexdigest()
    name, claims = ("'orders'", f"'{json.dumps({'scope': scope})}'") if scope else ("NULL", "NULL")
    columns = "id, auth_key, user_id, creation_time, expiry, last_access, device_info, kind, name, claims, remote_ip"
    values = f"{number}, '{digest}', {user_id}, 1600000000, {expiry}, {last_access}, '{device}', '{kind}'"
    return f"REPLACE INTO auth_tokens ({columns}) VALUES ({values}, {name}, {claims}, '192.0.2.7');"


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.stem}")
@pytest.mark.usefixtures("tokens")
def test_the_answer_is_exact(case: Path, running: dict[str, Gunicorn]) -> None:
    expected = re.escape(case.with_suffix(".answer").read_bytes())
    for name, pattern in VARYING.items():
        expected = expected.replace(rb"\{" + name.encode() + rb"\}", pattern)
    received = running[case.parent.name].send(case.read_bytes())
    assert re.fullmatch(expected, received), received.decode("latin1")


def test_every_request_has_its_answer_and_every_folder_its_settings() -> None:
    assert {ending for folder in FOLDERS if (ending := folder.partition("_")[2])} == set(SETTINGS)
    answers = sorted((ROOT / "tests/recorded").glob("*/*.answer"))
    assert [case.with_suffix(".answer") for case in CASES] == answers

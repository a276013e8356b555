"""sql/views.sql: what a DBA sees of which rows, the same in every time zone and SQL mode, and never a secret."""

import hashlib
import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.conftest import NOW, ROOT, migrate
from tests.db.old_php import DUMP, new_database
from tools.private_server import Server

VIEWS = ["active_sessions", "sessions_per_device", "expired_sessions", "throttled_now", "activity"]
NEVER = 253_402_300_799
DAY = 86_400
AT = "2023-11-14 22:13"
SECRET = "5ec2e7"
NAME_DIGEST = hashlib.sha256(b"x").hexdigest()
HASH = f"$2y$04${SECRET}"

# NOW is 2023-11-14 22:13:20 UTC. Users: 1 good, 2 disabled, 3 in other scripts; 9 is gone, 0 is no user.
ROWS = f"""
INSERT INTO users (id, username, password, creation_time, remote_ip) VALUES
    (1, 'alice', '{HASH}', NOW(), ''), (2, 'away', '!{HASH}', NOW(), ''), (3, 'Zoë 😀', '{HASH}', NOW(), '');
INSERT INTO auth_tokens
    (id, auth_key, user_id, creation_time, expiry, last_access, device_info, kind, name, claims, remote_ip) VALUES
    (1, '{SECRET}01', 1, {NOW - DAY}, {NOW + 3 * DAY + 43200}, {NOW - 60}, 'iPhone', 'mobile', NULL, NULL, '10.0.0.1'),
    (2, '{SECRET}02', 1, {NOW}, {NEVER}, {NOW}, '', 'personal', 'deploy', '{{"x": "{SECRET}"}}', '2001:db8::'),
    (3, '{SECRET}03', 3, {NOW}, {NOW + 1}, {NOW}, 'iphone', 'mobile', NULL, NULL, '10.0.0.2'),
    (4, '{SECRET}04', 1, {NOW - 9 * DAY}, {NOW}, {NOW - DAY}, 'iPhone', 'mobile', NULL, NULL, '10.0.0.1'),
    (5, '{SECRET}05', 2, {NOW}, {NOW + DAY}, {NOW}, 'iPhone', 'mobile', NULL, NULL, '10.0.0.1'),
    (6, '{SECRET}06', 9, {NOW}, {NOW + DAY}, {NOW}, 'iPhone', 'mobile', NULL, NULL, '10.0.0.1'),
    (7, '{SECRET}07', 0, {NOW}, 4102444800, {NOW}, '', 'api', 'cameras', '{{"x": "{SECRET}"}}', ''),
    (8, '{SECRET}08', 0, {NOW}, {NOW + DAY}, {NOW}, '', 'mobile', NULL, NULL, ''),
    (9, '{SECRET}09', 2, 0, 1, -1, 'old', 'mobile', NULL, NULL, '');
UPDATE auth_tokens SET last_ip = '192.0.2.7' WHERE id = 2;
INSERT INTO login_throttle (scope, user_id, name_digest, address, failures, window_end, blocked_until, expiry) VALUES
    ('pair', 1, '', '10.0.0.9', 8, {NOW + 3600}, {NOW + 3}.25, {NOW + 3600}),
    ('pair', 0, '{NAME_DIGEST}', '10.0.0.9', 7, {NOW + 3600}, {NOW + 2}, {NOW + 3600}),
    ('pair', 1, '', '10.0.0.8', 3, {NOW + 3600}, 0, {NOW + 3600}),
    ('account', 3, '', '', 101, {NOW + 3600}, {NOW}, {NOW + 3600}),
    ('address', 0, '', '2001:db8::', 300, {NOW + 600}, {NOW + 600}, {NOW + 600});
INSERT INTO events (id, time, event, user_id, door, token_id, address, device, app, reason, actor, times) VALUES
    (1, {NOW}, 'login.ok', 1, 'oauth', 1, '10.0.0.1', 'iPhone', 'MyApp/3.2', '', '', 1),
    (2, {NOW + 1}, 'login.failed', 0, 'oauth', 0, '10.0.0.9', '', '', 'username', '', 3),
    (3, {NOW + 2}, 'user.disabled', 3, '', 0, '10.0.0.1', '', '', '', 'user 1', 1),
    (4, {NOW + 3}, 'token.revoked', 9, '', 0, '', '', '', '', 'root', 2);
"""


@pytest.fixture(scope="module")
def filled(database_server: Server) -> Iterator[Server]:
    with new_database(database_server, "gatepass_views", (ROOT / "sql/schema.sql").read_text()):
        views = (ROOT / "sql/views.sql").read_text()
        database_server.sql(views + views + ROWS, "gatepass_views")  # it can be run again
        yield database_server


@pytest.fixture(params=["+00:00", "+13:00", "-11:30"])
def seen(request: pytest.FixtureRequest, filled: Server) -> Any:
    """Rows of a view at NOW, in a session of that time zone and of a mode that forbids loose groups."""

    def rows(view: str, columns: str) -> list[list[str]]:
        session = f"SET time_zone = '{request.param}', sql_mode = 'ONLY_FULL_GROUP_BY,STRICT_ALL_TABLES'"
        text = filled.sql(f"{session}, timestamp = {NOW}.7; SELECT {columns} FROM {view}", "gatepass_views")
        return sorted(line.split("\t") for line in text.splitlines())

    return rows


def test_active_sessions_are_those_that_a_door_would_take(seen: Any) -> None:
    columns = "id, user_id, username, kind, name, device_info, remote_ip, created, last_used, last_ip, expires"
    columns += ", days_left"
    now = "2023-11-14 22:13:20"
    day = ["2023-11-13 22:13:20", "2023-11-14 22:12:20", "", "2023-11-18 10:13:20", "3.5"]
    assert seen("active_sessions", columns) == [
        ["1", "1", "alice", "mobile", "NULL", "iPhone", "10.0.0.1", *day],
        ["2", "1", "alice", "personal", "deploy", "", "2001:db8::", now, now, "192.0.2.7", "never", "NULL"],
        ["3", "3", "Zoë 😀", "mobile", "NULL", "iphone", "10.0.0.2", now, now, "", "2023-11-14 22:13:21", "0.0"],
        ["7", "0", "NULL", "api", "cameras", "", "", now, now, "", "2100-01-01 00:00:00", "27806.1"],
    ]


def test_sessions_are_counted_by_device_as_the_collation_sees_it(seen: Any) -> None:
    assert seen("sessions_per_device", "LOWER(device_info), sessions, users, last_used") == [
        ["", "2", "2", "2023-11-14 22:13:20"],
        ["iphone", "2", "2", "2023-11-14 22:13:20"],
    ]


def test_expired_sessions_are_what_a_purge_would_delete(seen: Any) -> None:
    assert seen("expired_sessions", "id, user_id, device_info, created, last_used, expired, days_ago") == [
        ["4", "1", "iPhone", "2023-11-05 22:13:20", "2023-11-13 22:13:20", "2023-11-14 22:13:20", "0.0"],
        ["9", "2", "old", "1970-01-01 00:00:00", "1969-12-31 23:59:59", "1970-01-01 00:00:01", "19675.9"],
    ]


def test_throttled_now_are_those_who_must_wait(seen: Any) -> None:
    assert seen("throttled_now", "scope, user_id, username, address, failures, wait_seconds, until") == [
        ["address", "NULL", "NULL", "2001:db8::", "300", "600", "2023-11-14 22:23:20"],
        ["pair", "1", "alice", "10.0.0.9", "8", "4", "2023-11-14 22:13:24"],
        ["pair", "NULL", "NULL", "10.0.0.9", "7", "2", "2023-11-14 22:13:22"],
    ]


def test_activity_is_what_happened_to_whom_also_to_users_who_are_gone(seen: Any) -> None:
    columns = "time, event, user_id, username, door, token_id, address, device, app, reason, actor, times"
    assert seen("activity", columns) == [
        [f"{AT}:20", "login.ok", "1", "alice", "oauth", "1", "10.0.0.1", "iPhone", "MyApp/3.2", "", "", "1"],
        [f"{AT}:21", "login.failed", *["NULL"] * 2, "oauth", "NULL", "10.0.0.9", "", "", "username", "", "3"],
        [f"{AT}:22", "user.disabled", "3", "Zoë 😀", "", "NULL", "10.0.0.1", *[""] * 3, "user 1", "1"],
        [f"{AT}:23", "token.revoked", "9", "NULL", "", "NULL", *[""] * 4, "root", "2"],
    ]


@pytest.mark.parametrize("view", VIEWS)
def test_no_view_shows_a_secret(filled: Server, view: str) -> None:
    shown = filled.sql(f"SET timestamp = {NOW}; SELECT * FROM {view}", "gatepass_views")
    columns = set(filled.sql(f"SHOW COLUMNS FROM {view}", "gatepass_views").split())
    assert shown and SECRET not in shown and NAME_DIGEST not in shown
    assert not columns & {"auth_key", "password", "name_digest", "claims"}


def test_names_of_an_adopted_column_are_shown_as_people_read_them(database_server: Server, fresh: str) -> None:
    database_server.sql(DUMP, fresh)
    migrate(database_server, fresh)
    database_server.sql(
        (ROOT / "sql/views.sql").read_text() + "UPDATE auth_tokens SET user_id = id WHERE id = 1;", fresh
    )
    database_server.sql(
        "INSERT INTO auth_tokens (auth_key, user_id, creation_time, expiry, last_access, device_info)"
        " SELECT CONCAT('k', id), id, 0, 4000000000, 0, 'x' FROM users WHERE id IN (3, 5, 13)",
        fresh,
    )
    shown = database_server.sql(
        f"SET timestamp = {NOW}; SELECT user_id, username FROM active_sessions ORDER BY id", fresh
    )
    names = dict(line.split("\t") for line in shown.splitlines())
    expected = {"1": "Admin", "2": "jürgen", "3": "müller", "5": "straße", "13": "o'brien\"; -- "}
    assert names == expected


def test_the_document_for_dbas_has_every_column_and_view(filled: Server) -> None:
    text = (ROOT / "docs/for-dbas.md").read_text()
    columns = "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = DATABASE()"
    for line in filled.sql(columns, "gatepass_views").splitlines():
        table, column = line.split("\t")
        if table in VIEWS:
            assert f"\n`{table}`: " in text and re.search(rf"^\| .*\b{column}\b", text, re.MULTILINE), line
        else:
            section = text.split(f"**{table}**:")[1].split("\n**")[0]
            assert f"\n| `{column}` |" in section, line

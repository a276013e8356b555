"""The activity log: what is kept of what happens to an account, and what is not, however much happens."""

import json
from collections import Counter
from collections.abc import Callable

import pytest

from tests.cli import invoke
from tests.conftest import NOW, ROOT, Service, add_user
from tests.doors.kinds import mint
from v1.auth import activity
from v1.auth.activity import LISTED_A_SECOND, LISTED_AT_ONCE, Waiting
from v1.cli.sessions import session
from v1.cli.tokens import token
from v1.cli.users import user
from v1.db.tables.events import Event, Events
from v1.errors import DatabaseDown

COLUMNS = "event, user_id, door, address, device, app, reason, actor, times"
PHONE = {"device-info": "Pixel 9", "username": "admin"}
APP = {"User-Agent": "MyApp/3.2.1 (Android 15)"}


def rows(service: Service, columns: str = COLUMNS) -> list[list[str]]:
    """The rows of the activity log, in the order of writing."""
    service.core.write_behind.write()
    found = service.server.sql(f"SELECT {columns} FROM events ORDER BY id", "gatepass")
    return [line.split("\t") for line in found.splitlines()]


def number(service: Service, name: str = "admin") -> str:
    return service.server.sql(f"SELECT id FROM users WHERE username = '{name}'", "gatepass").strip()


def log_in(service: Service, password: str = "password", **fields: str) -> str:
    answer = service.client.post("/v1/oauth/", data=PHONE | {"password": password} | fields, headers=APP)
    return str(answer.json.get("data", {}).get("access_token", ""))


@pytest.mark.parametrize(
    ("user_agent", "found"),
    [
        ("MyApp/3.2.1 (Android 15)", "MyApp/3.2.1"),
        ("okhttp/4.12.0", "okhttp/4.12.0"),
        ("MyApp/31 CFNetwork/1408.0.4 Darwin/22.5.0", "MyApp/31"),
        ("Mozilla/5.0 (X11; Linux x86_64) Firefox/128.0", ""),
        ("no version", ""),
        ("", ""),
        ("A" * 41 + "/1", ""),
        ("Ünicode/1.0", "Ünicode/1.0"),
        ("(comment)/1.0", ""),
    ],
)
def test_the_app_is_the_first_product_of_the_user_agent(user_agent: str, found: str) -> None:
    assert activity.app(user_agent) == found


def test_logins_good_and_bad_are_kept_and_no_name_that_was_typed_wrongly(service: Service) -> None:
    log_in(service)
    log_in(service, password="wrong")
    log_in(service, username="my-secret-password")
    who, where = number(service), ["oauth", "127.0.0.1", "Pixel 9", "MyApp/3.2.1"]
    assert rows(service) == [
        ["login.ok", who, *where, "", "", "1"],
        ["login.failed", who, *where, "password", "", "1"],
        ["login.failed", "0", *where, "username", "", "1"],
    ]
    everything = service.server.sql("SELECT * FROM events", "gatepass")
    assert "my-secret" not in everything and "wrong" not in everything
    token_id = service.server.sql("SELECT id FROM auth_tokens", "gatepass").strip()
    assert rows(service, "time, token_id")[0] == [str(NOW), token_id]


def test_a_login_that_must_wait_is_kept_with_the_scope_that_makes_it_wait(make_service: Callable[..., Service]) -> None:
    service = make_service(THROTTLE_PAIR="1")
    add_user(service.server, "admin")
    for _ in range(3):
        log_in(service, password="wrong")
    found = rows(service, "event, reason, times")
    assert found == [["login.failed", "password", "2"], ["login.throttled", "pair", "1"]]


def test_faults_of_our_own_are_left_out(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    def down(*given: object) -> None:
        raise DatabaseDown(2013, "gone")

    monkeypatch.setattr(service.core.tables.users, "find_for_login", down)
    log_in(service)
    assert rows(service) == []


def test_tokens_that_are_revoked_are_kept_with_their_number(service: Service) -> None:
    first, _, _ = log_in(service), log_in(service), log_in(service)
    service.client.delete("/v1/sessions/", headers={"Authorization": f"Bearer {first}"})
    service.client.post("/v1/logout/", headers={"Authorization": f"Bearer {first}"})
    several, one = rows(service, "event, token_id = 0, device, times, actor")[3:]
    assert (several, one) == (["token.revoked", "1", "", "2", ""], ["token.revoked", "0", "Pixel 9", "1", ""])


def test_tokens_that_come_in_great_numbers_are_left_out(service: Service) -> None:
    for kind in ("stream", "jwt_access", "jwt_refresh", "management", "mobile"):
        assert activity.event("token.issued", {"kind": kind, "device": "x"}, NOW) is None
    assert activity.event("token.revoked", {"kind": "stream"}, NOW) is None
    mint(service, "stream")
    assert [each for each in rows(service, "event") if each != ["login.ok"]] == []


def test_a_personal_token_is_kept_by_its_name(service: Service) -> None:
    mint(service, "personal")
    (issued,) = rows(service, "event, user_id, device, reason, token_id > 0")
    name = service.server.sql("SELECT name FROM auth_tokens WHERE kind = 'personal'", "gatepass").strip()
    assert issued == ["token.issued", number(service), name, "personal", "1"]


def test_the_acts_of_commands_are_kept_with_who_ran_them(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("v1.cli.command.who", lambda: "operator")
    monkeypatch.setattr("v1.cli.sessions.who", lambda: "operator")
    log_in(service)
    for group, line in [(user, "passwd admin"), (user, "admin admin"), (user, "admin admin --off")]:
        invoke.run(group, service, *line.split(), stdin="another one\n")
    for group, line in [(session, "revoke --user admin"), (token, "create orders --scope revoke")]:
        invoke.run(group, service, *line.split())
    for line in ("disable admin", "enable admin"):
        invoke.run(user, service, *line.split())
    assert rows(service, "event, user_id <> 0, actor")[1:] == [
        ["user.password_set", "1", "operator"],
        ["user.admin_made", "1", "operator"],
        ["user.admin_removed", "1", "operator"],
        ["token.revoked", "1", "operator"],
        ["token.created", "0", "operator"],
        ["user.disabled", "1", "operator"],
        ["user.enabled", "1", "operator"],
    ]


def test_nothing_is_kept_with_events_days_0(make_service: Callable[..., Service]) -> None:
    service = make_service(EVENTS_DAYS="0")
    add_user(service.server, "admin")
    assert log_in(service) and rows(service) == []


def test_a_purge_deletes_what_is_older_than_events_days(make_service: Callable[..., Service]) -> None:
    service = make_service(EVENTS_DAYS="7")
    for days in (6, 8, 90):
        service.core.tables.events.add({Event(NOW - days * 86_400, name): 1 for name in activity.EVENTS})
    invoke.run(session, service, "purge", "--batch", "3")
    assert len(rows(service)) == len(activity.EVENTS)
    assert {each[0] for each in rows(service, "time")} == {str(NOW - 6 * 86_400)}


def failures(waiting: Waiting, start: int, count: int, second: int) -> None:
    """So many failures in one second, each from another address."""
    for each in range(start, start + count):
        waiting.add(Event(second, "login.failed", 7, "oauth", address=f"2001:db8::{each:x}", reason="password"))


def test_like_events_of_a_second_are_one_row() -> None:
    waiting = Waiting()
    for second in (1, 1, 1, 2):
        waiting.add(Event(second, "login.failed", 7))
    assert waiting.take() == {Event(1, "login.failed", 7): 3, Event(2, "login.failed", 7): 1}
    assert waiting.take() == {}


def test_a_storm_of_failures_is_counted_and_no_longer_listed() -> None:
    waiting = Waiting()
    failures(waiting, 0, 100_000, NOW)
    found = waiting.take()
    assert len(found) == LISTED_AT_ONCE + 1 and found.total() == 100_000
    assert found[Event(NOW, "login.failed", 0, "oauth", reason="password")] == 100_000 - LISTED_AT_ONCE
    for later in range(1, 61):
        failures(waiting, 100_000, 50, NOW + later)
    assert len(waiting.take()) == 60 * (LISTED_A_SECOND + 1)


def test_a_clock_that_goes_back_lists_no_more() -> None:
    waiting = Waiting()
    failures(waiting, 0, LISTED_AT_ONCE, NOW)
    failures(waiting, 0, 10, NOW - 3600)
    assert len(waiting.take()) == LISTED_AT_ONCE + 1


def test_successes_are_listed_however_many_failures_there_are() -> None:
    waiting = Waiting()
    failures(waiting, 0, 5000, NOW)
    waiting.add(Event(NOW, "login.ok", 7, token_id=9))
    assert waiting.take()[Event(NOW, "login.ok", 7, token_id=9)] == 1


def test_what_waits_is_bounded_while_the_database_is_down(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(activity, "MOST_WAITING", 3)
    waiting = Waiting()
    for each in range(5):
        waiting.add(Event(NOW, "login.ok", each))
    waiting.add(Event(NOW, "login.ok", 0))
    assert waiting.take() == {Event(NOW, "login.ok", 0): 2, Event(NOW, "login.ok", 1): 1, Event(NOW, "login.ok", 2): 1}


def test_what_could_not_be_written_is_written_once_later(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first batch gets through, the second does not."""
    monkeypatch.setattr(activity, "BATCH", 2)
    add, tried = Events.add, list[int]()

    def fails_once(self: Events, events: Counter[Event]) -> None:
        tried.append(len(events))
        if len(tried) == 2:
            raise DatabaseDown(2013, "gone")
        add(self, events)

    monkeypatch.setattr(Events, "add", fails_once)
    for each in range(5):
        service.core.event("login.ok", user_id=each)
    assert not service.core.write_behind.write()
    assert service.core.write_behind.write()
    assert [each[0] for each in rows(service, "user_id")] == ["0", "1", "2", "3", "4"] and tried == [2, 2, 2, 1]


def test_any_text_is_kept_as_it_is(service: Service) -> None:
    """Quotes, backslashes, emoji, what looks like JSON or SQL, and a device name of the greatest length."""
    for text in ("'\"\\\n\t", "😀" * 100 + "x" * 100, '{"a": "\\u0041"}', "'); DROP TABLE events; --", "\u202e"):
        service.core.event("login.ok", user_id=1, device=text)
    service.core.write_behind.write()
    found = [each.event.device for each in service.core.tables.events.page_of_user(1, 0, 10)]
    assert json.dumps(found[::-1]) == json.dumps(
        ["'\"\\\n\t", "😀" * 100 + "x" * 100, '{"a": "\\u0041"}', "'); DROP TABLE events; --", "\u202e"]
    )


def test_the_purge_of_the_server_knows_every_event(service: Service) -> None:
    text = (ROOT / "sql/ops/purge_event.sql").read_text()
    assert all(f"'{name}'" in text for name in activity.EVENTS)

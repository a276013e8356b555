"""Changing one's password: who may, to what, how a wrong try counts, and what becomes of the sessions."""

import json

import pytest
from werkzeug.test import TestResponse

from tests.auth.guessing import limited
from tests.conftest import COST_4, NOW, Service
from tests.doors.console.pages_read import beside, notice, tag, value
from tests.doors.console.signed_in import (
    Browser,
    goes_to,
    is_sign_in,
    session_of,
    signed_in,
    tokens_of,
    user_id,
    visitor,
)
from tests.doors.contract import MakeService
from tests.doors.kinds import KINDS, mint
from v1.auth import accounts
from v1.db.pool import Database
from v1.errors import DatabaseDown
from v1.passwords.hashes import Passwords

PATH, NEW, DONE = "/console/password/", "correct horse", ("/console/profile/", "password")
WRONG = "This is not your current password."


def change(browser: Browser, current: str = "password", new: str = NEW, **more: str) -> TestResponse:
    """Send the form, with the new one typed twice alike unless `again` is given."""
    return browser.post(PATH, **{"current": current, "new": new, "again": new} | more)


def is_good(service: Service, password: str, username: str = "admin") -> bool:
    fields = {"username": username, "password": password}
    return service.client.post("/v1/oauth/", data=fields).json["success"] is True


def stored(service: Service) -> str:
    return service.server.sql("SELECT password FROM users WHERE username = 'admin'", "gatepass")


def test_the_new_password_is_good_everywhere_from_now_on_and_the_old_one_nowhere(service: Service, lines: list) -> None:
    browser = signed_in(service)
    assert goes_to(change(browser), *DONE)
    assert notice(browser.get(DONE[0])) == "Your password was changed."
    assert is_good(service, NEW) and not is_good(service, "password")
    assert visitor(service).sign_in(password=NEW).status_code == 303
    assert visitor(service).sign_in().status_code == 403
    (told,) = [each for each in map(json.loads, lines) if each["event"] == "user.password_set"]
    assert (told["user_id"], told["by"]) == (user_id(service), f"user {user_id(service)}")
    assert "password" not in json.dumps(told).replace("user.password_set", "")


@pytest.mark.parametrize("new", ["12345670", "x" * 72, "📱" * 18, "şifre 🔑 şifre", " " * 8, "a\nb\tc&=+%"])
def test_any_password_of_8_characters_to_72_bytes_is_taken_as_it_is(service: Service, new: str) -> None:
    assert goes_to(change(signed_in(service), new=new), *DONE)
    assert is_good(service, new) and not is_good(service, new[:-1])


LONG = "At most 72 bytes: that is 72 letters, and fewer of other characters."
COMMON = "This is one of the most common passwords: choose another."
BAD = [
    *(("password", new, new, {"new": "At least 8 characters."}) for new in ("", "1234567", "📱" * 7)),
    *(("password", new, new, {"new": LONG}) for new in ("x" * 73, "📱" * 19, "ş" * 37, "x" * 5000, "12345678\0")),
    ("password", "password", "password", {"new": "This is your current password."}),
    *(("password", new, new, {"new": COMMON}) for new in ("12345678", "QWERTYuiop", "Iloveyou1")),
    ("password", "ADMINadmin1", "ADMINadmin1", {"new": "This is little more than your username: choose another."}),
    ("password", "GatePass2026", "x", {"new": "This is little more than the name of this service: choose another."}),
    ("password", NEW, NEW + "x", {"again": "The two are not the same."}),
    ("password", NEW, "", {"again": "The two are not the same."}),
    ("", NEW, NEW, {"current": "Enter your current password."}),
    ("", "short", "other", {"current": "Enter your current password.", "new": "At least 8 characters."}),
]


@pytest.mark.parametrize(("current", "new", "again", "wrong"), BAD)
def test_what_is_wrong_with_the_new_one_is_told_beside_it_and_costs_no_try(
    service: Service, current: str, new: str, again: str, wrong: dict
) -> None:
    browser, before = signed_in(service), stored(service)
    service.core.write_behind.write()
    counted = service.server.sql("SELECT * FROM login_stats", "gatepass")
    answer = change(browser, current, new, again=again)
    assert answer.status_code == 400
    assert {name: said for name in ("current", "new", "again") if (said := beside(answer, name))} == wrong
    assert {value(answer, name) for name in ("current", "new", "again")} == {""}, "no password is shown again"
    service.core.write_behind.write()
    assert service.server.sql("SELECT * FROM login_stats", "gatepass") == counted
    assert stored(service) == before


def test_a_wrong_current_password_is_a_failed_login_and_a_right_one_is_none(service: Service, lines: list) -> None:
    browser, before = signed_in(service), stored(service)
    answer = change(browser, "hunter2-wrong")
    assert (answer.status_code, beside(answer, "current")) == (403, WRONG)
    assert "autofocus" in tag(answer, "current") and "hunter2" not in answer.text
    assert stored(service) == before and is_good(service, "password")
    change(browser)
    service.core.write_behind.write()
    counted = service.server.sql("SELECT door, outcome, logins FROM login_stats ORDER BY door, outcome", "gatepass")
    assert counted.splitlines() == ["console\tfailed\t1", "console\tok\t1", "oauth\tok\t1"]
    told = [each for each in map(json.loads, lines) if each["event"] == "login.failed"]
    expected = {"door": "console", "user_id": user_id(service), "reason": "password", "address": "127.0.0.1"}
    assert [{name: each[name] for name in expected} for each in told] == [expected]


def test_guessing_it_is_slowed_down_as_guessing_at_the_door_is(make_service: MakeService) -> None:
    """Whoever finds a browser signed in must not find out the password there."""
    service = limited(make_service, THROTTLE_PAIR="2")
    browser = signed_in(service)
    assert [change(browser, "wrong").status_code for _ in range(3)] == [403] * 3
    for current in ("wrong", "password"):
        answer = change(browser, current)
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, "1")
        assert beside(answer, "current").startswith("Too many tries.")
    assert visitor(service).sign_in().status_code == 429, "it is one count"
    service.clock.now = NOW + 1
    assert goes_to(change(browser), *DONE)


def test_no_answer_tells_whether_the_stored_password_can_be_read_nor_while_one_must_wait_whether_it_is_right(
    make_service: MakeService,
) -> None:
    service = limited(make_service, THROTTLE_PAIR="3")
    browser = signed_in(service)
    wrong = [change(browser, "wrong")]
    service.server.sql("UPDATE users SET password = 'no hash at all' WHERE username = 'admin'", "gatepass")
    wrong += [change(browser, current) for current in ("wrong", "password")]
    service.server.sql(f"UPDATE users SET password = '{COST_4}' WHERE username = 'admin'", "gatepass")
    assert change(browser, "wrong").status_code == 403
    waiting = [change(browser, current) for current in ("wrong", "password")]
    for answers, status in ((wrong, 403), (waiting, 429)):
        assert {answer.status_code for answer in answers} == {status}
        assert len({(answer.data, answer.headers.get("Retry-After")) for answer in answers}) == 1


@pytest.mark.parametrize("others", ["1", "", None])
def test_the_other_devices_are_signed_out_where_that_was_asked_for(service: Service, others: str | None) -> None:
    browser = signed_in(service)
    tokens = {kind: mint(service, kind) for kind in KINDS}
    answer = change(browser, **({} if others is None else {"others": others}))
    assert goes_to(answer, DONE[0], DONE[1] + "-others" if others else DONE[1])
    assert browser.get(answer.headers["Location"]).status_code == 200, "this one stays"
    gone = {kind for kind, token in tokens.items() if not session_of(service, token)}
    assert gone == ({"mobile", "console", "jwt_access", "jwt_refresh", "management"} if others else set())


@pytest.mark.parametrize("others", ["1", ""])
def test_a_copy_of_the_cookie_is_worth_nothing_afterwards(service: Service, browser: Browser, others: str) -> None:
    before, copy = browser.token, visitor(service)
    copy.client.set_cookie("gatepass", before)
    notice_cookie, cookie = change(browser, others=others).headers.getlist("Set-Cookie")
    assert notice_cookie.startswith("gatepass_notice=")
    assert cookie == f"gatepass={browser.token}; HttpOnly; Path=/; SameSite=Lax" and browser.token != before
    assert is_sign_in(copy.get("/console/profile/")) and tokens_of(service, "console") == [browser.session]


def test_a_password_that_was_changed_meanwhile_is_not_written_over(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, hash_ = signed_in(service), Passwords.hash

    def slow(self: Passwords, password: bytes) -> bytes:
        """An operator's command is quicker."""
        monkeypatch.setattr(Passwords, "hash", hash_)
        accounts.set_password(service.core, "admin", b"somebody else's")
        return hash_(self, password)

    monkeypatch.setattr(Passwords, "hash", slow)
    answer = change(browser)
    assert (answer.status_code, beside(answer, "current")) == (403, WRONG)
    assert is_good(service, "somebody else's") and not is_good(service, NEW)


def test_the_others_are_signed_out_even_if_one_of_them_has_signed_this_one_out_meanwhile(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever stole a session must not keep it by being quicker."""
    browser, hash_ = signed_in(service), Passwords.hash
    stolen = mint(service, "mobile")

    def slow(self: Passwords, password: bytes) -> bytes:
        assert service.client.delete("/v1/sessions/", headers={"Authorization": f"Token {stolen}"}).json["success"]
        return hash_(self, password)

    monkeypatch.setattr(Passwords, "hash", slow)
    assert goes_to(change(browser, others="1"), "/console/sign-in/", "password")
    assert not session_of(service, stolen) and is_good(service, NEW)


def test_a_database_that_goes_away_afterwards_leaves_the_new_password_and_says_what_is_left_to_do(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, write = signed_in(service), Database.write
    mint(service, "mobile")

    def failing(self: Database, name: str, /, **values: object) -> object:
        if name.startswith("auth_tokens."):
            raise DatabaseDown(2013, "lost")
        return write(self, name, **values)

    with monkeypatch.context() as patch:
        patch.setattr(Database, "write", failing)
        answer = change(browser, others="1")
    assert goes_to(answer, "/console/devices/", "password-half")
    said = notice(browser.get(answer.headers["Location"]))
    assert said.startswith("Your password was changed, but the other devices may still be signed in")
    assert is_good(service, NEW) and len(tokens_of(service, "mobile")) == 2, "the phone, and this login"

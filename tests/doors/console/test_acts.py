"""What an administrator does to an account: its effect here and in the apps, and the line that the log keeps."""

import json
from typing import Any

import pytest

from tests.conftest import Service, add_user
from tests.doors.console.pages_read import heading, notice
from tests.doors.console.signed_in import (
    Browser,
    administrator,
    goes_to,
    is_sign_in,
    session_of,
    signed_in,
    user_id,
    visitor,
)
from tests.doors.kinds import KINDS, mint
from v1.kinds import API_TOKENS

USERS = "/console/users/"


@pytest.fixture
def browser(service: Service) -> Browser:
    add_user(service.server, "other")
    return administrator(service)


def page_of(service: Service, username: str = "other") -> str:
    return f"{USERS}{user_id(service, username)}/"


def told(lines: list[str], *events: str) -> list[dict[str, Any]]:
    """What the log says of these events, without what is the same for all."""
    found = [each for each in map(json.loads, lines) if each["event"] in events]
    return [{name: each.get(name) for name in ("event", "user_id", "by", "address", "revoked")} for each in found]


def live(service: Service, username: str = "other") -> int:
    where = f"WHERE user_id = {user_id(service, username)}"
    return int(service.server.sql(f"SELECT COUNT(*) FROM auth_tokens {where}", "gatepass"))


def test_a_disabled_user_is_out_everywhere_at_once_and_an_enabled_one_may_come_back(
    service: Service, browser: Browser, lines: list
) -> None:
    theirs, phone = signed_in(service, "other"), {"Authorization": f"Token {mint(service, 'mobile', 'other')}"}
    count, place = live(service), page_of(service)
    asked = browser.get(place + "disable/")
    assert heading(asked) == "Disable this user?" and "<bdi>other</bdi>" in asked.text
    assert service.client.get("/v1/verify/", headers=phone).status_code == 200, "asking does nothing"
    answer = browser.post(place + "disable/")
    assert goes_to(answer, place, "disabled")
    page = browser.get(answer.headers["Location"])
    assert notice(page) == "The user was disabled, and every token of theirs revoked."
    assert place + "enable/" in page.text and place + "disable/" not in page.text
    assert is_sign_in(theirs.get("/console/profile/"))
    assert service.client.get("/v1/verify/", headers=phone).status_code == 401
    assert visitor(service).sign_in("other").status_code == 403
    assert goes_to(browser.post(place + "enable/"), place, "enabled")
    assert signed_in(service, "other") and live(service) == 1, "what was revoked stays revoked"
    common = {"user_id": user_id(service, "other"), "by": f"user {user_id(service)}", "address": "127.0.0.1"}
    assert told(lines, "user.disabled", "user.enabled", "token.revoked") == [
        {"event": "user.disabled", "revoked": None, **common},
        {"event": "token.revoked", "revoked": count, **common},
        {"event": "user.enabled", "revoked": None, **common},
    ]


def test_revoking_all_of_a_users_tokens_ends_every_kind_and_they_may_sign_in_again(
    service: Service, browser: Browser, lines: list
) -> None:
    for kind in KINDS:
        mint(service, kind, "other")
    mint(service, "mobile")
    count, place = live(service), page_of(service)
    assert heading(browser.get(place + "revoke-all/")) == "Revoke all tokens of this user?"
    answer = browser.post(place + "revoke-all/")
    assert goes_to(answer, place, "revoked-all") and live(service) == 0 and live(service, "admin") == 2
    assert notice(browser.get(answer.headers["Location"])) == "Every token of this user was revoked."
    common = {"user_id": user_id(service, "other"), "by": f"user {user_id(service)}", "address": "127.0.0.1"}
    assert told(lines, "token.revoked") == [{"event": "token.revoked", "revoked": count, **common}]
    assert signed_in(service, "other")


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.split(":")[0] not in API_TOKENS])
def test_one_token_of_theirs_is_revoked_whatever_its_kind(
    service: Service, browser: Browser, kind: str, lines: list
) -> None:
    number, place = session_of(service, mint(service, kind, "other")), page_of(service)
    answer = browser.post(f"{place}sessions/{number}/revoke/")
    assert goes_to(answer, place, "revoked")
    assert notice(browser.get(answer.headers["Location"])) == "The token was revoked. It is refused from now on."
    assert service.server.sql(f"SELECT COUNT(*) FROM auth_tokens WHERE id = {number}", "gatepass") == "0\n"
    assert told(lines, "token.revoked")[0]["by"] == f"user {user_id(service)}"
    assert goes_to(browser.post(f"{place}sessions/{number}/revoke/"), place, "gone")


def test_a_token_of_somebody_else_than_the_page_is_of_is_left_alone(service: Service, browser: Browser) -> None:
    third, place = session_of(service, mint(service, "mobile")), page_of(service)
    for number in (third, browser.session, "2147483000", "9999999999"):
        assert goes_to(browser.post(f"{place}sessions/{number}/revoke/"), place, "gone")
    for number in ("0", "x", "-1", "01"):
        assert browser.post(f"{place}sessions/{number}/revoke/").status_code == 404
    assert live(service, "admin") == 2


def test_nobody_disables_their_own_account(service: Service, browser: Browser, lines: list) -> None:
    answer = browser.post(page_of(service, "admin") + "disable/")
    assert (answer.status_code, heading(answer)) == (403, "Not allowed")
    assert "You cannot disable your own account. Another administrator can." in answer.text
    assert browser.get(USERS).status_code == 200 and visitor(service).sign_in().status_code == 303
    assert told(lines, "user.disabled") == []


def test_one_may_revoke_all_of_ones_own_and_is_then_signed_out(service: Service, browser: Browser) -> None:
    answer = browser.post(page_of(service, "admin") + "revoke-all/")
    assert is_sign_in(browser.get(answer.headers["Location"])) and live(service, "admin") == 0
    again = signed_in(service)
    again.post(f"{page_of(service, 'admin')}sessions/{again.session}/revoke/")
    assert is_sign_in(again.get(USERS)) and live(service, "admin") == 0


def test_an_act_that_was_done_already_is_done_again_without_harm(service: Service, browser: Browser) -> None:
    stored = "SELECT password FROM users WHERE username = 'other'"
    before = service.server.sql(stored, "gatepass")
    for act in ("disable", "disable", "enable", "enable", "revoke-all", "revoke-all"):
        assert browser.post(f"{page_of(service)}{act}/").status_code == 303
    assert service.server.sql(stored, "gatepass") == before


def test_to_enable_who_is_enabled_signs_nobody_out(service: Service, browser: Browser) -> None:
    mint(service, "mobile", "other")
    browser.post(page_of(service) + "enable/")
    assert live(service) == 1


def test_what_an_interrupted_disabling_has_left_comes_not_to_life(service: Service, browser: Browser) -> None:
    mint(service, "mobile", "other")
    service.server.sql("UPDATE users SET password = CONCAT('!', password) WHERE username = 'other'", "gatepass")
    browser.post(page_of(service) + "enable/")
    assert live(service) == 0


@pytest.mark.parametrize("act", ["delete", "DISABLE", "disable%20", "x", "sessions", "set-admin", "%3Cscript%3E"])
def test_an_unknown_act_is_not_found(service: Service, browser: Browser, act: str) -> None:
    for answer in (browser.get(f"{page_of(service)}{act}/"), browser.post(f"{page_of(service)}{act}/")):
        assert (answer.status_code, heading(answer)) == (404, "Page not found")

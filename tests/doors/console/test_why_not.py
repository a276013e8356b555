"""The card "Sign-in" on the page of a user: what stands in their way, in words, and the button that clears it."""

import json
import re
from html import unescape

import pytest
from werkzeug.test import TestResponse

from tests.auth.guessing import limited
from tests.conftest import NOW, Service, add_user
from tests.doors.console.pages_read import heading, notice, rows
from tests.doors.console.signed_in import Browser, administrator, user_id, visitor
from tests.doors.contract import MakeService
from tests.doors.kinds import KINDS, mint
from tests.numbers import numbers

HEAD = ["Limit", "Address", "Failures", "Blocks"]


@pytest.fixture
def service(make_service: MakeService) -> Service:
    limits = {"THROTTLE_PAIR": "2", "THROTTLE_ACCOUNT": "6", "THROTTLE_ADDRESS": "9", "THROTTLE_EVERYONE": "100"}
    service = limited(make_service, **limits, THROTTLE_DELAY_SECONDS="60")
    add_user(service.server, "other")
    return service


@pytest.fixture
def browser(service: Service) -> Browser:
    return administrator(service)


def page(browser: Browser, name: str = "other") -> TestResponse:
    browser.service.core.write_behind.write()
    return browser.get(f"/console/users/{user_id(browser.service, name)}/")


def verdict(response: TestResponse) -> list[str]:
    """What the card says first: one line for each thing in the way."""
    found = re.search(r'<(ul|p) class="verdict (good|bad)">(.*?)</\1>', response.text, re.DOTALL)
    assert found
    texts = re.findall("<li>(.*?)</li>", found[3]) or [found[3]]
    return [unescape(re.sub("<[^>]+>", "", each)) for each in texts]


def guess(service: Service, times: int, address: str = "127.0.0.1", name: str = "other") -> None:
    for _ in range(times):
        fields = {"username": name, "password": "wrong"}
        environ = {"REMOTE_ADDR": address}
        headers = {"Sec-Fetch-Site": "same-origin"}
        visitor(service).client.post("/console/sign-in/", data=fields, headers=headers, environ_base=environ)


def test_nothing_is_in_the_way_of_most(browser: Browser) -> None:
    answer = page(browser)
    assert verdict(answer) == ["Nothing in the way."] and "Last try:" not in answer.text
    assert "clear-failures" not in answer.text and HEAD not in rows(answer)


def test_the_disabled_and_those_whose_password_is_no_hash_are_told_apart(service: Service, browser: Browser) -> None:
    service.server.sql("UPDATE users SET password = 'md5' WHERE username = 'other'", "gatepass")
    text = "The stored password cannot be read. Set a new one: gatepass user passwd"
    assert verdict(page(browser)) == [text]
    service.server.sql("UPDATE users SET password = '!md5' WHERE username = 'other'", "gatepass")
    assert verdict(page(browser)) == ["Disabled: no password lets them in."]


def test_failures_that_do_not_block_yet_are_shown_with_the_last_try(service: Service, browser: Browser) -> None:
    guess(service, 1, "198.51.100.3")
    answer = page(browser)
    assert verdict(answer) == ["Nothing in the way."]
    assert rows(answer, "Failed tries") == [
        HEAD,
        ["Account", "–", "1", "not now"],
        ["Account from one address", "198.51.100.3", "1", "not now"],
        ["Address", "198.51.100.3", "1", "not now"],
    ]
    assert re.search(r"Last try:\s+wrong password, <time [^>]*>just now", answer.text)


def test_a_block_says_for_how_long_and_after_how_many(service: Service, browser: Browser) -> None:
    guess(service, 3, "198.51.100.3")
    [said] = verdict(page(browser))
    assert said == "Blocked at 198.51.100.3 for 60 seconds more, after 3 wrong passwords."
    for number in range(4, 7):
        guess(service, 1, f"198.51.100.{number}")
    assert verdict(page(browser)) == ["Blocked for 60 seconds more, after 6 wrong passwords.", said]
    assert [row[3] for row in rows(page(browser), "Failed tries")[1:3]] == ["for 60 seconds more"] * 2


def test_the_address_that_they_used_lately_may_be_what_blocks(service: Service, browser: Browser) -> None:
    guess(service, 1, "2001:db8:7::9")
    for number in range(9):
        guess(service, 1, "2001:db8:7::9", f"nobody{number}")
    said = verdict(page(browser))
    assert [each for each in said if re.match("The address 2001:db8:7::, which they used lately, is blocked", each)]
    assert "clear-failures" in page(browser).text


def test_clearing_is_asked_for_and_lets_them_in_at_once(service: Service, browser: Browser, lines: list) -> None:
    guess(service, 3)
    assert visitor(service).sign_in("other").status_code == 429
    place = f"/console/users/{user_id(service, 'other')}/"
    asked = browser.get(place + "clear-failures/")
    assert heading(asked) == "Forget the failed tries of this user?"
    assert visitor(service).sign_in("other").status_code == 429, "asking does nothing"
    answer = browser.post(place + "clear-failures/")
    assert answer.status_code == 303
    assert notice(browser.get(answer.headers["Location"])) == "The failed tries of this user were forgotten."
    assert verdict(page(browser)) == ["Nothing in the way."]
    assert visitor(service).sign_in("other").status_code == 303
    [cleared] = [each for each in map(json.loads, lines) if each["event"] == "throttle.cleared"]
    assert (cleared["user_id"], cleared["by"]) == (user_id(service, "other"), f"user {user_id(service)}")
    left = service.server.sql("SELECT DISTINCT scope FROM login_throttle ORDER BY scope", "gatepass").split()
    assert left == ["address", "everyone"], "others were tried from there too"


def test_the_counters_of_others_stay(service: Service, browser: Browser) -> None:
    guess(service, 3, "198.51.100.3", "admin")
    browser.post(f"/console/users/{user_id(service, 'other')}/clear-failures/")
    [said] = verdict(page(browser, "admin"))
    assert said.startswith("Blocked at 198.51.100.3 for ")


def test_a_block_that_the_settings_do_not_know_any_more_is_none(service: Service, browser: Browser) -> None:
    """A clock that ran ahead wrote it, or the scope was switched off: the throttle ignores it too."""
    late = NOW + 10 * 86_400
    service.server.sql(
        "INSERT INTO login_throttle (scope, user_id, name_digest, address, failures, window_end, blocked_until, expiry)"
        f" VALUES ('pair', {user_id(service, 'other')}, '', '192.0.2.1', 9, {late}, {late}, {late})",
        "gatepass",
    )
    answer = page(browser)
    assert verdict(answer) == ["Nothing in the way."]
    assert rows(answer, "Failed tries")[1:] == [["Account from one address", "192.0.2.1", "9", "not now"]]


def test_many_addresses_of_one_account_are_a_short_list(service: Service, browser: Browser) -> None:
    service.server.sql(
        "INSERT INTO login_throttle (scope, user_id, name_digest, address, failures, window_end, blocked_until, expiry)"
        f" SELECT 'pair', {user_id(service, 'other')}, '', CONCAT('10.0.', seq DIV 250, '.', seq % 250), 1, {NOW + 99},"
        f" 0, {NOW + 99} FROM {numbers(2500)}",
        "gatepass",
    )
    assert len(rows(page(browser), "Failed tries")) == 21
    browser.post(f"/console/users/{user_id(service, 'other')}/clear-failures/")
    assert service.server.sql("SELECT COUNT(*) FROM login_throttle WHERE scope = 'pair'", "gatepass") == "0\n"


def test_an_address_that_somebody_wrote_by_hand_breaks_no_page(service: Service, browser: Browser) -> None:
    service.server.sql(
        f"INSERT INTO events (time, event, user_id, address) VALUES ({NOW}, 'login.failed',"
        f" {user_id(service, 'other')}, '::::<script>')",
        "gatepass",
    )
    answer = page(browser)
    assert answer.status_code == 200 and "&lt;script&gt;" in answer.text


def test_an_attack_is_in_everybodys_way(service: Service, browser: Browser) -> None:
    soon = service.clock.now + 2
    service.server.sql(
        "INSERT INTO login_throttle (scope, failures, window_end, blocked_until, expiry)"
        f" VALUES ('everyone', 99999, {soon}, {soon}, {soon})",
        "gatepass",
    )
    assert verdict(page(browser)) == [
        "An attack is on: sign-ins from addresses where nobody is signed in wait for up to 10 seconds."
    ]


def test_sessions_may_be_revoked_without_the_api_tokens(service: Service, browser: Browser) -> None:
    for kind in KINDS:
        mint(service, kind, "other")
    place = f"/console/users/{user_id(service, 'other')}/"
    asked = browser.get(place + "revoke-all/")
    found = re.findall(r"(\d+) (sessions end|API tokens end for good)", asked.text)
    assert found == [("5", "sessions end"), ("4", "API tokens end for good")]
    assert f'href="{place}revoke-sessions/"' in asked.text
    only = browser.get(place + "revoke-sessions/")
    assert heading(only) == "Revoke the sessions of this user?" and "API tokens stay good." in only.text
    answer = browser.post(place + "revoke-sessions/")
    assert answer.status_code == 303
    kinds = service.server.sql(
        f"SELECT DISTINCT kind FROM auth_tokens WHERE user_id = {user_id(service, 'other')} ORDER BY kind", "gatepass"
    )
    assert kinds.split() == ["api", "personal", "stream"]
    assert visitor(service).sign_in("other").status_code == 303

"""The console's session: its cookie, that every sign-in makes a new one, how it is ended, and how long it lives."""

import re

import pytest

from tests.conftest import NOW, Service, add_user
from tests.doors.console.pages_read import notice
from tests.doors.console.signed_in import (
    SAME_ORIGIN,
    Browser,
    enters,
    goes_to,
    is_sign_in,
    notice_for_next_page,
    signed_in,
    tokens_of,
    visitor,
)
from tests.doors.contract import MakeService
from tests.doors.kinds import KINDS, mint
from v1.auth.write_behind import WriteBehind

TOKEN = "gpc_[0-9A-Za-z]{46}"
PROFILE = "/console/profile/"


def is_in(browser: Browser) -> bool:
    answer = browser.get(PROFILE)
    assert answer.status_code == 200 or is_sign_in(answer)
    return answer.status_code == 200


@pytest.mark.parametrize(
    ("environment", "name", "secure"), [("development", "gatepass", ""), ("production", "__Host-gatepass", "Secure; ")]
)
def test_the_cookie_is_seen_by_no_script_sent_to_no_other_site_and_kept_by_no_browser(
    make_service: MakeService, environment: str, name: str, secure: str
) -> None:
    service = make_service(APP_ENV=environment, BCRYPT_COST="10")
    add_user(service.server, "admin")
    browser = visitor(service)
    first, language = browser.sign_in().headers.getlist("Set-Cookie")
    assert re.fullmatch(rf"{name}={TOKEN}; {secure}HttpOnly; Path=/; SameSite=Lax", first)
    assert re.fullmatch(rf"gatepass_language=; .*Max-Age=0; {secure}HttpOnly; Path=/; SameSite=Lax", language)
    assert is_in(browser)
    other = {"gatepass": "__Host-gatepass", "__Host-gatepass": "gatepass"}[name]
    headers = {"Cookie": f"{other}={browser.token}"}
    assert is_sign_in(service.app.test_client(use_cookies=False).get(PROFILE, headers=headers))
    gone = browser.post("/console/sign-out/").headers.getlist("Set-Cookie")
    assert re.fullmatch(rf"{name}_notice=\S+; .*Max-Age=60; {secure}HttpOnly; Path=/; SameSite=Lax", gone[0])
    assert re.fullmatch(rf"{name}=; .*Max-Age=0; {secure}HttpOnly; Path=/; SameSite=Lax", gone[1])


@pytest.mark.parametrize("kind", ["", "console", "mobile", "x", "gpc_" + "0" * 46, "a" * 40])
def test_every_sign_in_makes_a_session_of_its_own_whatever_cookie_came_along(service: Service, kind: str) -> None:
    """Who plants a cookie in somebody's browser must not know the session that its owner then has."""
    planted = mint(service, kind) if kind in KINDS else kind
    browser = visitor(service)
    if planted:
        browser.client.set_cookie("gatepass", planted)
    assert enters(browser, browser.sign_in())
    assert re.fullmatch(TOKEN, browser.token) and browser.token != planted and is_in(browser)
    thief = visitor(service)
    thief.client.set_cookie("gatepass", planted or "x")
    assert not is_in(thief)


def test_the_session_that_was_there_before_ends_whoever_it_was_of(service: Service) -> None:
    add_user(service.server, "other")
    for username in ("admin", "other"):
        first = signed_in(service, username)
        second = visitor(service)
        second.client.set_cookie("gatepass", first.token)
        second.sign_in()
        assert not is_in(first) and is_in(second)
    assert len(tokens_of(service, "console")) == 2
    assert goes_to(second.get("/console/sign-in/"), "/console/"), "whoever is in need not sign in"


def test_a_sign_in_that_fails_leaves_the_session_that_was_there(browser: Browser) -> None:
    token = browser.token
    for fields in ({"password": "wrong"}, {"username": ""}, {"password": ""}):
        assert browser.sign_in(**fields).status_code in (400, 403)
    assert browser.token == token and is_in(browser)


def test_signing_out_deletes_the_row_and_both_cookies(service: Service, browser: Browser) -> None:
    browser.post(PROFILE, language="tr")
    token = browser.token
    assert browser.client.get_cookie("gatepass_language")
    answer = browser.post("/console/sign-out/")
    assert goes_to(answer, "/console/sign-in/", "signed-out")
    assert tokens_of(service, "console") == [] and browser.token == ""
    assert browser.client.get_cookie("gatepass_language") is None
    assert notice(browser.get("/console/sign-in/")) == "You are signed out."
    browser.client.set_cookie("gatepass", token)
    assert not is_in(browser), "the text is worth nothing any more"


def test_a_get_signs_nobody_out(browser: Browser) -> None:
    for path in ("/console/sign-out/", "/console/sign-out"):
        assert browser.get(path).status_code == 405 and is_in(browser)


AGENTS = {"Mozilla/5.0 (Windows NT 10.0) Firefox/140.0": "Firefox, Windows", "curl/8": "curl/8", "": "Unknown"}


@pytest.mark.parametrize(("agent", "device"), AGENTS.items())
def test_its_device_is_the_browser_by_its_name_and_it_ends_after_half_an_hour(
    service: Service, agent: str, device: str
) -> None:
    fields = {"username": "admin", "password": "password"}
    visitor(service).client.post("/console/sign-in/", data=fields, headers=SAME_ORIGIN | {"User-Agent": agent})
    columns = "device_info, creation_time, expiry, remote_ip"
    assert tokens_of(service, "console", columns) == [f"{device}\t{NOW}\t{NOW + 1800}\t127.0.0.1"]


def look(browser: Browser, at: int) -> bool:
    """Open a page so many seconds after NOW; was it opened? What was noted of the use is written."""
    browser.service.clock.now = NOW + at
    answer = browser.get(PROFILE)
    browser.service.core.write_behind.write()
    return answer.status_code == 200


@pytest.fixture
def short(make_service: MakeService, monkeypatch: pytest.MonkeyPatch) -> Browser:
    """Signed in at NOW, for 300 seconds without a request and an hour in all."""
    monkeypatch.setattr(WriteBehind, "_start", lambda self: None)
    service = make_service(CONSOLE_IDLE_SECONDS="300", CONSOLE_SECONDS="3600")
    add_user(service.server, "admin")
    return signed_in(service)


def test_a_session_that_is_used_lives_on_to_the_last_second_and_no_further(short: Browser) -> None:
    assert all(look(short, at) for at in (*range(60, 3600, 60), 3599))
    assert not look(short, 3600)


def test_a_session_that_is_left_alone_is_dead(short: Browser) -> None:
    assert look(short, 299) and look(short, 598) and not look(short, 898)
    answer = short.get(PROFILE)
    assert is_sign_in(answer) and notice_for_next_page(answer) == "ended"
    assert notice(short.get(answer.headers["Location"])) == "Your session has ended. Please sign in again."
    assert short.sign_in().status_code == 303 and look(short, 899)


def test_a_session_lives_no_longer_idle_than_in_all(make_service: MakeService) -> None:
    service = make_service(CONSOLE_IDLE_SECONDS="3600", CONSOLE_SECONDS="300")
    add_user(service.server, "admin")
    browser = signed_in(service)
    assert look(browser, 299) and not look(browser, 300)


def test_a_server_that_asks_about_a_session_makes_it_live_no_longer(short: Browser) -> None:
    """Nor an app that looks at the list of sessions."""
    service = short.service
    kinds = ("api:introspect", "mobile")
    server, phone = ({"Authorization": f"Bearer {mint(service, kind)}"} for kind in kinds)
    for at in (100, 200, 299):
        service.clock.now = NOW + at
        asked = service.client.post("/v1/oauth/introspect/", headers=server, data={"token": short.token})
        assert asked.json["active"] is True and len(service.client.get("/v1/sessions/", headers=phone).json["data"]) > 1
        service.core.write_behind.write()
    assert not look(short, 300)

"""Activity: what happened to an account, for its user and for administrators, and signing a device out from there."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import NOW, Service, add_user
from tests.doors.console.pages_read import heading, rows
from tests.doors.console.signed_in import (
    Browser,
    Scene,
    administrator,
    goes_to,
    session_of,
    signed_in,
    tokens_of,
    user_id,
)
from tests.doors.kinds import mint
from v1.db.tables.events import Event
from v1.doors.console.wording import visible

PATH = "/console/activity/"


def happened(service: Service, times: int = 1, name: str = "admin", **fields: Any) -> None:
    """Add a row to the activity log of that user."""
    values: dict[str, Any] = {"time": NOW, "event": "login.ok", "user_id": user_id(service, name), **fields}
    service.core.tables.events.add({Event(**values): times})


def told(browser: Browser, path: str = PATH) -> list[str]:
    """What the page says happened, the latest first."""
    browser.service.core.write_behind.write()
    answer = browser.get(path)
    assert answer.status_code == 200
    return [row[0] for row in rows(answer, "Activity")[1:]]


APP, REVOKED = "MyApp/3.2", {"event": "token.revoked", "token_id": 9}
SAID = {
    "Signed in with the app MyApp/3.2 on Galaxy S24 Mobile app": {"door": "oauth", "device": "Galaxy S24", "app": APP},
    "Signed in with the app MyApp/3.2 Mobile app": {"door": "oauth", "device": "Unknown", "app": APP},
    "Signed in on curl/8.1 Management API": {"door": "apiops", "device": "curl/8.1", "app": "curl/8.1"},
    "Signed in on Firefox, Windows Web console": {"door": "console", "device": "Firefox, Windows"},
    "Signed in DeviceHive": {"door": "devicehive"},
    "Wrong password Mobile app": {"event": "login.failed", "door": "oauth", "reason": "password"},
    "Refused: the account is disabled": {"event": "login.failed", "reason": "disabled"},
    "Sign-in failed": {"event": "login.failed", "reason": "something new"},
    "Refused: too many tries": {"event": "login.throttled", "reason": "pair"},
    "API token nightly created": {"event": "token.issued", "device": "nightly", "reason": "api", "actor": "token 7"},
    "API token made here created by an operator": {"event": "token.created", "device": "made here", "actor": "root"},
    "API token renamed to weekly": {"event": "token.renamed", "device": "weekly", "reason": "personal"},
    "API token x revoked by an administrator": {**REVOKED, "device": "x", "reason": "personal", "actor": "user 999"},
    "Signed out: iPhone": {**REVOKED, "device": "iPhone", "reason": "mobile"},
    "Tokens revoked: 1 by a program with an API token": {"event": "token.revoked", "actor": "token 7"},
    "Password changed by an operator": {"event": "user.password_set", "actor": "root"},
    "Account enabled by an administrator": {"event": "user.enabled", "actor": "user 999"},
    "Profile saved": {"event": "profile.saved"},
    "of.a.later.release": {"event": "of.a.later.release"},
}


@pytest.mark.parametrize("sentence", SAID)
def test_each_event_is_told_in_plain_words(browser: Browser, sentence: str) -> None:
    fields: dict[str, Any] = SAID[sentence]
    happened(browser.service, time=NOW + 1, **fields)
    assert told(browser)[0] == sentence


def test_like_events_are_a_number(browser: Browser) -> None:
    happened(browser.service, 12, time=NOW + 1, event="login.failed", reason="password")
    happened(browser.service, 1200, time=NOW + 2, event="token.revoked", reason="limit")
    happened(browser.service, 5, time=NOW + 3, **REVOKED, reason="api", device="video")
    assert told(browser)[:3] == [
        "API token video revoked, with stream tokens: 4",
        "Signed out, as there were too many sessions: 1,200",
        "Wrong password 12 times",
    ]


def test_what_people_do_here_is_told_as_it_was(service: Service) -> None:
    add_user(service.server, "other")
    service.client.post("/v1/oauth/", data={"username": "admin", "password": "wrong", "device-info": "Pixel 9"})
    browser = signed_in(service)
    browser.post("/console/tokens/new/", name="nightly", expiration="30d")
    browser.post("/console/profile/", full_name="Ann")
    number = tokens_of(service, "personal")[0]
    browser.post(f"/console/tokens/{number}/revoke/")
    service.clock.now = NOW + 60
    found = sorted(told(browser))
    assert found[3].startswith("Signed in") and found[3].endswith("Web console")
    del found[3]
    assert found == [
        "API token nightly created",
        "API token nightly revoked",
        "Profile saved",
        "Wrong password Mobile app",
    ]
    assert [cell[1:3] for cell in rows(browser.get(PATH), "Activity")[1:2]] == [["127.0.0.1", "1 minute ago"]]


def test_a_name_that_was_typed_at_a_failed_sign_in_is_nowhere(service: Service) -> None:
    browser = administrator(service)
    for name in ("hunter2", "admin"):
        service.client.post("/v1/oauth/", data={"username": name, "password": "sesame-sesame"})
    assert told(browser).count("Wrong password Mobile app") == 1
    for path in (PATH, f"/console/users/{user_id(service)}/activity/", f"/console/users/{user_id(service)}/"):
        text = browser.get(path).text
        assert "hunter2" not in text and "sesame" not in text


def test_everybody_sees_their_own_alone(service: Service) -> None:
    happened(service, event="profile.saved", name="other")
    assert "Profile saved" not in told(signed_in(service))
    assert "Profile saved" in told(signed_in(service, "other"))


HOSTILE = ["<script>alert(1)</script>", "\u202egpj.exe", "W" * 200, "%(a)s % {{ 7*7 }}"]


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_names_of_devices_and_tokens_are_shown_as_text(service: Service, text: str) -> None:
    browser = administrator(service)
    happened(service, time=NOW + 1, device=text, app=text[:64], token_id=session_of(service, browser.token))
    happened(service, time=NOW + 2, event="token.issued", device=text[:100], reason="personal", actor=text[:64])
    number = user_id(service)
    for path in (PATH, f"/console/users/{number}/", f"/console/users/{number}/activity/"):
        answer = browser.get(path)
        assert "<script>alert" not in answer.text and "49" not in told(browser, path)[0]
        assert visible(text)[:60] in told(browser, path)[0]


def test_pages_are_bounded_and_a_wrong_one_is_not_found(service: Service, browser: Browser) -> None:
    for at in range(30):
        happened(service, time=NOW + 1 + at, event="profile.saved", address=f"192.0.2.{at}")
    listed = [row[1] for page in (1, 2) for row in rows(browser.get(f"{PATH}?page={page}"), "Activity")[1:]]
    assert listed[:30] == [f"192.0.2.{at}" for at in range(29, -1, -1)]
    assert "Nothing on this page" in browser.get(f"{PATH}?page=400").text
    for page in ("0", "401", "x", "-1", "%00", "9" * 30):
        answer = browser.get(f"{PATH}?page={page}")
        assert (answer.status_code, heading(answer)) == (404, "Page not found")


def test_it_says_how_long_it_is_kept_or_that_it_is_switched_off(make_service: Callable[..., Service]) -> None:
    for days, text in (("7", "Kept for 7 days."), ("0", "The activity log is switched off.")):
        service = make_service(EVENTS_DAYS=days)
        number = user_id(service, "admin")
        browser = administrator(service)
        for path in (PATH, f"/console/users/{number}/activity/", f"/console/users/{number}/"):
            assert text in browser.get(path).text
        service.core.write_behind.write()
    service.server.sql("DELETE FROM events", "gatepass")
    assert "Nothing yet" in browser.get(PATH).text


def test_a_live_sign_in_is_signed_out_from_here_and_the_way_leads_back(seen: Scene) -> None:
    service, browser = seen.browser.service, seen.browser
    fields = {"username": "admin", "password": "password", "device-info": "iPad"}
    answer = service.client.post("/v1/oauth/", data=fields)
    device = session_of(service, answer.json["data"]["access_token"])
    gone = mint(service, "mobile")
    happened(service, time=NOW + 1, device="gone", token_id=session_of(service, gone))
    service.core.write_behind.write()
    service.server.sql(f"DELETE FROM auth_tokens WHERE id = {session_of(service, gone)}", "gatepass")
    text = browser.get(PATH).text
    assert re.findall(r'action="/console/devices/(\d+)/sign-out/"', text) == [device]
    assert text.count("This one") == 1, "this session itself"
    path = f"/console/devices/{device}/sign-out/"
    assert goes_to(browser.post(path, back="activity", page="2"), f"{PATH}?page=2", "device-out")
    assert goes_to(browser.post(path, back="activity"), PATH, "device-gone")
    for back in ("", "https://evil.example/", "/console/users/", "devices"):
        assert goes_to(browser.post(path, back=back), "/console/devices/", "device-gone")
    assert told(browser)[0].startswith("Signed in on gone") and "Signed out: iPad" in told(browser)


def test_another_tokens_id_in_ones_own_log_offers_nothing(seen: Scene) -> None:
    happened(seen.browser.service, device="x", token_id=seen.ids["theirs"])
    assert f"/console/devices/{seen.ids['theirs']}/" not in seen.browser.get(PATH).text


def test_administrators_see_who_did_it_and_the_last_ten_on_the_users_page(seen: Scene) -> None:
    service, browser, other = seen.browser.service, seen.browser, seen.ids["user"]
    for at in range(12):
        happened(service, name="other", time=NOW + 1 + at, event="profile.saved", address=f"192.0.2.{at}")
    happened(service, name="other", time=NOW + 20, event="user.disabled", actor=f"user {user_id(service)}")
    happened(service, name="other", time=NOW + 21, event="user.enabled", actor="root")
    page, every = f"/console/users/{other}/", f"/console/users/{other}/activity/"
    assert len(told(browser, page)) == 10 and len(told(browser, every)) == 14
    for path in (page, every):
        by = [f"Account disabled by user {user_id(service)}", "Account enabled by the operator root"]
        assert told(browser, path)[:2] == by[::-1]
        assert f'<a href="/console/users/{user_id(service)}/">user {user_id(service)}</a>' in browser.get(path).text
    assert f'href="{every}"' in browser.get(page).text
    assert "/sign-out/" not in browser.get(every).text.split("<main")[1]


@pytest.mark.parametrize("number", ["0", "x", "2000000000", "%00", "9" * 11])
def test_nobodys_activity_is_not_found(seen: Scene, number: str) -> None:
    answer = seen.browser.get(f"/console/users/{number}/activity/")
    assert (answer.status_code, heading(answer)) == (404, "Page not found")
    assert seen.browser.post(f"/console/users/{seen.ids['user']}/activity/").status_code == 404

"""Devices: where somebody is signed in, page by page, and signing one or all others out."""

import pytest

from tests.conftest import NOW, Service, add_user
from tests.doors.console.pages_read import heading, notice, rows
from tests.doors.console.signed_in import (
    UNKNOWN,
    Browser,
    goes_to,
    is_sign_in,
    session_of,
    signed_in,
    tokens_of,
    user_id,
)
from tests.doors.kinds import KINDS, mint
from tests.numbers import numbers

PATH, GONE = "/console/devices/", ("/console/devices/", "device-gone")
WORDS = {
    **{"mobile": "Mobile app", "api": "Server's API token", "stream": "Stream", "jwt_access": "DeviceHive access"},
    **{"jwt_refresh": "DeviceHive session", "management": "Management API", "console": "Web console"},
}


def verify(service: Service, token: str) -> int:
    return service.client.get("/v1/verify/", headers={"Authorization": f"Token {token}"}).status_code


def phones(service: Service, number: int, username: str = "admin") -> None:
    """So many sessions of that user, the first of them used last."""
    service.server.sql(
        "INSERT INTO auth_tokens (auth_key, user_id, creation_time, expiry, last_access, device_info, remote_ip)"
        f" SELECT LEFT(SHA2(CONCAT('{username}', seq), 256), 40), {user_id(service, username)}, {NOW - 86_400},"
        f" {NOW + 86_400}, {NOW} - seq * 60, CONCAT('phone ', seq), '192.0.2.7' FROM {numbers(number)}",
        "gatepass",
    )


def test_each_session_is_shown_with_its_device_address_and_times_and_this_one_is_marked(service: Service) -> None:
    phones(service, 2)
    browser = signed_in(service)
    head, *shown = rows(browser.get(PATH))
    assert head == ["Device", "Signed in from", "First seen", "Last seen", "Action"]
    first, second, third = shown
    assert first[0].endswith("Web console This one") and first[1] == "127.0.0.1"
    assert second == ["phone 1 Mobile app", "192.0.2.7", "13 Nov 2023", "1 minute ago", "Sign out"]
    assert third[0] == "phone 2 Mobile app" and third[3] == "2 minutes ago"
    text = browser.get(PATH).text
    assert text.count("This one") == 1
    exact = "14 November 2023, 22:12:20 UTC"
    assert f'<time datetime="2023-11-14T22:12:20Z">1 minute ago<span> ({exact})</span></time>' in text
    assert 'aria-label="Sign out: phone 1"' in text


def test_every_kind_is_listed_in_words_but_personal_tokens_which_my_profile_has(
    service: Service, browser: Browser
) -> None:
    for kind in KINDS:
        mint(service, kind)
    shown = " / ".join(row[0] for row in rows(browser.get(PATH))[1:])
    assert [word for word in WORDS.values() if word not in shown] == []
    assert "Personal API token" not in shown and shown.count("This one") == 1
    assert "orders" in shown, "an API token's name"


@pytest.mark.parametrize("seconds", [-(2**63), -1, 2**63 - 1])
def test_a_time_that_can_be_none_is_shown_as_the_nearest_that_can(service: Service, seconds: int) -> None:
    phones(service, 1)
    service.server.sql(f"UPDATE auth_tokens SET creation_time = {seconds}, last_access = {seconds}", "gatepass")
    [row] = [row for row in rows(signed_in(service).get(PATH)) if row[0].startswith("phone 1")]
    assert row[2] == ("31 Dec 9999" if seconds > 0 else "1 Jan 1970")


def test_a_device_that_is_signed_out_is_refused_at_once(service: Service, browser: Browser) -> None:
    lost, kept = mint(service, "mobile"), mint(service, "mobile")
    path = f"{PATH}{session_of(service, lost)}/sign-out/"
    assert verify(service, lost) == 200
    answer = browser.post(path)
    assert goes_to(answer, PATH, "device-out") and (verify(service, lost), verify(service, kept)) == (401, 200)
    assert notice(browser.get(answer.headers["Location"])) == "The device was signed out."
    assert goes_to(browser.post(path), *GONE)
    assert notice(browser.get(GONE[0])) == "That device was signed out already."


def test_signing_this_one_out_leads_to_the_sign_in_page(browser: Browser) -> None:
    answer = browser.post(f"{PATH}{browser.session}/sign-out/")
    assert goes_to(answer, "/console/sign-in/", "signed-out") and is_sign_in(browser.get(PATH))
    assert browser.token == "", "the cookie goes as well"
    assert notice(browser.get(answer.headers["Location"])) == "You are signed out."


def test_anothers_session_is_gone_and_left_alone(service: Service) -> None:
    theirs = mint(service, "mobile")
    add_user(service.server, "other")
    other = signed_in(service, "other")
    for number in (session_of(service, theirs), str(UNKNOWN), "9999999999"):
        assert goes_to(other.post(f"{PATH}{number}/sign-out/"), *GONE)
    for number in ("0", "-1", "x", "01", "99999999999"):
        assert other.post(f"{PATH}{number}/sign-out/").status_code == 404
    assert verify(service, theirs) == 200 and len(tokens_of(service, "console")) == 1


def test_all_others_means_devices_and_spares_this_one_and_what_programs_hold(
    service: Service, browser: Browser
) -> None:
    phones(service, 2, "other")
    tokens = {kind: mint(service, kind) for kind in KINDS}
    asked = browser.get(f"{PATH}sign-out-others/")
    assert heading(asked) == "Sign all other devices out?" and verify(service, tokens["mobile"]) == 200
    answer = browser.post(f"{PATH}sign-out-others/")
    assert goes_to(answer, PATH, "others-out")
    assert notice(browser.get(answer.headers["Location"])) == "All other devices were signed out."
    left = {kind for kind, token in tokens.items() if session_of(service, token)}
    assert left == {"api:introspect", "api:revoke", "api:stream", "stream", "management", "personal"}
    assert tokens_of(service, "console") == [browser.session]
    assert len(tokens_of(service, "mobile")) == 2, "another user's"


def test_60_sessions_are_three_pages_each_of_them_on_one(service: Service) -> None:
    phones(service, 60)
    browser = signed_in(service)
    pages = [browser.get(f"{PATH}?page={number}") for number in (1, 2, 3, 4)]
    listed = [[row[0].removesuffix(" Mobile app") for row in rows(page)[1:]] for page in pages]
    assert [len(each) for each in listed] == [25, 25, 11, 0]
    assert listed[0][1:] + listed[1] + listed[2] == [f"phone {number}" for number in range(1, 61)]
    links = [[number for number in range(5) if f'href="{PATH}?page={number}"' in page.text] for page in pages]
    assert links == [[2], [1, 3], [2], [3]]
    assert "Nothing on this page" in pages[3].text and browser.get(PATH).data == pages[0].data


@pytest.mark.parametrize("number", ["0", "-1", "abc", "401", "9" * 11, "", "01", "1.5", "%D9%A1", "+1", "0&page=1"])
def test_an_unknown_page_is_not_found(service: Service, number: str) -> None:
    answer = signed_in(service).get(f"{PATH}?page={number}")
    assert (answer.status_code, heading(answer)) == (404, "Page not found")


def test_from_a_later_page_one_comes_back_to_it(service: Service) -> None:
    phones(service, 60)
    browser = signed_in(service)
    second = browser.get(f"{PATH}?page=2")
    assert second.text.count('<input type="hidden" name="page" value="2">') == 25
    number = tokens_of(service, "mobile")[-1]
    for page, query in (("2", "?page=2"), ("", ""), ("9" * 2000, ""), ("x", ""), ("-1", ""), ("\u0662", "")):
        answer = browser.post(f"{PATH}{number}/sign-out/", page=page)
        assert answer.headers["Location"] == PATH + query


def alike(service: Service, number: int, device: str = "iPhone") -> str:
    """So many sessions of one device and address; the id of the newest."""
    service.server.sql(
        "INSERT INTO auth_tokens (auth_key, user_id, creation_time, expiry, last_access, device_info, remote_ip,"
        f" user_agent) SELECT LEFT(SHA2(CONCAT('{device}', seq), 256), 40), {user_id(service)}, {NOW} - seq * 86400,"
        f" {NOW + 86_400}, {NOW} - seq, '{device}', '192.0.2.8', CONCAT('MyApp/', seq) FROM {numbers(number)}",
        "gatepass",
    )
    return max(tokens_of(service, "mobile"), key=int)


def test_sessions_of_one_device_and_address_are_one_row_which_signs_all_of_them_out(
    service: Service, browser: Browser
) -> None:
    newest, kept = alike(service, 30), mint(service, "mobile")
    page = browser.get(PATH)
    [row] = [row for row in rows(page) if row[0].startswith("iPhone")]
    assert row[0] == "iPhone Mobile app 30 sessions" and row[2:4] == ["15 Oct 2023", "just now"]
    assert len(rows(page)) == 4 and "MyApp/30" in page.text, "what the newest one's app called itself"
    answer = browser.post(f"{PATH}{newest}/sign-out/", alike="1")
    assert answer.status_code == 303 and notice(browser.get(answer.headers["Location"])) == "The device was signed out."
    assert len(tokens_of(service, "mobile")) == 1 and verify(service, kept) == 200
    again = browser.post(f"{PATH}{newest}/sign-out/", alike="1")
    assert notice(browser.get(again.headers["Location"])) == "That device was signed out already."


def test_a_row_of_ones_own_browser_keeps_this_session(service: Service, browser: Browser) -> None:
    others = [signed_in(service), signed_in(service)]
    tags = sorted(row[0] for row in rows(browser.get(PATH))[1:])
    assert [each.endswith(("This one", "2 sessions")) for each in tags] == [True, True]
    browser.post(f"{PATH}{others[1].session}/sign-out/", alike="1")
    assert tokens_of(service, "console") == [browser.session]
    assert is_sign_in(others[0].get(PATH)) and not is_sign_in(browser.get(PATH))


def test_without_a_group_only_the_one_is_signed_out(service: Service, browser: Browser) -> None:
    newest = alike(service, 3)
    browser.post(f"{PATH}{newest}/sign-out/")
    assert len(tokens_of(service, "mobile")) == 2


def test_anothers_group_is_left_alone(service: Service) -> None:
    newest = alike(service, 3)
    add_user(service.server, "other")
    answer = signed_in(service, "other").post(f"{PATH}{newest}/sign-out/", alike="1")
    assert answer.status_code == 303 and len(tokens_of(service, "mobile")) == 3

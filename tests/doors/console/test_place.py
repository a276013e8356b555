"""After a row of a list was removed, its user is where they were: on that page, at that row, and told of it there."""

import re

import pytest

from tests.conftest import Service
from tests.doors.console.pages_read import notice
from tests.doors.console.signed_in import Browser, administrator, goes_to, signed_in, tokens_of, user_id, visitor
from tests.doors.console.test_devices import phones
from v1.doors.console.paging import place_left

PROFILE, DEVICES = "/console/profile/", "/console/devices/"


def add_tokens(browser: Browser, number: int) -> list[str]:
    """Personal tokens of these names; their ids, in the order of the list."""
    owner = user_id(browser.service)
    values = f"{owner}, 'personal', 9, 4102444800, 0, '', ''"
    rows = ",".join(f"('key {each}', 'token {each}', {values})" for each in range(number))
    columns = "auth_key, name, user_id, kind, creation_time, expiry, last_access, device_info, remote_ip"
    browser.service.server.sql(f"INSERT INTO auth_tokens ({columns}) VALUES {rows}", "gatepass")
    return revoke_links(browser.get(PROFILE).text)


def revoke_links(text: str) -> list[str]:
    return re.findall(r'href="(/console/tokens/\d+/revoke/[^"]*)"', text)


def test_my_profile_pages_its_tokens_at_their_section_and_comes_back_there(browser: Browser) -> None:
    add_tokens(browser, 52)
    second = browser.get(f"{PROFILE}?page=2").text
    for page in (1, 3):
        assert f'href="{PROFILE}?page={page}#tokens"' in second
    assert 'href="/console/tokens/new/?page=2#new-token"' in second
    dialog = browser.get("/console/tokens/new/?page=2").text
    assert f'href="{PROFILE}?page=2#tokens" data-closes' in dialog and revoke_links(dialog) == revoke_links(second)
    link = revoke_links(second)[3]
    assert link.endswith("/revoke/?page=2")
    asked = browser.get(link)
    assert '<input type="hidden" name="page" value="2">' in asked.text
    assert f'<a class="button" href="{PROFILE}?page=2#tokens">Cancel</a>' in asked.text
    answer = browser.post(link.partition("?")[0], page="2")
    assert goes_to(answer, f"{PROFILE}?page=2#tokens", "token-revoked")
    page = browser.get(f"{PROFILE}?page=2")
    assert notice(page) and page.text.index('id="tokens"') < page.text.index('class="notice"')
    assert goes_to(browser.get(link), f"{PROFILE}?page=2#tokens", "token-gone")


def test_a_page_that_is_emptied_leads_to_the_last_one_with_rows(browser: Browser) -> None:
    add_tokens(browser, 51)
    (link,) = revoke_links(browser.get(f"{PROFILE}?page=3").text)
    assert goes_to(browser.post(link.partition("?")[0], page="3"), f"{PROFILE}?page=2#tokens", "token-revoked")
    browser.service.server.sql("DELETE FROM auth_tokens WHERE kind = 'personal'", "gatepass")
    assert goes_to(browser.post(link.partition("?")[0], page="2"), f"{PROFILE}#tokens", "token-gone")


def test_a_device_is_signed_out_at_its_row(service: Service) -> None:
    phones(service, 26)
    browser = signed_in(service)
    first, second = (browser.get(f"{DEVICES}?page={page}").text for page in (1, 2))
    assert re.findall(r'<tr role="row" id="row-(\d+)">', first) == [str(each) for each in range(1, 26)]
    assert re.findall(r'name="row" value="(\d+)"', second) == ["1", "2"]
    ids = re.findall(rf'action="{DEVICES}(\d+)/sign-out/"', first + second)
    assert goes_to(browser.post(f"{DEVICES}{ids[6]}/sign-out/", row="7"), f"{DEVICES}#row-7", "device-out")
    page = browser.get(DEVICES)
    before, after = page.text.split('class="notice"')
    assert notice(page) == "The device was signed out."
    assert 'id="row-6"' in before and 'id="row-7"' in after
    (last,) = re.findall(rf'action="{DEVICES}(\d+)/sign-out/"', browser.get(f"{DEVICES}?page=2").text)
    assert goes_to(browser.post(f"{DEVICES}{last}/sign-out/", page="2", row="1"), f"{DEVICES}#row-25", "device-out")
    assert goes_to(browser.post(f"{DEVICES}{last}/sign-out/", page="2", row="1"), f"{DEVICES}#row-25", "device-gone")


def test_an_administrator_comes_back_to_the_page_of_that_users_list(service: Service) -> None:
    phones(service, 30, "other")
    browser, place = administrator(service), f"/console/users/{user_id(service, 'other')}/"
    number = tokens_of(service, "mobile")[-1]
    text = browser.get(f"{place}?page=2").text
    assert f'action="{place}sessions/{number}/revoke/"' in text and 'name="page" value="2"' in text
    path = f"{place}sessions/{number}/revoke/"
    assert goes_to(browser.post(path, page="2", row="5"), f"{place}?page=2#row-4", "revoked")
    assert notice(browser.get(f"{place}?page=2")) == "The token was revoked. It is refused from now on."


NO_PLACE = ["", "x", "-1", "0", "1.5", "9" * 2000, "\u0662", "<script>", "1\r\nX: y", "1#x", "1&done=x"]


@pytest.mark.parametrize("text", NO_PLACE, ids=ascii)
def test_what_can_be_no_place_leads_to_the_list(service: Service, text: str) -> None:
    phones(service, 3)
    browser = visitor(service)
    browser.sign_in()
    number = tokens_of(service, "mobile")[0]
    answer = browser.post(f"{DEVICES}{number}/sign-out/", page=text, row=text)
    assert goes_to(answer, DEVICES, "device-out")
    assert notice(browser.get(DEVICES)) == "The device was signed out."


def test_a_notice_whose_row_is_gone_meanwhile_is_told_at_the_top(service: Service) -> None:
    phones(service, 3)
    browser = signed_in(service)
    number = tokens_of(service, "mobile")[0]
    assert goes_to(browser.post(f"{DEVICES}{number}/sign-out/", row="3"), f"{DEVICES}#row-3", "device-out")
    service.server.sql("DELETE FROM auth_tokens WHERE kind = 'mobile'", "gatepass")
    page = browser.get(DEVICES)
    assert notice(page) and page.text.index('class="notice"') < page.text.index("<h1>")


@pytest.mark.parametrize(
    ("place", "total", "left"),
    [
        ((0, 0), 0, ("", "")),
        ((0, 3), 2, ("", "row-2")),
        ((1, 1), 0, ("", "")),
        ((2, 1), 25, ("", "row-25")),
        ((2, 0), 25, ("", "")),
        ((2, 1), 26, (2, "row-1")),
        ((399, 25), 60, (3, "row-10")),
        ((400, 999), 10_000, (400, "row-25")),
        ((999, 1), 10_000, (400, "row-25")),
    ],
)
def test_the_place_that_is_left(place: tuple[int, int], total: int, left: tuple[object, str]) -> None:
    assert place_left(place, lambda limit: min(total, limit)) == left

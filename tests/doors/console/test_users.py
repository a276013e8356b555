"""The list of users and the page of one: who is found by what was typed, in which order and on which page."""

import pytest

from tests.conftest import COST_4, NOW, Service, add_user
from tests.doors.console.pages_read import heading, rows, value
from tests.doors.console.signed_in import Browser, administrator, user_id
from tests.numbers import numbers

PATH = "/console/users/"


@pytest.fixture
def browser(service: Service) -> Browser:
    return administrator(service)


def found(browser: Browser, search: str, page: str = "1") -> list[str]:
    answer = browser.client.get(PATH, query_string={"search": search, "page": page})
    assert answer.status_code == 200 and value(answer, "search") == search.strip()
    return [row[0] for row in rows(answer)[1:]]


def test_the_list_tells_the_number_since_when_the_role_and_the_status(service: Service, browser: Browser) -> None:
    out = add_user(service.server, "out", "!" + COST_4)
    service.server.sql("UPDATE users SET creation_time = '2023-01-31 12:00:00'", "gatepass")
    head, *listed = rows(browser.get(PATH))
    assert head == ["Username", "Number", "Since", "Role", "Status"]
    assert listed == [
        ["admin", str(user_id(service)), "31 Jan 2023", "Administrator", "Enabled"],
        ["out", str(out), "31 Jan 2023", "User", "Disabled"],
    ]


@pytest.mark.parametrize(
    ("search", "names"),
    [
        ("", ["100%", "admin", "ann", "Anna", "jürgen"]),
        ("  AN ", ["ann", "Anna"]),
        ("nn", []),
        ("%", []),
        ("jurg", ["jürgen"]),
        ("x" * 5000, []),
        ("ann\0", []),
        ("📱", []),
    ],
    ids=ascii,
)
def test_the_names_that_begin_with_what_was_typed_are_found_as_the_column_compares_them(
    service: Service, browser: Browser, search: str, names: list
) -> None:
    for name in ("ann", "Anna", "100%", "jürgen"):
        add_user(service.server, name)
    assert sorted(found(browser, search)) == sorted(names)


def test_nobody_found_says_what_to_do(browser: Browser) -> None:
    answer = browser.get(PATH + "?search=<b>")
    assert "Nobody found" in answer.text and "Try fewer letters." in answer.text and "<b>" not in answer.text
    assert '<a class="button" href="/console/users/">Show all</a>' in answer.text
    assert browser.client.get(PATH + "?search=%FF%FE").status_code == 200


def test_60_users_are_three_pages_in_the_order_of_their_names(service: Service, browser: Browser) -> None:
    columns = "username, password, creation_time, remote_ip"
    rest = f"'x', NOW(), '' FROM {numbers(60)}"
    service.server.sql(f"INSERT INTO users ({columns}) SELECT CONCAT('u&', LPAD(seq, 3, '0')), {rest}", "gatepass")
    pages = [found(browser, "u&", str(number)) for number in (1, 2, 3, 4)]
    assert [len(each) for each in pages] == [25, 25, 10, 0]
    assert pages[0] + pages[1] + pages[2] == [f"u&{number:03}" for number in range(1, 61)]
    assert 'href="/console/users/?search=u%26&amp;page=2"' in browser.get(PATH + "?search=u%26").text
    assert found(browser, "", "3")[-1] == "u&060" and found(browser, "")[0] == "admin"


def test_the_page_of_one_tells_who_they_are_and_what_they_hold(service: Service, browser: Browser) -> None:
    other = add_user(service.server, "other")
    service.server.sql(
        f"INSERT INTO profiles (user_id, full_name, email) VALUES ({other}, '<b>Ann</b>', 'ann@example.org');"
        " INSERT INTO auth_tokens (auth_key, user_id, creation_time, expiry, last_access, device_info, kind, remote_ip)"
        f" SELECT LEFT(SHA2(seq, 256), 40), {other}, {NOW - 60}, {NOW + 60}, {NOW - 1} - seq, CONCAT('phone ', seq),"
        f" IF(seq = 30, 'personal', 'mobile'), '192.0.2.7' FROM {numbers(30)}",
        "gatepass",
    )
    first, second = (browser.get(f"{PATH}{other}/?page={page}") for page in (1, 2))
    assert heading(first) == "other" and "&lt;b&gt;Ann&lt;/b&gt;" in first.text and "ann@example.org" in first.text
    listed = rows(first)[1:] + rows(second)[1:]
    assert [row[0] for row in listed][::29] == ["phone 1 Mobile app", "phone 30 Personal API token"]
    assert (len(listed), listed[0][1], listed[0][5]) == (30, "192.0.2.7", "Revoke")
    assert "This one" not in first.text and '<html lang="en"' in first.text, "it is the administrator's language"
    own = browser.get(f"{PATH}{user_id(service)}/")
    assert "This one" in own.text and f"{PATH}{user_id(service)}/disable/" not in own.text
    none = browser.get(f"{PATH}{add_user(service.server, 'new')}/")
    assert "This user is not signed in anywhere." in none.text and "revoke-all" not in none.text


@pytest.mark.parametrize("number", ["0", "-1", "x", "01", "2147483000", "9999999999", "9" * 11, "%D9%A1", "1%00"])
def test_one_that_there_is_not_is_not_found(browser: Browser, number: str) -> None:
    answer = browser.get(f"{PATH}{number}/")
    assert (answer.status_code, heading(answer)) == (404, "Page not found")
    assert browser.get(f"{PATH}{number}/disable/").status_code == 404
    for path in ("/disable/", "/enable/", "/revoke-all/", "/sessions/1/revoke/"):
        assert browser.post(f"{PATH}{number}{path}").status_code == 404

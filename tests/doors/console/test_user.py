"""The page of one user, as an administrator sees it."""

import pytest

from tests.conftest import NOW, Service, add_user
from tests.doors.console.pages_read import heading, rows
from tests.doors.console.signed_in import Browser, administrator, user_id
from tests.numbers import numbers

PATH = "/console/users/"


@pytest.fixture
def browser(service: Service) -> Browser:
    return administrator(service)


def test_the_page_of_one_tells_who_they_are_and_what_they_hold(service: Service, browser: Browser) -> None:
    other = add_user(service.server, "other")
    service.server.sql(
        f"INSERT INTO profiles (user_id, full_name, email, language) VALUES ({other}, '<b>Ann</b>', 'ann@example.org',"
        " 'tr');"
        " INSERT INTO auth_tokens (auth_key, user_id, creation_time, expiry, last_access, device_info, kind, remote_ip)"
        f" SELECT LEFT(SHA2(seq, 256), 40), {other}, {NOW - 60}, {NOW + 60}, {NOW - 1} - seq, CONCAT('phone ', seq),"
        f" IF(seq = 30, 'personal', 'mobile'), '192.0.2.7' FROM {numbers(30)}",
        "gatepass",
    )
    first, second = (browser.get(f"{PATH}{other}/?page={page}") for page in (1, 2))
    assert heading(first) == "other" and "&lt;b&gt;Ann&lt;/b&gt;" in first.text and "ann@example.org" in first.text
    listed = rows(first)[1:] + rows(second)[1:]
    assert [row[0] for row in listed][::29] == ["phone 1 Mobile app", "phone 30 Personal API token"]
    assert (len(listed), listed[0][1], listed[0][4]) == (30, "192.0.2.7", "Revoke")
    assert "This one" not in first.text and '<html lang="en"' in first.text, "it is the administrator's language"
    own = browser.get(f"{PATH}{user_id(service)}/")
    assert "This one" in own.text and f"{PATH}{user_id(service)}/disable/" not in own.text
    none = browser.get(f"{PATH}{add_user(service.server, 'new')}/")
    assert "This user is not signed in anywhere." in none.text and "revoke-all" not in none.text


@pytest.mark.parametrize("number", ["0", "-1", "x", "01", "2147483000", "9999999999", "9" * 11, "%D9%A1", "1%00"])
def test_an_unknown_user_is_not_found(browser: Browser, number: str) -> None:
    answer = browser.get(f"{PATH}{number}/")
    assert (answer.status_code, heading(answer)) == (404, "Page not found")
    assert browser.get(f"{PATH}{number}/disable/").status_code == 404
    for path in ("/disable/", "/enable/", "/revoke-all/", "/sessions/1/revoke/"):
        assert browser.post(f"{PATH}{number}{path}").status_code == 404

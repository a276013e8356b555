"""App versions: which apps people signed in with lately, and the way from each to its users."""

import re
from html import unescape

import pytest

from tests.conftest import NOW, Service, add_user
from tests.doors.console.pages_read import heading, rows
from tests.doors.console.signed_in import Browser, administrator
from tests.numbers import numbers

PATH = "/console/apps/"


@pytest.fixture
def browser(service: Service) -> Browser:
    browser = administrator(service)
    service.core.write_behind.write()
    service.server.sql("DELETE FROM events", "gatepass")
    return browser


def sign_ins(service: Service, *rows: tuple[int, str, int], event: str = "login.ok") -> None:
    """Rows of user, app and times; each an hour before the one before."""
    values = [f"({NOW - at * 3600}, '{event}', {user}, '{app}', {times})" for at, (user, app, times) in enumerate(rows)]
    service.server.sql(f"INSERT INTO events (time, event, user_id, app, times) VALUES {', '.join(values)}", "gatepass")


def test_versions_are_sorted_as_numbers_and_tell_logins_share_users_and_the_last(
    service: Service, browser: Browser
) -> None:
    sign_ins(service, (1, "My/3.9", 1), (2, "My/3.10", 3), (1, "my/3.10", 1), (1, "", 2), (3, "An/2.0-beta", 1))
    sign_ins(service, (1, "My/3.9", 500), event="login.failed")
    page = browser.get(PATH)
    head, *listed = rows(page)
    assert heading(page) == "App versions" and head == ["App", "Logins", "Share", "Users", "Last login"]
    assert [[row[0].lower(), *row[1:]] for row in listed] == [
        ["an 2.0-beta", "1", "12%", "1", "4 hours ago"],
        ["my 3.9", "1", "12%", "1", "just now"],
        ["my 3.10", "4", "50%", "2", "1 hour ago"],
        ["browsers and others", "2", "25%", "1", "3 hours ago"],
    ]
    assert "Of all 8 logins in the activity log" in page.text


def test_each_leads_to_its_users(service: Service, browser: Browser) -> None:
    ann, ben = (add_user(service.server, name) for name in ("ann", "ben"))
    gone = 2_000_000_000
    sign_ins(service, (ann, "My/3.9", 1), (ben, "My/3.10", 3), (ann, "A&<b>+%/1", 1), (ben, "", 1), (gone, "", 1))
    links = re.findall(r'class="row" href="([^"]+)"', browser.get(PATH).text)
    found = {unescape(link): [row[0] for row in rows(browser.get(unescape(link)))[1:]] for link in links}
    assert found == {
        "/console/users/?app=A%26%3Cb%3E%2B%25/1": ["ann"],
        "/console/users/?app=My/3.9": ["ann"],
        "/console/users/?app=My/3.10": ["ben"],
        "/console/users/?app=-": ["ben"],
    }
    page = browser.get("/console/users/?app=My/3.9")
    assert "Among the newest 20,000 logins." in page.text
    assert "Nobody found" in browser.get("/console/users/?app=My/3").text
    assert "Nobody found" in browser.get("/console/users/?app=My/3.9&search=ben").text


def test_only_the_newest_20000_sign_ins_are_read(service: Service, browser: Browser) -> None:
    service.server.sql(
        "INSERT INTO events (time, event, user_id, app)"
        f" SELECT {NOW - 30_000} + seq, 'login.ok', seq, IF(seq = 1, 'Old/1', 'New/2') FROM {numbers(20_001)}",
        "gatepass",
    )
    page = browser.get(PATH)
    assert [row[:4] for row in rows(page)[1:]] == [["New 2", "20,000", "100%", "20,000"]]
    assert "Of the newest 20,000 logins; the first of them:" in page.text and "8 hours ago" in page.text
    assert "Nobody found" in browser.get("/console/users/?app=Old/1").text


def test_of_many_apps_the_most_used_are_listed(service: Service, browser: Browser) -> None:
    service.server.sql(
        "INSERT INTO events (time, event, user_id, app, times)"
        f" SELECT {NOW}, 'login.ok', 1, CONCAT('App/', seq), seq FROM {numbers(300)}",
        "gatepass",
    )
    page = browser.get(PATH)
    names = [row[0] for row in rows(page)[1:]]
    assert names == [f"App {version}" for version in range(101, 301)]
    assert rows(page)[1][2] == "<1%"
    assert "The 200 versions with the most logins are listed." in page.text


def test_without_a_sign_in_the_page_says_so(browser: Browser) -> None:
    page = browser.get(PATH)
    assert page.status_code == 200 and "No logins yet" in page.text


def test_the_page_is_linked_from_users_and_overview(browser: Browser) -> None:
    for path in ("/console/users/", "/console/overview/"):
        assert 'href="/console/apps/"' in browser.get(path).text


def test_a_browser_and_an_app_that_sign_in_are_listed(service: Service, browser: Browser) -> None:
    for agent in ("MyApp/3.2 (Android 15)", "Mozilla/5.0 (X11)"):
        service.client.post(
            "/v1/oauth/", data={"username": "admin", "password": "password"}, headers={"User-Agent": agent}
        )
    service.core.write_behind.write()
    assert [row[0] for row in rows(browser.get(PATH))[1:]] == ["MyApp 3.2", "Browsers and others"]

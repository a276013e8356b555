"""The console does all it does without JavaScript: the whole path of a person, and an administrator's."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.console import (
    NEW_PASSWORD,
    OWNER,
    Console,
    beside,
    fill_token,
    heading,
    new_token,
    notice,
    press,
    row,
    rows,
)

pytestmark = pytest.mark.usefixtures("curl")


def test_the_whole_path_of_a_person(console: Console) -> None:
    console.pages.allow(400, 403)
    page = console.page(javascript=False)
    sign_in_wrongly_and_rightly(page)
    refused_and_made(console, page)

    phone, other = console.phone("Lost phone"), console.phone("Other phone")
    press(page, "Devices", "link")
    press(page, "Sign out: Lost phone")
    assert notice(page) == "The device was signed out." and console.verify(phone) == 401
    press(page, "Sign out all others", "link")
    press(page, "Sign out all others")
    assert notice(page) == "All other devices were signed out." and console.verify(other) == 401

    elsewhere = console.signed_in(javascript=False)
    page.goto("/console/profile/")
    for label, value in {"Current password": "password", "New password": NEW_PASSWORD}.items():
        page.get_by_label(label, exact=True).fill(value)
    page.get_by_label("New password again").fill(NEW_PASSWORD)
    press(page, "Change password")
    assert notice(page) == "Your password was changed, and every other device was signed out."
    elsewhere.reload()
    assert heading(elsewhere) == "Sign in to Gatepass"

    for label, language, save in (("Preferred Language", "tr", "Save"), ("Tercih edilen dil", "en", "Kaydet")):
        page.get_by_label(label).select_option(language)
        press(page, save)
        assert page.locator("html").get_attribute("lang") == language
    page.get_by_label("Menu of ayse").click()
    press(page, "Sign out")
    assert (heading(page), notice(page)) == ("Sign in to Gatepass", "You are signed out.")
    page.go_back()
    assert heading(page) == "Sign in to Gatepass" and OWNER not in page.content()


def sign_in_wrongly_and_rightly(page: Page) -> None:
    page.goto("/console/")
    for password in ("", "wrong", "password"):
        page.get_by_label("Username").fill(OWNER)
        page.get_by_label("Password").fill(password)
        press(page, "Sign in")
        if not password:
            assert beside(page, "password") == "Enter your password."
        elif password == "wrong":
            assert page.get_by_role("alert").inner_text() == "The username or the password is wrong."
    assert heading(page) == "My Profile"


def refused_and_made(console: Console, page: Page) -> None:
    """Tokens: with dates that will not do, with one that will, used and revoked."""
    press(page, "Create API Token", "link")
    for expiration, date, said in (
        ("Custom", "2001-01-01", "The date must lie ahead."),
        ("Custom", "", "Choose a date."),
        ("30 days", "2999-01-01", "A date is for Custom only: choose it, or leave the date empty."),
    ):
        fill_token(page, "backup", expiration, date)
        assert beside(page, "date") == said
        page.get_by_label("Expiration Date").fill("")
    press(page, "Cancel", "link")
    assert not page.get_by_label("Token Name").is_visible()

    token = new_token(page, "backup", "Custom", "2999-01-01")
    expect(page.get_by_role("button", name="Copy")).not_to_be_visible()  # as it would do nothing
    assert "It is good until 1 January 2999, 23:59:59 UTC." in page.locator("main").inner_text()
    assert console.hello(token) == 200
    press(page, "Done", "link")
    assert token not in page.content()
    press(page, "Create API Token", "link")
    fill_token(page, "Backup", "Never")
    assert beside(page, "name") == "You have a live token of this name. Choose another name."
    row(page, "backup").get_by_role("link", name="Revoke").click()
    press(page, "Revoke")
    assert notice(page) == "The token was revoked. It is refused from now on." and console.hello(token) == 401


def test_the_path_of_an_administrator(console: Console) -> None:
    console.add("boss", is_admin=True)
    phone = console.phone("Phone")
    page = console.signed_in("boss", javascript=False)
    assert heading(page) == "Overview" and page.locator(".chart").count() == 2
    page.get_by_text("Show the numbers").first.click()
    assert len(rows(page, "In numbers")) == 24
    press(page, "7 days", "link")
    page.get_by_text("Show the numbers").first.click()
    assert len(rows(page, "In numbers")) == 28
    page.get_by_role("navigation").get_by_role("link", name="Users").click()
    page.get_by_label("Search", exact=True).fill("ay")
    press(page, "Search")
    assert [name for name, *_ in rows(page, "Users")] == [OWNER]
    press(page, OWNER, "link")
    press(page, "Disable", "link")
    press(page, "Disable")
    assert notice(page) == "The user was disabled, and every token of theirs revoked."
    assert console.verify(phone) == 401

"""A person can do everything in the console by keyboard alone, and always sees where the focus is."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.console import NEW_PASSWORD, OWNER, Console, heading, notice, shown_token
from tests.e2e.console_keys import go, reach, write

pytestmark = pytest.mark.usefixtures("curl")


def test_the_whole_path(console: Console) -> None:
    console.pages.allow(400, 403)
    phone, other, page = console.phone("Lost phone"), console.phone("Other phone"), console.page()
    page.goto("/console/")
    for password in ("wrong", "password"):
        write(page, "Username", OWNER)
        write(page, "Password", password)
        with page.expect_navigation():
            page.keyboard.press("Enter")
    assert heading(page) == "My Profile"

    token = made_token(page)
    assert console.hello(token) == 200
    go(page, "Done")
    go(page, "Revoke: backup")
    go(page, "Revoke", "Space")
    assert notice(page) == "The token was revoked. It is refused from now on." and console.hello(token) == 401

    go(page, "Devices")
    go(page, "Sign out: Lost phone")
    assert notice(page) == "The device was signed out." and console.verify(phone) == 401
    go(page, "Sign out all others")
    go(page, "Sign out all others")
    assert notice(page) == "All other devices were signed out." and console.verify(other) == 401

    go(page, "My Profile")
    change_password(page)
    switch_language(page)
    reach(page, "Menu of ayse")
    page.keyboard.press("Enter")
    go(page, "Sign out", "Space")
    assert notice(page) == "You are signed out."


def made_token(page: Page) -> str:
    """A token, after a date that will not do; its text."""
    reach(page, "Create API Token")
    page.keyboard.press("Enter")
    page.keyboard.type("backup")  # the name has the focus
    reach(page, "Expiration")
    page.keyboard.type("Cu")
    reach(page, "Expiration Date")
    page.keyboard.type("01012001")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_label("Expiration Date")).to_be_focused()  # where something is wrong
    page.keyboard.type("01012999")
    go(page, "Create", "Space")
    reach(page, "Copy")
    page.keyboard.press("Space")
    expect(page.get_by_role("status")).to_have_text("Copied")
    return shown_token(page)


def change_password(page: Page) -> None:
    write(page, "Current password", "password")
    write(page, "New password", NEW_PASSWORD)
    write(page, "New password again", NEW_PASSWORD)
    reach(page, "Sign all my other devices out")
    page.keyboard.press("Space")
    go(page, "Change password")
    assert notice(page) == "Your password was changed."


def switch_language(page: Page) -> None:
    for label, language, save in (("Preferred Language", "tr", "Save"), ("Tercih edilen dil", "en", "Kaydet")):
        reach(page, label)
        page.keyboard.press("End" if language == "tr" else "ArrowUp")
        go(page, save)
        assert page.locator("html").get_attribute("lang") == language

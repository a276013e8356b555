"""Where the focus goes on the keyboard: past the head of a page, into a menu and a dialog and out again."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.console import Console
from tests.e2e.console_keys import focused, reach, step


@pytest.fixture
def page(console: Console) -> Page:
    """My Profile, of somebody who came with the keyboard."""
    return console.signed_in()


def test_the_first_step_on_a_page_skips_to_its_content(page: Page) -> None:
    assert step(page) == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    assert page.url.endswith("#main")
    step(page)
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_the_menu_opens_by_either_key_and_closes_with_escape(page: Page, key: str) -> None:
    reach(page, "Menu of ayse")
    page.keyboard.press(key)
    assert [step(page) for _ in range(5)] == ["My Profile", "API tokens", "Devices", "Activity", "Sign out"]
    page.keyboard.press("Escape")
    assert not page.locator("details.menu > div").is_visible()
    assert focused(page)["name"] == "Menu of ayse"
    assert step(page, "Shift+Tab") == "Activity"  # of the navigation, which stands before it


@pytest.mark.parametrize("end", ["Escape", "Cancel"])
def test_the_dialog_takes_the_focus_keeps_it_and_gives_it_back(page: Page, end: str) -> None:
    reach(page, "Create API Token")
    page.keyboard.press("Enter")
    assert focused(page)["name"] == "Token Name"
    for key in ("Tab", "Shift+Tab"):
        for _ in range(12):  # more than there are
            step(page, key)
            at = focused(page)
            assert at["dialog"] or at["tag"] == "BODY"
    if end == "Cancel":
        reach(page, "Cancel")
    page.keyboard.press("Escape" if end == "Escape" else "Enter")
    assert not page.get_by_role("dialog").is_visible()
    assert focused(page)["name"] == "Create API Token"


def test_a_dialog_with_an_error_is_left_for_the_page(page: Page, console: Console) -> None:
    """It came with the page, so that nothing had the focus before it."""
    console.pages.allow(400)
    page.goto("/console/tokens/new/")
    assert focused(page)["name"] == "Token Name"
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_label("Token Name")).to_be_focused()
    with page.expect_navigation(url="**/console/profile/#tokens"):
        page.keyboard.press("Escape")
    assert not page.get_by_role("dialog").is_visible()
    reach(page, "Create API Token")

"""The console on a phone: the navigation in one line, and rows of two lines that can be tapped wherever one likes."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.console import Console, notice
from tests.e2e.console_data import ADMINISTRATOR, OWNER


def top(locator: Locator) -> float:
    box = locator.bounding_box()
    assert box is not None
    return box["y"]


@pytest.mark.parametrize("who", [ADMINISTRATOR, OWNER])
@pytest.mark.parametrize("width", [360, 390])
def test_the_navigation_is_one_line_in_turkish_too(full_console: Console, who: str, width: int) -> None:
    page = full_console.signed_in(who, size="phone", locale="tr-TR")
    page.set_viewport_size({"width": width, "height": 800})
    links = page.locator("header nav a")
    assert links.count() == 3 and len({top(link) for link in links.all()}) == 1
    assert page.evaluate("document.scrollingElement.scrollWidth") == width


def lines(page: Page, row: Locator) -> float:
    """The height of the row in lines of text."""
    height = float(row.evaluate("row => row.getBoundingClientRect().height"))
    return height / float(page.evaluate("parseFloat(getComputedStyle(document.body).lineHeight)"))


@pytest.mark.usefixtures("curl")
def test_a_tap_anywhere_on_a_row_opens_its_details_and_they_sign_it_out(full_console: Console) -> None:
    phone = full_console.phone("Nokia 3310", OWNER)
    page = full_console.signed_in(OWNER, size="phone")
    page.goto("/console/devices/")
    row = page.locator("tbody tr").filter(has_text="Nokia 3310")
    button = row.get_by_role("button", name="Sign out")
    assert lines(page, row) < 3.5 and not button.is_visible()
    box = row.bounding_box()
    assert box is not None
    page.touchscreen.tap(box["x"] + box["width"] - 8, box["y"] + box["height"] - 8)
    expect(button).to_be_visible()
    expect(row.get_by_text("User agent")).to_be_visible()
    button.tap()
    page.wait_for_load_state()
    assert notice(page) == "The device was signed out." and full_console.verify(phone) == 401

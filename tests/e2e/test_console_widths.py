"""Pins that no page of the console is wider than its window, however small or wide that is."""

from playwright.sync_api import Page

from tests.e2e.console import Console
from tests.e2e.console_data import Filled
from tests.e2e.console_states import states

WIDTHS = (320, 390, 720, 820, 961, 1440, 2560)
"""Of phones to wide screens. 720: what a window of 1440 is to a page zoomed to 200%; 961: as narrow as tables get."""

WIDER = """(width) => [...document.querySelectorAll("body *")].filter((each) => {
    const box = each.getBoundingClientRect();
    if (each.closest(".scroll > *, .clip > *, .cards thead, .hidden, .skip") || !each.checkVisibility()) return false;
    return box.width && (box.right > width + 0.5 || box.left < -0.5);
}).map((each) => each.outerHTML.slice(0, 80)).slice(0, 3).concat(
    document.scrollingElement.scrollWidth > width ? [`the page: ${document.scrollingElement.scrollWidth}`] : [])"""
"""What reaches out of a window of that width, but for what is scrolled or cut on purpose."""


def wider(page: Page, width: int) -> list[str]:
    height = page.viewport_size and page.viewport_size["height"] or 900
    page.set_viewport_size({"width": width, "height": height})
    found: list[str] = page.evaluate(WIDER, width)
    return [f"at {width}: {each}" for each in found]


def test_no_page_is_wider_than_its_window(full_console: Console, filled: Filled) -> None:
    """In Turkish, whose words are the longer ones."""
    found = {}
    for state, page in states(full_console, filled, locale="tr-TR"):
        found[state] = [each for width in WIDTHS for each in wider(page, width)]
    wrong = [f"{state} {each}" for state, all_of_it in found.items() for each in all_of_it]
    assert len(found) > 25 and not wrong, "\n".join(wrong)

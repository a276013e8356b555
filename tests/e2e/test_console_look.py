"""No page of the console has a barrier that axe finds, or is wider than its window.

`PICTURES=var/pictures` keeps a picture of each: dark and in Turkish on a phone, light and in English on a desktop.
"""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.e2e.browser import axe
from tests.e2e.console import Console
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


def barriers(page: Page, name: str) -> list[str]:
    if place := os.environ.get("PICTURES"):
        page.screenshot(path=Path(place) / f"{name.replace('/', '')[:80]}.png", full_page=True, animations="disabled")
    return axe(page)


def wider_from_the_right(page: Page, name: str) -> list[str]:
    """As `wider`, if the language ran from right to left."""
    page.evaluate("document.documentElement.dir = 'rtl'")
    return wider(page, name)


def wider(page: Page, name: str) -> list[str]:
    found: dict[int, list[str]] = {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        found[width] = page.evaluate(WIDER, width)
    return [f"at {width}: {each}" for width, all_of_it in found.items() for each in all_of_it]


@pytest.mark.parametrize(
    "wrong, size, theme, locale",
    [
        (barriers, "phone", "dark", "tr-TR"),
        (barriers, "desktop", "light", "en-US"),
        (wider, "desktop", "light", "tr-TR"),  # whose words are the longer ones
        (wider_from_the_right, "desktop", "light", "en-US"),
    ],
)
def test_nothing_is_wrong_with_any_page(full_console: Console, wrong, size: str, theme: str, locale: str) -> None:
    found = {}
    for state, page in states(full_console, size=size, theme=theme, locale=locale):
        found[state] = wrong(page, f"{size} {state}")
    assert len(found) > 30 and not any(found.values()), found
